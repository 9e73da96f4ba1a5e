import type { JsonObject } from '../../json.js'
import { type Accumulator, type AggregateSpec, accumulator } from './accumulator.js'
import type { Value } from './value.js'

/** How many feedbacks are kept by offset as evidence of a finding. */
const evidenceKept = 10

/** The state of one group of one rule, as it stands in a snapshot. */
export interface GroupSnapshot extends JsonObject {
  readonly key: string
  readonly tenant: string
  readonly values: readonly Value[]
  readonly times: readonly number[]
  readonly inputs: readonly (readonly Value[])[]
  readonly evidence: readonly number[]
  readonly windowStart: number
  readonly firing: boolean
  readonly lastFired: number | null
  readonly firings: number
}

/**
 * The window of one group: a ring of instants and aggregate inputs, oldest first, with aggregates kept
 * up to date as entries enter and leave. Entries leave when they are `size` old.
 */
export class Group {
  readonly key: string
  readonly tenant: string
  readonly values: readonly Value[]
  /** Journal offsets of the latest entries. */
  readonly evidence: number[]
  windowStart: number
  firing: boolean
  lastFired: number | null
  firings: number
  /** When the engine will look at it next; Infinity when not scheduled. */
  dueAt = Number.POSITIVE_INFINITY
  #times: number[]
  #inputs: Value[][]
  #head = 0
  #accumulators: Accumulator[]
  readonly #specs: readonly AggregateSpec[]

  constructor(specs: readonly AggregateSpec[], from: GroupSnapshot) {
    this.#specs = specs
    this.key = from.key
    this.tenant = from.tenant
    this.values = from.values
    this.evidence = [...from.evidence]
    this.windowStart = from.windowStart
    this.firing = from.firing
    this.lastFired = from.lastFired
    this.firings = from.firings
    this.#times = [...from.times]
    this.#inputs = specs.map((_, index) => [...(from.inputs[index] ?? [])])
    this.#accumulators = specs.map((spec, index) => {
      const filled = accumulator(spec)
      for (const value of this.#inputs[index] ?? []) filled.add(value)
      return filled
    })
  }

  get size(): number {
    return this.#times.length - this.#head
  }

  get oldest(): number | undefined {
    return this.#times[this.#head]
  }

  get newest(): number | undefined {
    return this.size > 0 ? this.#times.at(-1) : undefined
  }

  liveTimes(): readonly number[] {
    return this.#times.slice(this.#head)
  }

  add(at: number, offset: number, inputs: readonly Value[]): void {
    this.#times.push(at)
    // Every matching feedback comes through here: plain loops, no iterators.
    for (let i = 0; i < inputs.length; i++) {
      const value = inputs[i] ?? null
      this.#inputs[i]?.push(value)
      this.#accumulators[i]?.add(value)
    }
    this.evidence.push(offset)
    if (this.evidence.length > evidenceKept) this.evidence.shift()
  }

  /** Drops entries up to and including the instant `until`. */
  evict(until: number): void {
    while (this.#head < this.#times.length && (this.#times[this.#head] ?? 0) <= until) this.dropOldest()
  }

  dropOldest(): void {
    for (let i = 0; i < this.#inputs.length; i++) {
      this.#accumulators[i]?.remove(this.#inputs[i]?.[this.#head] ?? null)
    }
    this.#head++
    // Moving the rest down now and then keeps dropping cheap and memory bounded.
    if (this.#head > 64 && this.#head * 2 > this.#times.length) this.#compact()
  }

  /** Empties it for a new tumbling window. */
  restart(windowStart: number): void {
    this.windowStart = windowStart
    this.firing = false
    this.#times = []
    this.#inputs = this.#specs.map(() => [])
    this.#accumulators = this.#specs.map(accumulator)
    this.#head = 0
    this.evidence.length = 0
  }

  aggregates(): readonly Value[] {
    return this.#accumulators.map((filled, index) =>
      filled.value(() => (this.#inputs[index] ?? []).slice(this.#head)),
    )
  }

  snapshot(): GroupSnapshot {
    this.#compact()
    const { key, tenant, values, windowStart, firing, lastFired, firings } = this
    return {
      key,
      tenant,
      values,
      times: [...this.#times],
      inputs: this.#inputs.map((inputs) => [...inputs]),
      evidence: [...this.evidence],
      windowStart,
      firing,
      lastFired,
      firings,
    }
  }

  #compact(): void {
    this.#times.splice(0, this.#head)
    for (const values of this.#inputs) values.splice(0, this.#head)
    this.#head = 0
  }
}
