import type { Message } from '@andon/core/connector'
import type { AndonError } from '@andon/core/errors'
import { attemptHeader, type Layout, propertiesOf, reasonHeader } from './envelope.js'
import type { GroupReader } from './group-reader.js'
import { levelOf, type Names } from './names.js'
import type { Outgoing } from './publisher.js'
import type { RabbitBatch } from './rabbit-batch.js'
import { shardOf } from './shard-of.js'

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
  items: readonly Message[],
  { names, layout, delays, topic, group, publish, ended }: SettlingOptions,
): RabbitBatch {
  const left = new Map(items.map((message) => [message.id, message]))

  const settle = (messages: readonly Message[], isDone: boolean): void => {
    if (reader.stopped) throw ended()
    reader.settle(messages, isDone)
    for (const { id } of messages) left.delete(id)
  }
  const ours = (messages: readonly Message[]): readonly Message[] => messages.filter(({ id }) => left.has(id))

  async function moveOn(
    messages: readonly Message[],
    exchange: string,
    added: (attempt: number) => Readonly<Record<string, string>>,
    isDone: boolean,
  ): Promise<void> {
    const moving = ours(messages)
    const outgoing = moving.flatMap((message): Outgoing[] => {
      const [delivery] = reader.held([message])
      if (delivery === undefined) return []
      const { content, properties } = delivery.raw
      const attempt = Number(message.headers?.[attemptHeader] ?? 1)
      const queues = names.shard(topic, group, shardOf(message.key, layout.shards))
      const queue = queues[Math.min(levelOf(message.priority, layout.priorities), queues.length - 1)] ?? ''
      return [
        { exchange, routingKey: queue, body: content, properties: propertiesOf(properties, added(attempt)) },
      ]
    })
    await publish(outgoing)
    settle(moving, isDone)
  }

  return {
    items,
    async commit() {
      settle([...left.values()], true)
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
