import type { Channel, ChannelModel } from 'amqplib'
import type { CheckedBus } from '../bus-options.js'
import { withChannel } from '../link/channels.js'
import { isOnDeadNode } from '../link/failure.js'
import { type Names, routingKeyOf } from './names.js'

/** What every queue of the bus is: kept on disk, and on several nodes where there are several. */
export const quorum = { 'x-queue-type': 'quorum' } as const

/** The settings of a group's queues. They are the same for ever: the broker refuses others for a queue that is there. */
export function queueArguments(
  { queueType, deliveryLimit }: CheckedBus,
  { dead }: Names,
): Readonly<Record<string, unknown>> {
  return {
    // One consumer at a time: a key is never in the hands of two.
    'x-single-active-consumer': true,
    'x-dead-letter-exchange': dead,
    ...(queueType === 'classic'
      ? {}
      : {
          ...quorum,
          'x-delivery-limit': deliveryLimit,
          // Not gone before it has arrived; the broker asks for the other setting with it.
          'x-dead-letter-strategy': 'at-least-once',
          'x-overflow': 'reject-publish',
        }),
  }
}

/** A classic queue has all priorities in one. */
const priorityArguments = ({ queueType, priorities }: CheckedBus): Readonly<Record<string, unknown>> =>
  queueType === 'classic' && priorities > 1 ? { 'x-max-priority': priorities - 1 } : {}

/** What all topics have in common: where the dead and the delayed are. */
export async function declareShared(channel: Channel, options: CheckedBus, names: Names): Promise<void> {
  await channel.assertExchange(names.dead, 'fanout', { durable: true })
  await channel.assertQueue(names.dead, { durable: true, arguments: quorum })
  await channel.bindQueue(names.dead, names.dead, '')
  for (const delayMs of options.retryDelaysMs) {
    const retry = names.retry(delayMs)
    await channel.assertExchange(retry, 'fanout', { durable: true })
    // When its time is over a message goes to the queue that its routing key names.
    await channel.assertQueue(retry, {
      durable: true,
      arguments: {
        ...quorum,
        ...{ 'x-message-ttl': delayMs, 'x-dead-letter-exchange': '' },
        ...{ 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' },
      },
    })
    await channel.bindQueue(retry, retry, '')
  }
}

/**
 * Makes the exchange of a topic, checks into how many shards it is divided, and gives it a history.
 *
 * @throws PRECONDITION_FAILED of the broker when the topic is there with other settings
 */
export async function declareTopic(
  model: ChannelModel,
  options: CheckedBus,
  names: Names,
  topic: string,
): Promise<void> {
  const { history, shards, priorities } = options
  // Two senders that divide a topic differently would break the order of its keys. The broker compares settings of
  // queues only, so an empty queue says by its longest length what they must agree on. It is a classic one: a quorum queue
  // may be lost, and answers nothing for ever, when its only node dies right after it was made.
  const layout = { durable: true, maxLength: shards * 10 + priorities }
  await withChannel(model, (channel) => channel.assertQueue(names.layout(topic), layout)).catch(
    (error: unknown) => {
      // The topic was made long ago; what it was made with cannot be compared before that node is back.
      if (!isOnDeadNode(error)) throw error
    },
  )
  await withChannel(model, async (channel) => {
    await channel.assertExchange(names.exchange(topic), 'topic', { durable: true })
    if (history === false) return
    await channel.assertQueue(names.history(topic), {
      durable: true,
      arguments: {
        'x-queue-type': 'stream',
        'x-max-age': `${Math.ceil(history.hours * 3600)}s`,
        'x-max-length-bytes': history.megabytes * 1024 * 1024,
        // Whole files are forgotten: small ones, or a small history would never be.
        'x-stream-max-segment-size-bytes': Math.min(100_000_000, Math.ceil(history.megabytes * 1024 * 128)),
      },
    })
    await channel.bindQueue(names.history(topic), names.exchange(topic), '#')
  })
}

/** Makes the queues of a group: from now on they get what is published. */
export async function declareGroup(
  channel: Channel,
  options: CheckedBus,
  names: Names,
  topic: string,
  group: string,
): Promise<void> {
  for (let shard = 0; shard < options.shards; shard += 1) {
    for (const [level, queue] of names.shard(topic, group, shard).entries()) {
      await channel.assertQueue(queue, {
        durable: true,
        arguments: { ...queueArguments(options, names), ...priorityArguments(options) },
      })
      const pattern = options.queueType === 'classic' ? `${shard}.*` : routingKeyOf(shard, level)
      await channel.bindQueue(queue, names.exchange(topic), pattern)
    }
  }
}
