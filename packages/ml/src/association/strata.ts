import { dateOf } from '../detector/instant.js'

/** A month of a model and an age fit below this: 10,000 years of twelve months, and eight ages. */
const perModel = 2 ** 20
const ages = 8
const month = 30.4375 * 86_400_000

/** Upper ends in months: young units fail for other reasons than old ones. */
const ageEdges = [3, 12, 24]

/**
 * Cases are compared with those of the same model, month and age: a batch is of one time, and a fault of one season or of
 * one age would go with it. The age is that since the day of manufacture, where it is told.
 *
 * @param months since the year 0
 * @param manufacturedAt a date
 */
export function stratumOf(
  model: number,
  months: number,
  manufacturedAt: string | undefined,
  at: number,
): number {
  return model * perModel + months * ages + ageOf(manufacturedAt, at)
}

function ageOf(manufacturedAt: string | undefined, at: number): number {
  if (manufacturedAt === undefined) return 0
  const age = (at - dateOf(manufacturedAt)) / month
  const band = ageEdges.findIndex((edge) => age < edge)
  return 1 + (band < 0 ? ageEdges.length : band)
}

/** The same month and age of a model that has another number now. */
export const withModel = (stratum: number, model: number): number => model * perModel + (stratum % perModel)
export const modelOfStratum = (stratum: number): number => Math.floor(stratum / perModel)

/** Smaller strata compare a case with little but itself, and hide what is there. */
const leastInStratum = 30

/** Wider and wider: without the age, without the month, without the model. */
const widenings: readonly ((stratum: number) => number)[] = [
  (stratum) => stratum,
  (stratum) => Math.floor(stratum / ages),
  modelOfStratum,
  () => 0,
]

/**
 * Numbers from 0 for strata; those with few cases are laid together, by month first, then by model, then all of them.
 *
 * @param strata of the cases, by number
 * @param codes of `stratumOf`, by number
 */
export function denseStrata(
  strata: Int32Array,
  codes: readonly number[],
): { readonly of: Int32Array; readonly count: number } {
  const sizes = new Int32Array(codes.length)
  for (const stratum of strata) sizes[stratum] = (sizes[stratum] ?? 0) + 1
  const numbers = new Int32Array(codes.length)
  let count = 0
  let left = codes.flatMap((_, stratum) => ((sizes[stratum] ?? 0) > 0 ? [stratum] : []))
  for (const [level, widen] of widenings.entries()) {
    const groups = new Map<number, { size: number; readonly strata: number[] }>()
    for (const stratum of left) {
      const key = widen(codes[stratum] ?? 0)
      const group = groups.get(key) ?? { size: 0, strata: [] }
      groups.set(key, group)
      group.size += sizes[stratum] ?? 0
      group.strata.push(stratum)
    }
    left = []
    for (const group of groups.values()) {
      if (group.size < leastInStratum && level < widenings.length - 1) left.push(...group.strata)
      else {
        for (const stratum of group.strata) numbers[stratum] = count
        count++
      }
    }
  }
  const of = strata.slice()
  for (let index = 0; index < of.length; index++) of[index] = numbers[of[index] ?? 0] ?? 0
  return { of, count }
}
