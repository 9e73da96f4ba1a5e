import type { Message } from '@andon/core/connector'
import type { ConsumeMessage, MessageProperties, Options } from 'amqplib'
import { levelOf, routingKeyOf } from './names.js'
import type { Outgoing } from './publisher.js'
import { shardOf } from './shard-of.js'

export const keyHeader = 'andon-key'
export const priorityHeader = 'andon-priority'
/** Which try it is, from 2 on, of a message that was put off. */
export const attemptHeader = 'andon-attempt'
/** Why it was put off or given up. */
export const reasonHeader = 'andon-reason'
/** A message of the bus itself, for no reader. */
export const markHeader = 'andon-mark'

/** Headers that the broker or the bus adds, and that are not the sender's. */
const isOurs = (name: string): boolean =>
  name === keyHeader ||
  name === priorityHeader ||
  name === markHeader ||
  name.startsWith('x-death') ||
  name.startsWith('x-first-death') ||
  name.startsWith('x-last-death') ||
  ['x-stream-offset', 'x-delivery-count', 'x-acquired-count', 'x-opt-deaths'].includes(name)

export interface Layout {
  readonly shards: number
  readonly priorities: number
}

/** A message as it goes to the exchange of its topic. */
export function outgoingOf(exchange: string, message: Message, { shards, priorities }: Layout): Outgoing {
  const { id, key, body, headers, priority } = message
  const level = levelOf(priority, priorities)
  return {
    exchange,
    routingKey: routingKeyOf(shardOf(key, shards), level),
    body: Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength),
    properties: {
      messageId: id,
      persistent: true,
      // A message that no queue keeps comes back, and is an error instead of a loss.
      mandatory: true,
      headers: {
        ...headers,
        [keyHeader]: key,
        ...(priority === undefined ? {} : { [priorityHeader]: priority }),
      },
      // Counted the other way round: of a classic queue with priorities the highest number comes first.
      ...(priorities === 1 ? {} : { priority: priorities - 1 - level }),
    },
  }
}

/** The message of a delivery, or what is wrong with it. */
export function messageOf({ content, properties }: ConsumeMessage): Message | { readonly poison: string } {
  const { messageId } = properties
  const headers: Readonly<Record<string, unknown>> = properties.headers ?? {}
  const key = headers[keyHeader]
  if (typeof messageId !== 'string' || messageId === '') return { poison: 'it has no message id' }
  if (typeof key !== 'string') return { poison: `it has no ${keyHeader} header` }
  const own = Object.entries(headers).filter(
    (entry): entry is [string, string] => typeof entry[1] === 'string' && !isOurs(entry[0]),
  )
  const priority = headers[priorityHeader]
  return {
    ...{ id: messageId, key, body: content },
    ...(own.length === 0 ? {} : { headers: Object.fromEntries(own) }),
    ...(typeof priority === 'number' ? { priority } : {}),
  }
}

/** The properties of a message that goes on elsewhere, without what the broker has written into it. */
export function propertiesOf(
  properties: MessageProperties,
  added: Readonly<Record<string, string>> = {},
): Options.Publish & { readonly messageId: string } {
  const { messageId, contentType, contentEncoding, priority, correlationId, timestamp, type, appId } =
    properties
  const headers = Object.entries(properties.headers ?? {}).filter(
    ([name]) => name === keyHeader || name === priorityHeader || !isOurs(name),
  )
  return {
    messageId: typeof messageId === 'string' ? messageId : '',
    persistent: true,
    mandatory: true,
    headers: { ...Object.fromEntries(headers), ...added },
    ...(contentType === undefined ? {} : { contentType }),
    ...(contentEncoding === undefined ? {} : { contentEncoding }),
    ...(priority === undefined ? {} : { priority }),
    ...(correlationId === undefined ? {} : { correlationId }),
    ...(timestamp === undefined ? {} : { timestamp }),
    ...(type === undefined ? {} : { type }),
    ...(appId === undefined ? {} : { appId }),
  }
}
