import fc from 'fast-check'
import type { JournalFeedback } from '../../../src/connector/store.js'
import { complaint, start } from './feed.js'

/** One complaint of a random journal, in whole seconds after the start. */
export interface Given {
  readonly entry: JournalFeedback
  readonly seconds: number
  /** Event time. */
  readonly happened: number
  readonly model: string
  readonly unit: string
  readonly severity: number
  readonly fault: string | null
}

/**
 * Complaints with gaps of 0 to 20 seconds, reported up to `delay` seconds after they happened, over two models and
 * six units that complain again and again.
 */
export const journals = (delay = 0, maxLength = 60): fc.Arbitrary<readonly Given[]> =>
  journalsOf(fc.oneof(fc.constantFrom(0, 5, 10), fc.nat(20)), delay, { maxLength })

/** The same with six complaints a second on average: some ninety a model in half a minute. */
export const crowds = (): fc.Arbitrary<readonly Given[]> =>
  journalsOf(fc.constantFrom(0, 0, 0, 0, 0, 1), 0, { minLength: 200, maxLength: 400 })

const journalsOf = (
  gaps: fc.Arbitrary<number>,
  delay: number,
  lengths: fc.ArrayConstraints,
): fc.Arbitrary<readonly Given[]> =>
  fc
    .array(
      fc.record({
        gap: gaps,
        delay: fc.oneof(fc.constant(0), fc.nat(delay)),
        model: fc.constantFrom('A', 'B'),
        region: fc.constantFrom('CN-GD', 'DE-BY', undefined),
        unit: fc.nat(5),
        severity: fc.nat(10),
        fault: fc.constantFrom('E-1', 'E-2', null),
      }),
      lengths,
    )
    .map((items) => {
      let seconds = 0
      return items.map(({ gap, delay: late, model, region, unit, severity, fault }, index): Given => {
        seconds += gap
        const happened = seconds - late
        const entry = complaint(index + 1, seconds, {
          lastOccurrenceTime: new Date(start + happened * 1000).toISOString(),
          productModel: model,
          region,
          serialNumber: `SN-${unit}`,
          severityScore: severity,
          faultCode: fault === null ? undefined : { catalog: 'andon', code: fault },
        })
        return { entry, seconds, happened, model, unit: `SN-${unit}`, severity, fault }
      })
    })

/** What every aggregate of `aggregates` is over some complaints, worked out from nothing. */
export function naive(
  inside: readonly Given[],
  windowSeconds: number,
): Readonly<Record<string, number | null>> {
  const severities = inside.map(({ severity }) => severity)
  const faulty = inside.filter(({ fault }) => fault === 'E-1')
  const units = (some: readonly Given[]): number => new Set(some.map(({ unit }) => unit)).size
  const total = severities.reduce((sum, value) => sum + value, 0)
  return {
    n: inside.length,
    units: units(inside),
    faulty: faulty.length,
    share: faulty.length / inside.length,
    unit_share: units(faulty) / units(inside),
    total,
    mean: total / inside.length,
    low: Math.min(...severities),
    high: Math.max(...severities),
    high_faulty: faulty.length === 0 ? null : Math.max(...faulty.map(({ severity }) => severity)),
    p75: percentile(severities, 0.75),
    ...(windowSeconds > 0 ? { rate: (inside.length * 60) / windowSeconds } : {}),
  }
}

function percentile(values: readonly number[], fraction: number): number {
  const sorted = [...values].sort((a, b) => a - b)
  const place = fraction * (sorted.length - 1)
  const low = sorted[Math.floor(place)] ?? Number.NaN
  const high = sorted[Math.ceil(place)] ?? Number.NaN
  return low + (place - Math.floor(place)) * (high - low)
}

/** SELECT items that `naive` knows; RATE only for windows of a fixed length. */
export const aggregates = (fixed: boolean): string => `COUNT(*) AS n, COUNT(DISTINCT serial_number) AS units,
  COUNT(*) FILTER (WHERE fault_code = 'E-1') AS faulty, SHARE(*) FILTER (WHERE fault_code = 'E-1') AS share,
  SHARE(DISTINCT serial_number) FILTER (WHERE fault_code = 'E-1') AS unit_share,
  SUM(severity_score) AS total, AVG(severity_score) AS mean, MIN(severity_score) AS low,
  MAX(severity_score) AS high, MAX(severity_score) FILTER (WHERE fault_code = 'E-1') AS high_faulty,
  PERCENTILE(severity_score, 0.75) AS p75${fixed ? ", RATE(INTERVAL '1 minute') AS rate" : ''}`
