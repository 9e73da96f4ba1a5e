import type { Channel, ChannelModel } from 'amqplib'
import { isNotFound } from './failure.js'

/** A channel that lives as long as the work. The broker closes one with the first thing that it refuses. */
export async function withChannel<T>(
  model: ChannelModel,
  work: (channel: Channel) => Promise<T>,
): Promise<T> {
  const channel = await model.createChannel()
  // The refusal itself rejects the call that it answers.
  channel.on('error', () => undefined)
  try {
    return await work(channel)
  } finally {
    await closed(channel)
  }
}

/**
 * Closes a channel, whatever state it is in. When the connection breaks meanwhile, amqplib says so by the event alone and
 * leaves the call itself without an answer.
 */
export function closed(channel: Channel): Promise<void> {
  return new Promise((resolve) => {
    channel.once('close', () => resolve())
    channel.close().then(resolve, () => resolve())
  })
}

/** How many messages and consumers a queue has; undefined when there is no such queue. */
export async function lookAt(
  model: ChannelModel,
  queue: string,
): Promise<{ readonly messages: number; readonly consumers: number } | undefined> {
  try {
    const { messageCount, consumerCount } = await withChannel(model, (channel) => channel.checkQueue(queue))
    return { messages: messageCount, consumers: consumerCount }
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}
