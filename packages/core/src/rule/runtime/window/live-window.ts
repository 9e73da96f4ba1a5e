import { accumulator } from '../aggregate/accumulator.js'
import { type Accumulated, type AggregatePlan, readAll } from '../aggregate/aggregate-plan.js'
import type { Accumulator } from '../aggregate/cells.js'
import type { RingArena } from '../memory/ring-arena.js'
import type { Value } from '../value.js'
import { Entries, type EntriesSnapshot } from './entries.js'
import { evidenceKept, type LiveWindowSpec, type Sight } from './window-spec.js'

/**
 * The window of one group in journal time. Entries come in the order of their instants; a sliding window's
 * leave one by one when they are `size` old, a tumbling window's and a session's all at once when it ends. It is its
 * entries, instead of having them, and most aggregates stand in front of these: there is little else to reach.
 */
export class LiveWindow extends Entries implements Sight, Accumulated {
  readonly #spec: LiveWindowSpec
  readonly #plan: AggregatePlan
  /** Those that do not stand in front of the entries, or not any more. */
  #beside: (Accumulator | undefined)[] | undefined

  constructor(spec: LiveWindowSpec, plan: AggregatePlan, arena: RingArena, from?: EntriesSnapshot) {
    super(arena, plan.shape(spec.expires))
    this.#spec = spec
    this.#plan = plan
    if (from !== undefined) this.#enterAll(from)
  }

  get mode(): 'live' {
    return 'live'
  }

  get isEmpty(): boolean {
    return this.size === 0
  }

  /** One value for each aggregate of the plan. */
  get values(): readonly Value[] {
    return readAll(this.#plan, this)
  }

  accumulated(index: number): Value {
    const beside = this.#beside?.[index]
    if (beside !== undefined) return beside.value()
    const spec = this.#plan.accumulators[index]
    const cells = this.#plan.cells[index]
    if (spec === undefined || cells === undefined) return null
    if (this.size === 0 || cells.of === undefined) return spec.name === 'COUNT' ? 0 : null
    return cells.of.value(this.arena, this.stateAt + cells.at)
  }

  /**
   * Takes an entry in, after `expire` for the same instant.
   * @param until when WHERE ceases to hold for it (epoch ms)
   */
  add(at: number, offset: number, inputs: readonly Value[], until: number): void {
    this.append(at, offset, inputs, until)
    this.#enter(this.size - 1)
    const { count } = this.#spec
    if (count !== undefined && this.size > count) this.dropOldest()
  }

  override dropOldest(): void {
    if (this.size === 0) return
    if (this.size === 1) {
      this.clear()
      return
    }
    this.#leaveOldest()
    super.dropOldest()
  }

  override clear(): void {
    super.clear()
    this.#beside = undefined
  }

  /** Lets time pass: entries leave. */
  expire(at: number): void {
    const { kind, size } = this.#spec
    if (this.size === 0) return
    if (kind === 'sliding') {
      while ((this.oldest ?? at) <= at - size) this.dropOldest()
    } else if ((this.#endsAt() ?? at) <= at) this.clear()
    if (!this.dropOverdue(at)) return
    // They left from between others: everything is added up again.
    const left = this.snapshot()
    this.clear()
    this.#enterAll(left)
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

  /** Every matching feedback comes through here: plain loops, no iterators. */
  #enter(place: number): void {
    const { accumulators, cells } = this.#plan
    for (let i = 0; i < accumulators.length; i++) {
      const column = accumulators[i]?.input ?? 0
      const cell = cells[i]
      const beside = this.#beside?.[i]
      if (beside !== undefined) beside.add(this, column, place)
      else if (cell?.of?.enter(this.arena, this.stateAt + cell.at, this, column, place) !== true) {
        this.#takeOver(i)
      }
    }
  }

  #leaveOldest(): void {
    const { accumulators, cells } = this.#plan
    for (let i = 0; i < accumulators.length; i++) {
      const column = accumulators[i]?.input ?? 0
      const cell = cells[i]
      const beside = this.#beside?.[i]
      if (beside !== undefined) beside.remove(this, column, 0)
      else if (cell?.of?.leave(this.arena, this.stateAt + cell.at, this, column, 0) !== true) {
        this.#takeOver(i).remove(this, column, 0)
      }
    }
  }

  /** An accumulator of its own for what does not fit in front of the entries, over all of them. */
  #takeOver(index: number): Accumulator {
    const spec = this.#plan.accumulators[index] ?? { name: 'COUNT', distinct: false, input: 0 }
    const beside = accumulator(spec)
    for (let place = 0; place < this.size; place++) beside.add(this, spec.input, place)
    this.#beside ??= []
    this.#beside[index] = beside
    return beside
  }

  #enterAll({ times, offsets, inputs, until }: EntriesSnapshot): void {
    for (const [place, time] of times.entries()) {
      const values = inputs.map((column) => column[place] ?? null)
      this.append(time, offsets[place] ?? 0, values, until[place] ?? Number.POSITIVE_INFINITY)
      this.#enter(place)
    }
  }

  #endsAt(): number | undefined {
    const { kind, size } = this.#spec
    const { oldest, newest } = this
    if (oldest === undefined || newest === undefined) return undefined
    return kind === 'tumbling' ? (Math.floor(oldest / size) + 1) * size : newest + size
  }
}
