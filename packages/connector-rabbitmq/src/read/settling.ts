import type { Message } from '@andon/core/connector'
import type { AndonError } from '@andon/core/errors'
import { levelOf, type Names } from '../layout/names.js'
import { attemptHeader, type Layout, propertiesOf, reasonHeader } from '../message/envelope.js'
import { shardOf } from '../message/shard-of.js'
import type { Outgoing } from '../publish/publisher.js'
import type { RabbitBatch } from '../rabbit-batch.js'
import type { GroupReader } from './group-reader.js'
import type { Held } from './in-hand.js'

export interface SettlingOptions {
  readonly names: Names
  readonly layout: Layout
  /** What a message can be put off by (ms). */
  readonly delays: readonly number[]
  readonly topic: string
  readonly group: string
  readonly publish: (outgoing: readonly Outgoing[]) => Promise<void>
  readonly ended: () => AndonError
}

/** A batch of what the reader has. What is put off or given up is on the broker's disk before it is acknowledged. */
export function settling(
  reader: GroupReader,
  held: readonly Held[],
  { names, layout, delays, topic, group, publish, ended }: SettlingOptions,
): RabbitBatch {
  let left = held

  const settle = (some: readonly Held[], isDone: boolean): void => {
    if (reader.stopped) throw ended()
    reader.settle(some, isDone)
  }

  async function moveOn(
    messages: readonly Message[],
    exchange: string,
    added: (attempt: number) => Readonly<Record<string, string>>,
    isDone: boolean,
  ): Promise<void> {
    const byId = new Map(left.map((one) => [one.message.id, one]))
    const moving = messages.flatMap(({ id }) => byId.get(id) ?? [])
    const outgoing = moving.map(({ message, delivery }): Outgoing => {
      const { content, properties } = delivery.raw
      const attempt = Number(message.headers?.[attemptHeader] ?? 1)
      const queues = names.shard(topic, group, shardOf(message.key, layout.shards))
      const queue = queues[Math.min(levelOf(message.priority, layout.priorities), queues.length - 1)] ?? ''
      return {
        ...{ exchange, routingKey: queue, body: content },
        properties: propertiesOf(properties, added(attempt)),
      }
    })
    await publish(outgoing)
    settle(moving, isDone)
    const moved = new Set(moving)
    left = left.filter((one) => !moved.has(one))
  }

  return {
    items: held.map(({ message }) => message),
    async commit() {
      settle(left, true)
      left = []
    },
    retryLater(messages, { delayMs, reason }) {
      const ladder = delays.toSorted((shorter, longer) => shorter - longer)
      const delay = ladder.find((candidate) => candidate >= delayMs) ?? ladder.at(-1) ?? 0
      // The same ids come again, and are not to be taken for repetitions.
      return moveOn(
        messages,
        names.retry(delay),
        (attempt) => ({ [attemptHeader]: String(attempt + 1), [reasonHeader]: reason }),
        false,
      )
    },
    deadLetter(messages, reason) {
      const added = { [reasonHeader]: reason, 'andon-topic': topic, 'andon-group': group }
      return moveOn(messages, names.dead, () => added, true)
    },
  }
}
