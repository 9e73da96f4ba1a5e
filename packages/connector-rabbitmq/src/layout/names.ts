import type { CheckedBus } from '../bus-options.js'

/** AMQP has names of 255 bytes at most. */
const longestName = 255

export interface Names {
  readonly exchange: (topic: string) => string
  /** Holds nothing: its settings say into how many shards and priorities the topic is divided. */
  readonly layout: (topic: string) => string
  /** Everything that was published, for groups that come later. */
  readonly history: (topic: string) => string
  /** The queues of one shard of a group, the most urgent first. */
  readonly shard: (topic: string, group: string, shard: number) => readonly string[]
  /** What was published before the group was there. */
  readonly before: (topic: string, group: string) => string
  /** Its being there says that the group is set up. */
  readonly ready: (topic: string, group: string) => string
  /** Whoever holds it sets the group up. */
  readonly lock: (topic: string, group: string) => string
  readonly dead: string
  readonly retry: (delayMs: number) => string
}

export function namesOf({
  prefix,
  priorities,
  queueType,
}: Pick<CheckedBus, 'prefix' | 'priorities' | 'queueType'>): Names {
  const levels = queueType === 'classic' ? 1 : priorities
  return {
    exchange: (topic) => `${prefix}.${topic}`,
    layout: (topic) => `${prefix}.${topic}.layout`,
    history: (topic) => `${prefix}.${topic}.history`,
    shard: (topic, group, shard) =>
      Array.from({ length: levels }, (_, level) =>
        levels === 1
          ? `${prefix}.${topic}.${group}.${shard}`
          : `${prefix}.${topic}.${group}.${shard}.p${level + 1}`,
      ),
    before: (topic, group) => `${prefix}.${topic}.${group}.before`,
    ready: (topic, group) => `${prefix}.${topic}.${group}.ready`,
    lock: (topic, group) => `${prefix}.${topic}.${group}.lock`,
    dead: `${prefix}.dead`,
    retry: (delayMs) => `${prefix}.retry.${delayMs}`,
  }
}

/** Whether the broker can have names made of these. */
export const fits = (...parts: readonly string[]): boolean =>
  Buffer.byteLength(parts.join('.')) <= longestName - 20 && parts.every((part) => part !== '')

/** Of a message: which shard, and how urgent. What a shard's queues are bound by. */
export const routingKeyOf = (shard: number, level: number): string => `${shard}.${level}`

/** 0 (first) to `priorities` - 1; what says nothing of it is as little urgent as can be. */
export const levelOf = (priority: number | undefined, priorities: number): number =>
  Math.max(1, Math.min(Math.trunc(priority ?? priorities), priorities)) - 1
