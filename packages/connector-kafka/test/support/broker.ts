import { randomUUID } from 'node:crypto'
import { type KafkaBus, type KafkaBusOptions, kafkaBus } from '@andon/connector-kafka'
import type { Logger, Partition } from '@andon/core/connector'

/** Names of its own for each test, so that tests do not meet on a shared broker. */
export const ownPrefix = (): string => `t-${randomUUID()}.`

/** Buses of one test on shared brokers, closed together. */
export function busesOn(brokers: readonly string[]) {
  const prefix = ownPrefix()
  const opened: KafkaBus[] = []
  return {
    prefix,
    open(options: Partial<KafkaBusOptions> = {}): KafkaBus {
      const bus = kafkaBus({ brokers, prefix, sessionTimeoutMs: 6_000, ...options })
      opened.push(bus)
      return bus
    },
    async close(): Promise<void> {
      await Promise.all(opened.map((bus) => bus.close()))
    },
  }
}

/** A logger that counts the messages which came from the broker, by topic (prefix and all) and partition. */
export function countingLogger(): Logger & { fetched(topic: string, partition?: number): number } {
  const counts = new Map<string, number>()
  const nothing = (): void => undefined
  return {
    debug(details) {
      const topic: unknown = Reflect.get(details, 'topic')
      const partition: unknown = Reflect.get(details, 'partition')
      const messages: unknown = Reflect.get(details, 'messages')
      if (typeof messages !== 'number') return
      for (const key of [`${topic}`, `${topic} ${partition}`])
        counts.set(key, (counts.get(key) ?? 0) + messages)
    },
    info: nothing,
    warn: nothing,
    error: nothing,
    fetched: (topic, partition) => counts.get(partition === undefined ? topic : `${topic} ${partition}`) ?? 0,
  }
}

export const message = (id: string, key = 'KX-500', body = id) => ({ id, key, body: Buffer.from(body) })

/** Waits until `check` holds. */
export async function eventually(
  check: () => boolean | Promise<boolean>,
  what: string,
  ms = 20_000,
): Promise<void> {
  const until = performance.now() + ms
  while (!(await check())) {
    if (performance.now() > until) throw new Error(`${what}: not within ${ms} ms`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** A member of a group that does something with each partition it gets, and releases it then. */
export interface Reading {
  readonly signal: AbortSignal
  stop(): Promise<void>
}

export function readAll(
  bus: KafkaBus,
  topic: string,
  group: string,
  each: (partition: Partition) => Promise<void>,
): Reading {
  const stopper = new AbortController()
  const readers: Promise<void>[] = []
  const run = async (): Promise<void> => {
    for await (const partition of bus.partitions({ topics: [topic], group, signal: stopper.signal })) {
      readers.push(each(partition).finally(() => partition.release()))
    }
    await Promise.all(readers)
  }
  const running = run()
  return {
    signal: stopper.signal,
    async stop(): Promise<void> {
      stopper.abort()
      await running
    },
  }
}
