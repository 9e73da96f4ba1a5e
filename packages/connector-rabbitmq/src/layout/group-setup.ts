import { setTimeout as sleep } from 'node:timers/promises'
import type { Channel, ChannelModel } from 'amqplib'
import type { CheckedBus } from '../bus-options.js'
import { closed, isThere, withChannel } from '../link/channels.js'
import { copyHistory } from '../read/history.js'
import type { Names } from './names.js'
import { declareGroup, queueArguments } from './topology.js'

/** Between two looks whether another process is done with it (ms). */
const lookMs = 100

/**
 * Makes a group: its queues, and the queue with what was published before it. Done once, by whichever process is first;
 * the others wait. One that dies in the middle is followed by the next, which begins anew.
 *
 * @param signal ends the waiting for another process, with an error
 */
export async function setUpGroup(
  model: ChannelModel,
  options: CheckedBus,
  names: Names,
  topic: string,
  group: string,
  signal: AbortSignal,
): Promise<void> {
  const ready = names.ready(topic, group)
  for (;;) {
    if (await isThere(model, ready)) {
      // Whoever deleted one of its queues gets it back, empty.
      await withChannel(model, (channel) => declareGroup(channel, options, names, topic, group))
      return
    }
    const lock = await locked(model, names.lock(topic, group))
    if (lock === undefined) {
      await sleep(lookMs, undefined, { signal })
      continue
    }
    try {
      // Another may have been done in between.
      if (!(await isThere(model, ready))) await make(model, options, names, topic, group)
      return
    } finally {
      await lock.deleteQueue(names.lock(topic, group)).catch(() => undefined)
      await closed(lock)
    }
  }
}

/** A queue that only one connection can have; it goes when the connection does. */
async function locked(model: ChannelModel, name: string): Promise<Channel | undefined> {
  const channel = await model.createChannel()
  channel.on('error', () => undefined)
  try {
    await channel.assertQueue(name, { exclusive: true, durable: false, autoDelete: false })
    return channel
  } catch (error) {
    await closed(channel)
    // RESOURCE_LOCKED: another connection has it.
    if (error instanceof Error && 'code' in error && error.code === 405) return undefined
    throw error
  }
}

async function make(
  model: ChannelModel,
  options: CheckedBus,
  names: Names,
  topic: string,
  group: string,
): Promise<void> {
  const before = names.before(topic, group)
  await withChannel(model, async (channel) => {
    // Whatever stands there was left half done, and nobody has read it: the history has it all. One whose broker died
    // right after it was made would answer nothing for ever.
    const shards = Array.from({ length: options.shards }, (_, shard) =>
      names.shard(topic, group, shard),
    ).flat()
    if (options.history !== false) for (const queue of [before, ...shards]) await channel.deleteQueue(queue)
    await declareGroup(channel, options, names, topic, group)
    if (options.history !== false) {
      await channel.assertQueue(before, { durable: true, arguments: queueArguments(options, names) })
      const copied = await copyHistory(model, names.history(topic), before)
      if (copied === 0) await channel.deleteQueue(before)
    }
  })
  await sleep(options.creationPauseMs)
  await withChannel(model, (channel) =>
    channel.assertQueue(names.ready(topic, group), { durable: true, maxLength: 1 }),
  )
}
