import type { AggregatePlan } from '../aggregate/aggregate-plan.js'
import type { Accumulator } from '../aggregate/cells.js'
import { emptyAccumulators, enter, leave, readAll } from '../aggregate/running-aggregates.js'
import type { RingArena } from '../memory/ring-arena.js'
import type { Value } from '../value.js'
import { Entries, type EntriesSnapshot } from './entries.js'
import { evidenceKept, type LiveWindowSpec, type Sight } from './window-spec.js'

/**
 * The window of one group in journal time. Entries come in the order of their instants; a sliding window's
 * leave one by one when they are `size` old, a tumbling window's and a session's all at once when it ends. It is its
 * entries, instead of having them: one object less to reach.
 */
export class LiveWindow extends Entries implements Sight {
  readonly mode = 'live'
  readonly #spec: LiveWindowSpec
  readonly #plan: AggregatePlan
  #accumulators: readonly Accumulator[]

  constructor(spec: LiveWindowSpec, plan: AggregatePlan, arena: RingArena, from?: EntriesSnapshot) {
    super(arena, { columns: plan.inputs.length, expires: spec.expires }, from)
    this.#spec = spec
    this.#plan = plan
    this.#accumulators = emptyAccumulators(plan)
    this.#enterAll()
  }

  get isEmpty(): boolean {
    return this.size === 0
  }

  /** One value for each aggregate of the plan. */
  get values(): readonly Value[] {
    return readAll(this.#plan, this.#accumulators, this.size)
  }

  /**
   * Takes an entry in, after `expire` for the same instant.
   * @param until when WHERE ceases to hold for it (epoch ms)
   */
  add(at: number, offset: number, inputs: readonly Value[], until: number): void {
    this.append(at, offset, inputs, until)
    enter(this.#plan, this.#accumulators, this, this.size - 1)
    const { count } = this.#spec
    if (count !== undefined && this.size > count) this.dropOldest()
  }

  override dropOldest(): void {
    if (this.size === 0) return
    leave(this.#plan, this.#accumulators, this, 0)
    super.dropOldest()
  }

  /** Lets time pass: entries leave. */
  expire(at: number): void {
    const { kind, size } = this.#spec
    if (this.size === 0) return
    if (kind === 'sliding') {
      while ((this.oldest ?? at) <= at - size) this.dropOldest()
    } else if ((this.#endsAt() ?? at) <= at) {
      this.clear()
      this.#accumulators = emptyAccumulators(this.#plan)
    }
    if (!this.dropOverdue(at)) return
    this.#accumulators = emptyAccumulators(this.#plan)
    this.#enterAll()
  }

  /** When entries leave next; `watched` asks for the first of them, else the last one is enough. */
  nextExpiry(watched: boolean): number | undefined {
    const { oldest, newest } = this
    const from = watched ? oldest : newest
    const end = this.#spec.kind === 'sliding' && from !== undefined ? from + this.#spec.size : this.#endsAt()
    return end === undefined || !watched ? end : Math.min(end, this.nextUntil ?? end)
  }

  evidence(): readonly number[] {
    return this.latestOffsets(0, this.size, evidenceKept)
  }

  times(): readonly number[] {
    return this.timesIn(0, this.size)
  }

  #enterAll(): void {
    for (let place = 0; place < this.size; place++) enter(this.#plan, this.#accumulators, this, place)
  }

  #endsAt(): number | undefined {
    const { kind, size } = this.#spec
    const { oldest, newest } = this
    if (oldest === undefined || newest === undefined) return undefined
    return kind === 'tumbling' ? (Math.floor(oldest / size) + 1) * size : newest + size
  }
}
