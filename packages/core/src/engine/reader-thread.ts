import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import type { Channel } from '../channel/channel.js'
import { type ChannelSet, channelSet } from '../channel/channel-set.js'
import { problemOf } from '../errors/index.js'
import { RuleMatcher } from '../rule/runtime/matcher.js'
import { readBatch } from './read-batch.js'
import type { ReaderReply, ReaderRequest, ReaderSelectors, ReaderSetup } from './reader-messages.js'

/** Makes the host's channels again, from where they came. */
async function channelsOf({ origin, channels }: ReaderSetup): Promise<ChannelSet> {
  const module: Readonly<Record<string, unknown>> = await import(origin.module)
  const make = module[origin.export]
  if (typeof make !== 'function') throw new Error(`${origin.module} has no function ${origin.export}`)
  // channelSet checks what came.
  const made = channelSet((make as (options: unknown) => readonly Channel[])(origin.options))
  const names = made.channels.map(({ name }) => name)
  if (names.join() !== channels.join())
    throw new Error(`${origin.export} made ${names.join()}, not ${channels.join()}`)
  return made
}

/** A reader thread: payloads in, a packed batch out. It keeps nothing between two requests. */
function serve(port: MessagePort, setup: ReaderSetup): void {
  let matcher = new RuleMatcher(setup.selectors)
  const channels = channelsOf(setup)
  port.on('message', async (message: ReaderRequest | ReaderSelectors) => {
    if ('selectors' in message) {
      matcher = new RuleMatcher(message.selectors)
      return
    }
    const { id, payloads, context } = message
    try {
      const options = { channels: await channels, matcher, context }
      const { records: _, ...batch } = await readBatch(payloads, options)
      const reply: ReaderReply = { id, batch }
      port.postMessage(reply, [batch.packed.bytes.buffer, batch.packed.ends.buffer])
    } catch (error) {
      port.postMessage({ id, problem: problemOf(error) } satisfies ReaderReply)
    }
  })
}

// Started by ReaderPool alone.
if (parentPort !== null) serve(parentPort, workerData as ReaderSetup)
