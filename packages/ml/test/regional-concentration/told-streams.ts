import type { Finding } from '@andon/core/connector'
import type { FeedbackRecord } from '@andon/core/feedback'
import {
  type InstalledBase,
  installedBase,
  type RegionalConcentrationOptions,
  type RegionalState,
  regionalConcentration,
} from '../../src/index.js'
import { FaultPlaces } from '../../src/regional-concentration/fault-places.js'
import type { FaultRegions } from '../../src/regional-concentration/regional-state.js'
import { feedbackOf, type Told } from './simulated-regions.js'

export const streamOf = (told: readonly Told[]): FeedbackRecord[] =>
  told.map((one, index) => feedbackOf(index, { unit: `S-${index}`, ...one }))

export interface Ran {
  readonly findings: readonly Finding[]
  readonly state: RegionalState
}

export function run(stream: readonly FeedbackRecord[], options: RegionalConcentrationOptions = {}): Ran {
  const detector = regionalConcentration(options)
  const state = detector.init()
  const findings = stream.flatMap((feedback) =>
    detector.observe(state, [feedback], new Date(feedback.receivedAt)),
  )
  return { findings, state }
}

/** Four regions with 1,000 units each. */
export const four: InstalledBase = installedBase(
  ['north', 'east', 'south', 'west'].map((region) => ({
    model: 'KX-500',
    region,
    from: '2025-01-01',
    units: 1000,
  })),
)

/** One case a day in turn; the weights say how many of eight turns are a region's. */
export const turns = (days: number, ...regions: readonly string[]): Told[] =>
  Array.from({ length: days }, (_, onDay) => ({ onDay, region: regions[onDay % regions.length] ?? '' }))

export const later =
  (days: number): ((told: Told) => Told) =>
  (told) => ({ ...told, onDay: told.onDay + days })

/** The faults when all cases are counted: the latest wait in a log. */
export function faultsOf({ state }: Pick<Ran, 'state'>): readonly FaultRegions[] {
  const copy: RegionalState = structuredClone(state)
  new FaultPlaces(copy, 2000, 1000).countAll()
  return copy.faults
}

/** Cases by fault, week and region. */
export function tableOf({ state }: Ran): unknown {
  const table: Record<string, number> = {}
  for (const { fault, cells, counts } of faultsOf({ state }))
    for (const [index, cell] of cells.entries()) {
      const key = `${fault} ${Math.floor(cell / 4096)} ${state.regions[cell % 4096]}`
      table[key] = (table[key] ?? 0) + (counts[index] ?? 0)
    }
  return table
}
