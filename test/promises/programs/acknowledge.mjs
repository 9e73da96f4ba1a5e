// A loop with a source of its own that tells what was acknowledged, and is killed at that very moment.
import { standardChannels } from '@andon/channels'
import { webPayload } from '../../support/payloads.mjs'

const { data, core, at } = JSON.parse(process.argv[2] ?? '{}')
/** @type {typeof import('@andon/core')} */
const { createAndon } = await import(core)

const items = [
  webPayload({ id: 'good-1', at }),
  { body: 'this is of no channel' },
  webPayload({ id: 'good-2', at }),
]
const source = {
  contract: /** @type {const} */ (1),
  name: 'upstream',
  capabilities: {},
  async *receive() {
    yield {
      items,
      position: { batch: 1 },
      async commit() {
        // Told before anything else can happen; the process ends without another turn of its event loop.
        process.send?.({ acknowledged: true }, undefined, undefined, () =>
          process.kill(process.pid, 'SIGKILL'),
        )
        await new Promise(() => undefined)
      },
    }
  },
}
const andon = createAndon({
  channels: standardChannels(),
  sources: { upstream: source },
  data,
  clock: { now: () => at, setTimer: () => () => undefined },
})
await andon.start()
