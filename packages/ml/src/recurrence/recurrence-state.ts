import { layout } from '../detector/derived-index.js'
import { emptyNameless, type NamelessState } from './nameless-state.js'
import type { UnitReport } from './unit-history.js'

/** What was told of a fault: nothing is told again before it is worse. */
export type Told = { level: 'nothing' | 'watch' | 'confirmed'; recurrences: number }

/** One fault of one model. It is kept in mind as long as one of its units is. */
export type FaultState = {
  readonly model: string
  readonly fault: string
  /** Its unit that came last, by sequence number. */
  latest: number
  units: number
  /** Units on which it came back, late ones too. */
  backCount: number
  /** Units that had to be forgotten. */
  forgotten: number
  /** The number of returned units at which it is looked at next. */
  nextLook: number
  told: Told
}

/**
 * Units that had a fault, column by column, in the order in which they first had it: the one with the sequence number n
 * stands at n modulo their most. A number below `count − most` is that of a unit that is forgotten.
 */
export type UnitColumns = {
  count: number
  /** Of the unit with the fault and the model with it: `keyOfPair` of the two keys of a reading. */
  readonly keys: number[]
  /** By its place. */
  readonly fault: number[]
  /** The unit before it with the same fault; −1 for none. */
  readonly ofFault: number[]
  /** The first report that came: most units have no other. 1 for one by a technician. */
  readonly at: number[]
  readonly ids: string[]
  readonly repair: number[]
  /** All reports of those that have several, by place. */
  readonly several: Record<string, readonly UnitReport[]>
}

export type RecurrenceState = {
  readonly layout: number
  /** The latest arrival so far, in milliseconds: the time up to which units were watched. */
  now: number
  /** As it was set when the memory began: the columns are laid out by it. */
  readonly mostUnits: number
  readonly units: UnitColumns
  /** By place; null where one has been forgotten. */
  readonly faults: (FaultState | null)[]
  /** Places of forgotten faults. */
  readonly free: number[]
  readonly nameless: NamelessState
}

export const emptyState = (mostUnits: number): RecurrenceState => ({
  layout,
  now: 0,
  mostUnits,
  units: {
    ...{ count: 0, keys: [], fault: [], ofFault: [] },
    ...{ at: [], ids: [], repair: [], several: {} },
  },
  faults: [],
  free: [],
  nameless: emptyNameless(),
})
