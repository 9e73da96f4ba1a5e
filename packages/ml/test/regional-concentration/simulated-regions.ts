import type { Finding } from '@andon/core/connector'
import type { FeedbackRecord } from '@andon/core/feedback'
import { sampleFeedback, sampleStart } from '@andon/testkit'
import {
  type InstalledBase,
  type RegionalConcentrationOptions,
  regionalConcentration,
} from '../../src/index.js'
import { aliasTable, type Random, randomFrom } from '../../src/scan/random.js'

const day = 86_400_000

export interface Told {
  readonly onDay: number
  readonly region: string
  readonly fault?: string
  readonly unit?: string
  readonly model?: string
}

const { serialNumber: _, customerRef: __, ...sample } = sampleFeedback(0)

export const feedbackOf = (
  index: number,
  { onDay, region, fault = 'E-RUST', unit, model = 'KX-500' }: Told,
): FeedbackRecord => {
  const at = new Date(sampleStart + onDay * day).toISOString()
  return {
    ...sample,
    feedbackId: `f-${index}`,
    receivedAt: at,
    lastOccurrenceTime: at,
    region,
    productModel: model,
    faultCode: { catalog: 'andon', code: fault },
    ...(unit === undefined ? {} : { serialNumber: unit }),
  }
}

/** 20 regions of very different size, in a grid of five by four, two degrees apart. */
export const regions: readonly string[] = Array.from({ length: 20 }, (_region, index) => `R-${index}`)
const sizes = regions.map((_region, index) => 2000 / (1 + index / 4))

export const places: Record<string, { longitude: number; latitude: number }> = Object.fromEntries(
  regions.map((region, index) => [
    region,
    { longitude: 100 + 2 * (index % 5), latitude: 24 + 2 * Math.floor(index / 5) },
  ]),
)

export const models = ['KX-500', 'KX-600', 'KX-700']

/** Each model is sold where the others are, in other shares; what is in service grows by half in the year. */
const unitsOf = (model: string, region: number, month: number): number =>
  Math.round((sizes[(region + 7 * models.indexOf(model)) % 20] ?? 0) * (1 + month / 24))

const inService = models.map((model) =>
  Array.from(
    { length: 30 },
    (_month, month) => new Map(regions.map((region, index) => [region, unitsOf(model, index, month - 6)])),
  ),
)

export const base: InstalledBase = {
  unitsInService: ({ model, at }) =>
    inService[models.indexOf(model)]?.[6 + Math.floor((at.getTime() - sampleStart) / (30 * day))],
}

export interface Planted {
  readonly region: string
  readonly times: number
  readonly fromDay: number
}

/**
 * A year of complaints: `each` of each fault of each model, anywhere in proportion to the units in service there, but that
 * the planted region has `times` as many.
 *
 * @param spread how much the regions differ by nature: the standard deviation of the logarithm of their rates
 */
export function year(
  seed: number,
  each: number,
  faults: readonly (readonly [model: string, fault: string])[],
  { planted, spread = 0 }: { planted?: Planted; spread?: number } = {},
): Told[] {
  const random = randomFrom(seed)
  return faults
    .flatMap(([model, fault]) => {
      const nature = regions.map(() => Math.exp(spread * normal(random)))
      const drawOf = (times: number): ((random: Random) => number) =>
        aliasTable(
          regions.map(
            (region, index) =>
              unitsOf(model, index, 6) * (nature[index] ?? 1) * (region === planted?.region ? times : 1),
          ),
        )
      const [before, after] = [drawOf(1), drawOf(planted?.times ?? 1)]
      return Array.from({ length: each }, (_complaint): Told => {
        const onDay = random.next() * 364
        const region = (onDay < (planted?.fromDay ?? 0) ? before : after)(random)
        return { onDay, model, fault, region: regions[region] ?? '' }
      })
    })
    .sort((a, b) => a.onDay - b.onDay)
}

const normal = (random: Random): number =>
  Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())

/** All that is found, each with the number of complaints up to it; a last complaint ends the last day. */
export function found(
  told: readonly Told[],
  options: RegionalConcentrationOptions,
): { readonly after: number; readonly finding: Finding }[] {
  const detector = regionalConcentration(options)
  const state = detector.init()
  return [...told, { onDay: 372, region: 'nowhere', model: 'none' }].flatMap((one, index) => {
    const feedback = feedbackOf(index, one)
    return detector
      .observe(state, [feedback], new Date(feedback.receivedAt))
      .map((finding) => ({ after: index, finding }))
  })
}
