import type { Action, IngestResult } from '@andon/core'

export interface Latencies {
  readonly p50: number
  readonly p99: number
  readonly max: number
  readonly n: number
}

/** Real milliseconds, whatever the simulated clock says. */
export interface Stopwatch {
  /** A call of `ingest` begins at this instant of the simulation; the returned function takes its results. */
  ingesting(now: number): (results: readonly IngestResult[]) => void
  succeeded(action: Action): void
  /**
   * From the call that brought the triggering complaint to the plant's receipt. Undefined while unknown, and
   * for what time alone set off: a rule that was silenced for some days and fires when they are over.
   */
  of(action: Action): number | undefined
  /** Over the actions given. */
  latencies(actions: readonly Action[]): Latencies
  /** From each call of `ingest` to its promise: every complaint in it is on disk. */
  readonly durable: Latencies
}

export function stopwatch(): Stopwatch {
  const ingested = new Map<string, { readonly began: number; readonly now: number }>()
  const doneAt = new Map<string, number>()
  const durable: number[] = []

  const of = (action: Action): number | undefined => {
    const trigger = action.quotes.at(-1)?.feedbackId
    const from = trigger === undefined ? undefined : ingested.get(trigger)
    const to = doneAt.get(action.id)
    return from === undefined || to === undefined || from.now !== action.createdAt
      ? undefined
      : to - from.began
  }
  return {
    ingesting(now) {
      const began = performance.now()
      return (results) => {
        durable.push(performance.now() - began)
        for (const { status, id } of results) if (status === 'accepted') ingested.set(id, { began, now })
      }
    },
    succeeded(action) {
      if (!doneAt.has(action.id)) doneAt.set(action.id, performance.now())
    },
    of,
    latencies: (actions) => summary(actions.flatMap((action) => of(action) ?? [])),
    get durable() {
      return summary(durable)
    },
  }
}

/** Percentiles by the nearest rank; all 0 when there is nothing to sum up. */
export function summary(values: readonly number[]): Latencies {
  const sorted = [...values].sort((a, b) => a - b)
  const rank = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0
  return { p50: round(rank(0.5)), p99: round(rank(0.99)), max: round(sorted.at(-1) ?? 0), n: sorted.length }
}

const round = (value: number): number => Math.round(value * 100) / 100
