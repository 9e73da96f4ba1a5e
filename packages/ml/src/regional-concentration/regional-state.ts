import { type CaseLogState, emptyCaseLog } from '../detector/case-log.js'
import { type CaseRingState, emptyCaseRing } from '../detector/case-ring.js'
import { layout } from '../detector/derived-index.js'

/** Ids that are kept for each fault as evidence, the latest. */
const mostIds = 200

/** A cell is a week and a region in one number, so that a fault is a few plain columns, and not thousands of objects. */
const regionsInCell = 4096

/** Cells that are never worth being put together. */
const fewCells = 128

/** What was told of a place: nothing is told again before it is worse. */
export type ToldPlace = {
  /** The region that gave the problem its name. */
  readonly name: string
  readonly regions: readonly string[]
  readonly level: 'likely' | 'confirmed'
  readonly cases: number
  /** The week in which it last held, counted from 1970. */
  seen: number
}

/** One fault of one model. Weeks are counted from 1970, regions by their place among the names of the state. */
export type FaultRegions = {
  readonly model: string
  readonly fault: string
  /** week · 4,096 + region; one may stand here several times. */
  cells: number[]
  /** Cases of each cell. */
  counts: number[]
  /** So many cells are put together anew. */
  full: number
  readonly ids: string[]
  /** The region of each id. */
  readonly idRegions: number[]
  /** Ids ever kept; the next stands there modulo their most. */
  idCount: number
  /** The week in which it was last reported. */
  touched: number
  /** Cases counted at the last look, and cases since. */
  looked: number
  fresh: number
  /** Cases in more regions than are kept in mind. */
  uncounted: number
  told: ToldPlace[]
}

export type RegionalState = {
  readonly layout: number
  tenant: string
  /** The week of the latest arrival, counted from 1970; −1 before the first. */
  week: number
  /** The last week that was looked at. */
  looked: number
  /** The week of the earliest case that was counted. */
  since: number
  /** Names of regions; where one was forgotten, null. */
  readonly regions: (string | null)[]
  readonly cases: CaseRingState
  /** Cases by fault, which are not among those of the faults yet. */
  readonly uncounted: CaseLogState
  readonly faults: FaultRegions[]
}

export const emptyRegionalState = (): RegionalState => ({
  layout,
  tenant: '',
  week: -1,
  looked: -1,
  since: Number.MAX_SAFE_INTEGER,
  regions: [],
  cases: emptyCaseRing(),
  uncounted: emptyCaseLog(),
  faults: [],
})

export const emptyFault = (model: string, fault: string): FaultRegions => ({
  model,
  fault,
  cells: [],
  counts: [],
  full: fewCells,
  ids: [],
  idRegions: [],
  idCount: 0,
  touched: -1,
  looked: 0,
  fresh: 0,
  uncounted: 0,
  told: [],
})

export const cellOf = (week: number, region: number): number => week * regionsInCell + region

/** Counts a case in its week, whenever it comes. */
export function countCase(fault: FaultRegions, cell: number, id: string): void {
  const { cells, counts, ids, idRegions } = fault
  fault.fresh++
  cells.push(cell)
  counts.push(1)
  if (cells.length >= fault.full) putTogether(fault)
  const place = fault.idCount++ % mostIds
  ids[place] = id
  idRegions[place] = cell % regionsInCell
}

/** Makes one cell of those that stand there several times. */
function putTogether(fault: FaultRegions): void {
  const sums = new Map<number, number>()
  for (let index = 0; index < fault.cells.length; index++) {
    const cell = fault.cells[index] ?? 0
    sums.set(cell, (sums.get(cell) ?? 0) + (fault.counts[index] ?? 0))
  }
  fault.cells = [...sums.keys()]
  fault.counts = [...sums.values()]
  fault.full = Math.max(fewCells, 2 * sums.size)
}

/** Forgets what happened before the week. */
export function forgetBefore({ cells, counts }: FaultRegions, week: number): void {
  const first = week * regionsInCell
  let kept = 0
  while (kept < cells.length && (cells[kept] ?? 0) >= first) kept++
  if (kept === cells.length) return
  for (let index = kept; index < cells.length; index++) {
    const cell = cells[index] ?? 0
    if (cell < first) continue
    cells[kept] = cell
    counts[kept++] = counts[index] ?? 0
  }
  cells.length = kept
  counts.length = kept
}

/**
 * Cases by the number of the region, one list for each start: from that week on, and before the next one.
 *
 * @param starts weeks in order
 */
export function casesSince(fault: FaultRegions, starts: readonly number[], regions: number): Int32Array[] {
  const spans = starts.map(() => new Int32Array(regions))
  addCasesSince(fault, starts, spans)
  return spans
}

/** Adds them to lists that are there already. */
export function addCasesSince(
  { cells, counts }: FaultRegions,
  starts: readonly number[],
  spans: readonly Int32Array[],
): void {
  const firsts = starts.map((week) => week * regionsInCell)
  for (let index = 0; index < cells.length; index++) {
    const cell = cells[index] ?? 0
    let span = firsts.length - 1
    while (span >= 0 && cell < (firsts[span] ?? 0)) span--
    const into = spans[span]
    if (into === undefined) continue
    const region = cell % regionsInCell
    into[region] = (into[region] ?? 0) + (counts[index] ?? 0)
  }
}

/** The kept ids of cases in these regions, oldest first. */
export function idsIn({ ids, idRegions, idCount }: FaultRegions, regions: ReadonlySet<number>): string[] {
  const oldest = idCount > mostIds ? idCount % mostIds : 0
  const places = ids.map((_, index) => (oldest + index) % ids.length)
  return places.flatMap((place) => (regions.has(idRegions[place] ?? -1) ? [ids[place] ?? ''] : []))
}

/** The regions that have a case of some fault. */
export function regionsInUse({ faults }: RegionalState): ReadonlySet<number> {
  const used = new Set<number>()
  for (const { cells } of faults) for (const cell of cells) used.add(cell % regionsInCell)
  return used
}

/** Ids of cases in regions of which nothing else is left are evidence of nothing. */
export function forgetIds({ idRegions }: FaultRegions, used: ReadonlySet<number>): void {
  for (const [place, region] of idRegions.entries()) if (!used.has(region)) idRegions[place] = -1
}
