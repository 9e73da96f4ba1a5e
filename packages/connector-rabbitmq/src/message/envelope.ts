import type { Message } from '@andon/core/connector'
import type { ConsumeMessage, MessageProperties, Options } from 'amqplib'
import { levelOf, routingKeyOf } from '../layout/names.js'
import type { Outgoing } from '../publish/publisher.js'
import { shardOf } from './shard-of.js'

const keyHeader = 'andon-key'
const priorityHeader = 'andon-priority'
/** Which try it is, from 2 on, of a message that was put off. */
export const attemptHeader = 'andon-attempt'
/** Why it was put off or given up. */
export const reasonHeader = 'andon-reason'
/** A message of the bus itself, for no reader. */
export const markHeader = 'andon-mark'

const ourHeaders: ReadonlySet<string> = new Set([
  ...[keyHeader, priorityHeader, markHeader],
  ...['x-stream-offset', 'x-delivery-count', 'x-acquired-count', 'x-opt-deaths', 'x-death'],
])
const traces = ['x-first-death-', 'x-last-death-']

/** Headers that the broker or the bus adds, and that are not the sender's. */
const isOurs = (name: string): boolean =>
  ourHeaders.has(name) || (name.startsWith('x-') && traces.some((prefix) => name.startsWith(prefix)))

export interface Layout {
  readonly shards: number
  readonly priorities: number
  readonly queueType: 'quorum' | 'classic'
}

/** How many keys are remembered with their shards: looking one up is cheaper than working it out. */
const keysKept = 10_000

/** Makes messages ready for the exchange of their topic. */
export class Envelopes {
  readonly #layout: Layout
  readonly #shards = new Map<string, number>()
  /** By shard, then by level. */
  readonly #routingKeys: readonly (readonly string[])[]

  constructor(layout: Layout) {
    this.#layout = layout
    this.#routingKeys = Array.from({ length: layout.shards }, (_, shard) =>
      Array.from({ length: layout.priorities }, (__, level) => routingKeyOf(shard, level)),
    )
  }

  outgoing(exchange: string, { id, key, body, headers, priority }: Message): Outgoing {
    const { priorities, queueType } = this.#layout
    const level = levelOf(priority, priorities)
    const own = headers === undefined ? { [keyHeader]: key } : { ...headers, [keyHeader]: key }
    return {
      exchange,
      routingKey: this.#routingKeys[this.#shardOf(key)]?.[level] ?? '',
      body: Buffer.isBuffer(body) ? body : Buffer.from(body.buffer, body.byteOffset, body.byteLength),
      properties: {
        messageId: id,
        persistent: true,
        // A message that no queue keeps comes back, and is an error instead of a loss.
        mandatory: true,
        headers: priority === undefined ? own : { ...own, [priorityHeader]: priority },
        // Counted the other way round: of a classic queue with priorities the highest number comes first. Quorum queues
        // are one for each priority, and from RabbitMQ 4.3 on each of them would be put in order by this, too.
        ...(priorities === 1 || queueType === 'quorum' ? undefined : { priority: priorities - 1 - level }),
      },
    }
  }

  #shardOf(key: string): number {
    const known = this.#shards.get(key)
    if (known !== undefined) return known
    const shard = shardOf(key, this.#layout.shards)
    if (this.#shards.size >= keysKept) this.#shards.clear()
    this.#shards.set(key, shard)
    return shard
  }
}

/** The message of a delivery, or what is wrong with it. */
export function messageOf({ content, properties }: ConsumeMessage): Message | { readonly poison: string } {
  const { messageId } = properties
  const headers: Readonly<Record<string, unknown>> = properties.headers ?? {}
  const key = headers[keyHeader]
  if (typeof messageId !== 'string' || messageId === '') return { poison: 'it has no message id' }
  if (typeof key !== 'string') return { poison: `it has no ${keyHeader} header` }
  let own: Record<string, string> | undefined
  for (const name in headers) {
    const value = headers[name]
    if (typeof value !== 'string' || isOurs(name)) continue
    own ??= {}
    own[name] = value
  }
  const priority = headers[priorityHeader]
  const message =
    own === undefined
      ? { id: messageId, key, body: content }
      : { id: messageId, key, body: content, headers: own }
  return typeof priority === 'number' ? { ...message, priority } : message
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
