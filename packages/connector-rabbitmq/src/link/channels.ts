import { setTimeout as sleep } from 'node:timers/promises'
import type { Channel, ChannelModel } from 'amqplib'
import { isNotFound, isOnDeadNode } from './failure.js'

/** How long a queue may take to answer (ms). */
const answerMs = 15_000

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

/** Whether there is such a queue, be it on a node that is down. */
export async function isThere(model: ChannelModel, queue: string): Promise<boolean> {
  try {
    return (await lookAt(model, queue)) !== undefined
  } catch (error) {
    if (isOnDeadNode(error)) return true
    throw error
  }
}

/**
 * How many messages and consumers a queue has; undefined when there is no such queue.
 *
 * @throws the error of a queue whose node is down: it is there, and nobody can say more
 */
export async function lookAt(
  model: ChannelModel,
  queue: string,
): Promise<{ readonly messages: number; readonly consumers: number } | undefined> {
  try {
    const { messageCount, consumerCount } = await withChannel(model, (channel) => channel.checkQueue(queue))
    return { messages: messageCount, consumers: consumerCount }
  } catch (error) {
    if (isNotFound(error) && !isOnDeadNode(error)) return undefined
    throw error
  }
}

/** A queue that has lost its leader says nothing at all. */
export async function answered<T>(asked: Promise<T>, queue: string): Promise<T> {
  const stop = new AbortController()
  const silence = sleep(answerMs, undefined, { signal: stop.signal }).then(() => {
    throw new Error(`the queue ${queue} does not answer: has it lost its leader?`)
  })
  // Whoever comes second is not waited for.
  silence.catch(() => undefined)
  asked.catch(() => undefined)
  try {
    return await Promise.race([asked, silence])
  } finally {
    stop.abort()
  }
}
