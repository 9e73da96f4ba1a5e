import type { JsonObject } from '../../../json.js'
import type { AggregatePlan } from '../aggregate/aggregate-plan.js'
import { RunningAggregates } from '../aggregate/running-aggregates.js'
import type { RingArena } from '../memory/ring-arena.js'
import type { Value } from '../value.js'
import { Entries, type EntriesSnapshot, EntryShape } from './entries.js'
import { evidenceKept, type PanedSpec, type Position, type Sight } from './window-spec.js'

/** A tumbling window or session that is still open. */
interface Pane {
  readonly entries: Entries
  readonly aggregates: RunningAggregates
}

export interface PanesSnapshot extends JsonObject {
  readonly kind: 'panes'
  readonly panes: readonly EntriesSnapshot[]
}

/** The open tumbling windows or sessions of one group, oldest first. They close when the watermark reaches their end. */
export class PanedWindow {
  readonly mode = 'paned'
  readonly #spec: PanedSpec
  readonly #plan: AggregatePlan
  readonly #arena: RingArena
  #panes: Pane[]

  constructor(spec: PanedSpec, plan: AggregatePlan, arena: RingArena, from?: PanesSnapshot) {
    this.#spec = spec
    this.#arena = arena
    this.#plan = plan
    this.#panes = (from?.panes ?? []).map((snapshot) => this.#pane(snapshot))
  }

  get size(): number {
    return this.#panes.reduce((sum, { entries }) => sum + entries.size, 0)
  }

  /** Takes an entry in; gives the pane that it is in, before and after. */
  offer(time: number, offset: number, inputs: readonly Value[]): Position {
    const own = this.#panes.filter(({ entries }) => this.#meets(entries, time))
    const before = own.map(({ aggregates }) => aggregates.values())
    const pane = own[0] ?? this.#open(time)
    const joined = own.slice(1)
    for (const other of joined) pane.entries.takeAll(other.entries)
    const place = pane.entries.insert(time, offset, inputs)
    const isLast = place === pane.entries.size - 1 && joined.length === 0
    if (isLast) pane.aggregates.add(pane.entries, place)
    else pane.aggregates.refill(pane.entries, 0, pane.entries.size)
    if (joined.length > 0) this.#panes = this.#panes.filter((other) => !joined.includes(other))
    return { before, after: pane.aggregates.values(), ...restsOn(pane) }
  }

  /** Gives its memory back. */
  clear(): void {
    for (const { entries } of this.#panes) entries.clear()
  }

  dropOldest(): void {
    const [oldest] = this.#panes
    if (oldest === undefined) return
    oldest.aggregates.remove(oldest.entries, 0)
    oldest.entries.dropOldest()
    if (oldest.entries.size > 0) return
    oldest.entries.clear()
    this.#panes.shift()
  }

  /** Closes what the watermark has passed. */
  close(at: number): readonly Sight[] {
    const watermark = at - (this.#spec.lateness ?? 0)
    const closed = this.#panes.filter((pane) => this.#endOf(pane) <= watermark)
    if (closed.length > 0) this.#panes = this.#panes.filter((pane) => !closed.includes(pane))
    return closed.map(lastSight)
  }

  /** When the next pane closes (journal instant). */
  nextExpiry(): number | undefined {
    const ends = this.#panes.map((pane) => this.#endOf(pane))
    return ends.length === 0 ? undefined : Math.min(...ends) + (this.#spec.lateness ?? 0)
  }

  snapshot(): PanesSnapshot {
    return { kind: 'panes', panes: this.#panes.map(({ entries }) => entries.snapshot()) }
  }

  #pane(from?: EntriesSnapshot): Pane {
    const entries = new Entries(this.#arena, new EntryShape(this.#plan.inputs.length), from)
    const aggregates = new RunningAggregates(this.#plan)
    aggregates.refill(entries, 0, entries.size)
    return { entries, aggregates }
  }

  #open(time: number): Pane {
    const pane = this.#pane()
    const behind = this.#panes.findIndex(({ entries }) => (entries.oldest ?? time) > time)
    this.#panes.splice(behind < 0 ? this.#panes.length : behind, 0, pane)
    return pane
  }

  /** Whether an entry of that instant belongs to a pane. */
  #meets({ oldest = 0, newest = 0 }: Entries, time: number): boolean {
    const { kind, size } = this.#spec
    return kind === 'tumbling'
      ? Math.floor(oldest / size) === Math.floor(time / size)
      : time > oldest - size && time < newest + size
  }

  #endOf({ entries: { oldest = 0, newest = 0 } }: Pane): number {
    const { kind, size } = this.#spec
    return kind === 'tumbling' ? (Math.floor(oldest / size) + 1) * size : newest + size
  }
}

function restsOn({ entries }: Pane): Pick<Sight, 'evidence' | 'times'> {
  return {
    evidence: () => entries.latestOffsets(0, entries.size, evidenceKept),
    times: () => entries.timesIn(0, entries.size),
  }
}

/** What a pane came to, kept apart from its memory, which is given back. */
function lastSight({ entries, aggregates }: Pane): Sight {
  const evidence = entries.latestOffsets(0, entries.size, evidenceKept)
  const times = entries.timesIn(0, entries.size)
  const values = aggregates.values()
  entries.clear()
  return { isEmpty: false, values, evidence: () => evidence, times: () => times }
}
