import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChannelModel, ConfirmChannel, ConsumeMessage } from 'amqplib'
import { closed } from '../link/channels.js'
import { markHeader, propertiesOf } from '../message/envelope.js'

/** The last message of a queue of the past. */
export const endMark = 'end'
const barrierMark = 'barrier'

/** Copies under way: more make it no faster. */
const copiesAtOnce = 500
/** What was on its way to the history when the queues of the group were bound has arrived by then (ms). */
const overlapMs = 50

export const markOf = ({ properties }: ConsumeMessage): unknown => properties.headers?.[markHeader]

const mark = (name: string, id: string) => ({
  messageId: id,
  persistent: true,
  headers: { [markHeader]: name },
})

/**
 * Copies the history of a topic to a queue, in its order, with an end mark. The queues of the group are bound before: what
 * is published meanwhile is in both, and a reader leaves the repetition out by its id.
 *
 * @returns how many messages there were
 */
export async function copyHistory(model: ChannelModel, history: string, to: string): Promise<number> {
  const channel = await model.createConfirmChannel()
  let failure: unknown
  const broken = Promise.withResolvers<never>()
  broken.promise.catch(() => undefined)
  channel.on('error', (error) => {
    failure = error
  })
  channel.on('close', () =>
    broken.reject(failure ?? new Error('the connection broke while the history was copied')),
  )
  try {
    const last = randomUUID()
    const copied = Promise.race([copyUpTo(channel, history, to, last), broken.promise])
    // Whatever fails first is told; the other is not left without a listener.
    copied.catch(() => undefined)
    await confirmed(channel, history, Buffer.alloc(0), mark(barrierMark, randomUUID()))
    await sleep(overlapMs)
    await confirmed(channel, history, Buffer.alloc(0), mark(barrierMark, last))
    const count = await copied
    await confirmed(channel, to, Buffer.alloc(0), mark(endMark, randomUUID()))
    return count
  } finally {
    await closed(channel)
  }
}

async function copyUpTo(channel: ConfirmChannel, history: string, to: string, last: string): Promise<number> {
  await channel.prefetch(copiesAtOnce)
  const end = Promise.withResolvers<number>()
  let [count, open, isOver] = [0, 0, false]
  const finish = (): void => {
    if (isOver && open === 0) end.resolve(count)
  }
  const onMessage = (message: ConsumeMessage | null): void => {
    if (message === null) {
      end.reject(new Error(`${history} was deleted while it was read`))
      return
    }
    if (isOver) return
    if (markOf(message) !== undefined) {
      isOver = message.properties.messageId === last
      channel.ack(message)
      finish()
      return
    }
    count += 1
    open += 1
    // Without the priority: a broker that goes by it would bring the end mark before the rest.
    const { priority, ...properties } = propertiesOf(message.properties)
    channel.sendToQueue(to, message.content, properties, (error: unknown) => {
      open -= 1
      if (error !== null && error !== undefined) return end.reject(error)
      // Only now the broker sends one more: that bounds what is under way.
      channel.ack(message)
      finish()
    })
  }
  await channel.consume(history, onMessage, { arguments: { 'x-stream-offset': 'first' } })
  return end.promise
}

function confirmed(
  channel: ConfirmChannel,
  queue: string,
  body: Buffer,
  properties: Parameters<ConfirmChannel['sendToQueue']>[2],
): Promise<void> {
  return new Promise((resolve, reject) => {
    channel.sendToQueue(queue, body, properties, (error: unknown) => {
      if (error === null || error === undefined) resolve()
      else reject(error)
    })
  })
}
