import type { Finding } from '@andon/core/connector'
import type { FeedbackRecord } from '@andon/core/feedback'
import { sampleFeedback, sampleStart } from '@andon/testkit'
import { type EmergingIssueOptions, type EmergingState, emergingIssue } from '../../src/index.js'
import type { Random } from '../../src/scan/random.js'

export const day = 86_400_000
const sample = sampleFeedback(0)

/** One complaint: when it happened and when it was told, in days. */
export interface Complaint {
  readonly at: number
  readonly told: number
  readonly model: string
  readonly fault: string
  readonly unit?: string
  readonly fire?: boolean
}

/** Feedback in the order in which it arrives. */
export function streamOf(complaints: readonly Complaint[]): FeedbackRecord[] {
  return [...complaints]
    .sort((a, b) => a.told - b.told)
    .map(({ at, told, model, fault, unit, fire = false }, index) => ({
      ...sample,
      feedbackId: `f-${index}`,
      serialNumber: unit ?? `S-${index}`,
      productModel: model,
      faultCode: { catalog: 'andon', code: fault },
      receivedAt: new Date(sampleStart + told * day).toISOString(),
      lastOccurrenceTime: new Date(sampleStart + at * day).toISOString(),
      safetyFlags: { ...sample.safetyFlags, fire },
    }))
}

export interface World {
  readonly models: number
  readonly faults: number
  readonly years: number
  /** Complaints a week, over all models and faults. */
  readonly perWeek: number
  /** How different the models are: half the range of the logarithm of a fault's rate; 2 unless told. */
  readonly spread?: number
  /** Mean delay of a report, exponential, in days; 20 unless told. */
  readonly delay?: number
  /** How much more of M-0's fault with the number `rising` (0 unless told) happens on a day; 1 unless told. */
  readonly times?: (onDay: number) => number
  readonly rising?: number
  /** How much more of all happens on a day, at most 1: a season, a growing fleet. */
  readonly volume?: (onDay: number) => number
}

/** Models that have faults at rates of their own, and complaints by chance. */
export function world(
  random: Random,
  { models, faults, years, perWeek, delay = 20, spread = 2, times, rising = 0, volume }: World,
): Complaint[] {
  const end = years * 365
  const weights = Array.from({ length: models * faults }, (_, pair) => {
    const fault = pair % faults
    return Math.exp(spread * (random.next() + random.next() - 1)) / (fault + 1)
  })
  const sum = weights.reduce((all, weight) => all + weight, 0)
  const complaints: Complaint[] = []
  for (const [pair, weight] of weights.entries()) {
    const planted = pair === rising ? times : undefined
    const most = planted === undefined ? 1 : 10
    const perDay = ((perWeek / 7) * weight * most) / sum
    // Thinned from the highest rate that may be.
    for (let at = waiting(random, perDay); at < end; at += waiting(random, perDay)) {
      if (random.next() * most > (volume?.(at) ?? 1) * (planted?.(at) ?? 1)) continue
      const told = at + waiting(random, 1 / delay)
      if (told < end)
        complaints.push({ at, told, model: `M-${Math.floor(pair / faults)}`, fault: `E-${pair % faults}` })
    }
  }
  return complaints
}

/**
 * Twelve units whose owners tell within a week, some day after the first year, of a fault that they had two to seven years
 * before: a letter or a newspaper has reminded them.
 */
export function oldReports(random: Random, { models, faults, years }: World): Complaint[] {
  const from = 365 + random.next() * (years * 365 - 372)
  const model = `M-${Math.floor(random.next() * models)}`
  const fault = `E-${Math.floor(random.next() * faults)}`
  return Array.from({ length: 12 }, () => {
    const told = from + random.next() * 7
    return { at: told - (2.01 + random.next() * 5) * 365.25, told, model, fault }
  })
}

const waiting = (random: Random, perDay: number): number => -Math.log(1 - random.next()) / perDay

export interface Ran {
  readonly findings: readonly Finding[]
  readonly state: EmergingState
}

export function run(stream: readonly FeedbackRecord[], options: EmergingIssueOptions = {}): Ran {
  const detector = emergingIssue(options)
  const state = detector.init()
  return { findings: detector.observe(state, stream, new Date(stream.at(-1)?.receivedAt ?? 0)), state }
}
