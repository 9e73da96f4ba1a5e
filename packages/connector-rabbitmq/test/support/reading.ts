import type { RabbitBatch, RabbitBus } from '@andon/connector-rabbitmq'
import type { Message } from '@andon/core/connector'
import { onTestFinished } from 'vitest'

export interface Reading {
  readonly messages: Message[]
  stop(): Promise<void>
}

/** Reads in the background, one batch after the other, and commits each unless `handle` does otherwise. */
export function reading(
  bus: RabbitBus,
  topic: string,
  group: string,
  handle: (batch: RabbitBatch) => Promise<void> = (batch) => batch.commit(),
): Reading {
  const stopper = new AbortController()
  const messages: Message[] = []
  const run = async (): Promise<void> => {
    for await (const batch of bus.consume({ topic, group, signal: stopper.signal })) {
      messages.push(...batch.items)
      await handle(batch)
    }
  }
  const running = run()
  // Its failure is seen by who waits for it.
  running.catch(() => undefined)
  const stop = async (): Promise<void> => {
    stopper.abort()
    await running
  }
  onTestFinished(() => stop().catch(() => undefined))
  return { messages, stop }
}

export const idsOf = (messages: readonly Message[]): readonly string[] => messages.map(({ id }) => id)

/** Messages `first` to `first + count - 1` of `keys` keys; the body is the number. */
export const numbered = (
  count: number,
  { first = 0, keys = 10, priority }: { first?: number; keys?: number; priority?: number } = {},
): readonly Message[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `m-${first + index}`,
    key: `key-${(first + index) % keys}`,
    body: Buffer.from(String(first + index)),
    ...(priority === undefined ? {} : { priority }),
  }))
