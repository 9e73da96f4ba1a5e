import * as z from 'zod'
import type { Change } from './feeds.js'

/** How far a feed has come, as plain data. */
export const progressSchema = z.object({
  /** The newest change that was taken, epoch ms. */
  newest: z.number(),
  /** Where the source once began, epoch ms: nothing before is ever brought. */
  floor: z.number(),
  /** Number and instant of what was taken within the look-back behind the newest. */
  seen: z.array(z.tuple([z.string(), z.string()])),
})
export type Progress = z.output<typeof progressSchema>

/** The progress of a source that begins at this instant. */
export const beginningAt = (floor: number): Progress => ({ newest: floor, floor, seen: [] })

/** Where a round begins: what was saved late is behind the newest. */
export const roundStart = ({ newest, floor }: Progress, lookBackMs: number): number =>
  Math.max(floor, newest - lookBackMs)

/** Those of a page that are new or changed again. */
export function freshOf({ seen }: Progress, changes: readonly Change[]): readonly Change[] {
  const known = new Map(seen)
  return changes.filter(({ key, at }) => known.get(key) !== at)
}

/** The progress when these too were taken. */
export function advanced(progress: Progress, fresh: readonly Change[], lookBackMs: number): Progress {
  const newest = fresh.reduce((latest, { ms }) => Math.max(latest, ms), progress.newest)
  const taken = new Map(progress.seen)
  // Set anew, so that the order is the order of taking.
  for (const { key, at } of fresh) taken.set(key, at)
  const horizon = newest - lookBackMs
  return { ...progress, newest, seen: [...taken].filter(([, at]) => instant(at) >= horizon) }
}

/** Epoch ms of an instant in either version's form. */
const instant = (at: string): number => {
  const v2 = /^\/Date\((-?\d+)/.exec(at)?.[1]
  return v2 === undefined ? Date.parse(at) : Number(v2)
}
