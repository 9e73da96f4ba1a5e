import type { AggregatePlan } from '../aggregate/aggregate-plan.js'
import { RunningAggregates } from '../aggregate/running-aggregates.js'
import type { Value } from '../value.js'
import { Entries, type EntriesSnapshot } from './entries.js'
import { evidenceKept, type LiveWindowSpec, type Sight } from './window-spec.js'

/**
 * The window of one group in journal time. Entries come in the order of their instants; a sliding window's
 * leave one by one when they are `size` old, a tumbling window's and a session's all at once when it ends.
 */
export class LiveWindow implements Sight {
  readonly mode = 'live'
  readonly #spec: LiveWindowSpec
  readonly #entries: Entries
  readonly #aggregates: RunningAggregates

  constructor(spec: LiveWindowSpec, plan: AggregatePlan, from?: EntriesSnapshot) {
    this.#spec = spec
    this.#entries = new Entries(plan.inputs.length, from)
    this.#aggregates = new RunningAggregates(plan)
    this.#aggregates.refill(this.#entries, 0, this.#entries.size)
  }

  get size(): number {
    return this.#entries.size
  }

  /** @param until when WHERE ceases to hold for it (epoch ms) */
  add(at: number, offset: number, inputs: readonly Value[], until: number): void {
    this.expire(at)
    this.#entries.append(at, offset, inputs, until)
    this.#aggregates.add(this.#entries, this.#entries.size - 1)
    const { count } = this.#spec
    if (count !== undefined && this.#entries.size > count) this.dropOldest()
  }

  dropOldest(): void {
    if (this.#entries.size === 0) return
    this.#aggregates.remove(this.#entries, 0)
    this.#entries.dropOldest()
  }

  /** Lets time pass; true when entries left. */
  expire(at: number): boolean {
    const { kind, size } = this.#spec
    const before = this.#entries.size
    if (before === 0) return false
    if (kind === 'sliding') {
      while ((this.#entries.oldest ?? at) <= at - size) this.dropOldest()
    } else if ((this.#endsAt() ?? at) <= at) {
      this.#entries.clear()
      this.#aggregates.clear()
    }
    if (this.#entries.dropOverdue(at)) this.#aggregates.refill(this.#entries, 0, this.#entries.size)
    return this.#entries.size !== before
  }

  /** When entries leave next; `watched` asks for the first of them, else the last one is enough. */
  nextExpiry(watched: boolean): number | undefined {
    const { oldest, newest, nextUntil = Number.POSITIVE_INFINITY } = this.#entries
    const from = watched ? oldest : newest
    const end = this.#spec.kind === 'sliding' && from !== undefined ? from + this.#spec.size : this.#endsAt()
    return end === undefined || !watched ? end : Math.min(end, nextUntil)
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0
  }

  get values(): readonly Value[] {
    return this.#aggregates.values()
  }

  evidence(): readonly number[] {
    return this.#entries.latestOffsets(0, this.#entries.size, evidenceKept)
  }

  times(): readonly number[] {
    return this.#entries.timesIn(0, this.#entries.size)
  }

  snapshot(): EntriesSnapshot {
    return this.#entries.snapshot()
  }

  #endsAt(): number | undefined {
    const { kind, size } = this.#spec
    const { oldest, newest } = this.#entries
    if (oldest === undefined || newest === undefined) return undefined
    return kind === 'tumbling' ? (Math.floor(oldest / size) + 1) * size : newest + size
  }
}
