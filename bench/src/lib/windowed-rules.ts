import type { FeedbackRecord } from '@andon/core/feedback'
import { random } from './random.ts'

/**
 * How 1,000 rules share the work. `counts` and `mixed`: one rule for each of 1,000 fault codes, each over the 10 groups
 * of its code; every complaint goes into one window. `counts` has what most rules ask, COUNT(*) and COUNT(DISTINCT
 * serial_number) over a sliding hour; `mixed` every kind of window and aggregate in turn. `together`: four for each of 250 codes over 40 groups; three judge the same
 * sliding hour and one a tumbling hour or a session, so every complaint goes into two windows and is judged four times.
 */
export const layouts = ['counts', 'mixed', 'together'] as const
export type Layout = (typeof layouts)[number]

const modelCount = 5
const names = (count: number, nameOf: (i: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, i) => nameOf(i))
const faultsOf = (layout: Layout): readonly string[] =>
  names(layout === 'together' ? 250 : 1000, (i) => `E-${String(i).padStart(3, '0')}`)
const models = names(modelCount, (i) => `KX-${500 + i}`)
const batchesOf = (layout: Layout): readonly string[] =>
  names(layout === 'together' ? 8 : 2, (i) => `C24-${100 + i}`)

const sliding = "WINDOW SLIDING INTERVAL '1 hour'"

/** What the rules of one fault code judge, in turn; `much` is a number of complaints that is unusual for an hour. */
const judgements: readonly ((much: number) => readonly [name: string, select: string, rest: string])[] = [
  (much) => ['wave', 'COUNT(*) AS n', `${sliding} HAVING COUNT(*) >= ${much}`],
  (much) => [
    'units',
    'COUNT(DISTINCT serial_number) AS units',
    `${sliding} HAVING COUNT(DISTINCT serial_number) >= ${much}`,
  ],
  (much) => [
    'mean',
    'AVG(severity_score) AS mean, COUNT(*) AS n',
    `${sliding} HAVING AVG(severity_score) > 6 AND COUNT(*) >= ${much} ONCE PER INTERVAL '1 day'`,
  ],
  (much) => [
    'severe',
    'SHARE(*) FILTER (WHERE severity_score > 8) AS severe',
    `${sliding} HAVING SHARE(*) FILTER (WHERE severity_score > 8) > 0.3 AND COUNT(*) >= ${much} FOR INTERVAL '1 minute'`,
  ],
  (much) => [
    'hourly',
    'SUM(severity_score) AS total',
    `WINDOW TUMBLING INTERVAL '1 hour' HAVING SUM(severity_score) >= ${5 * much}`,
  ],
  () => [
    'burst',
    'COUNT(*) AS n, MAX(severity_score) AS worst',
    "WINDOW SESSION INTERVAL '20 seconds' HAVING COUNT(*) >= 12 KEEP FIRING FOR INTERVAL '10 minutes'",
  ],
]

/** Which of the judgements a fault code has rules for. */
function judgedBy(layout: Layout, fault: number): readonly number[] {
  switch (layout) {
    case 'counts':
      return [fault % 2]
    case 'mixed':
      return [fault % judgements.length]
    case 'together':
      return [1, 2, 3, fault % 2 === 0 ? 4 : 5]
  }
}

/** How many complaints are unusual for a group of a fault: a third more than it usually has in an hour, and six. */
export function unusual(layout: Layout, spread: Spread, perSecond: number): (fault: string) => number {
  const faults = faultsOf(layout)
  const groups = models.length * batchesOf(layout).length
  const levels = sharesOf(faults.length, spread).map((share, i): [string, number] => [
    faults[i] ?? '',
    Math.ceil((1.3 * share * perSecond * 3600) / groups) + 6,
  ])
  const byFault = new Map(levels)
  return (fault) => byFault.get(fault) ?? 0
}

/** 1,000 rules, in the rule language, set so that they seldom fire. */
export function windowedRules(layout: Layout, spread: Spread, perSecond: number): readonly string[] {
  const muchOf = unusual(layout, spread, perSecond)
  return faultsOf(layout).flatMap((fault, i) =>
    judgedBy(layout, i).map((which) => {
      const [name = '', select = '', rest = ''] = judgements[which]?.(muchOf(fault)) ?? []
      return `CREATE RULE ${name}_${i} AS SELECT ${select} FROM feedbacks WHERE fault_code = '${fault}'
        GROUP BY product_model, component_batches.compressor ${rest} ESCALATE TO quality;`
    }),
  )
}

const instant = new Date(Date.UTC(2026, 0, 1)).toISOString()
const safetyFlags = {
  fire: false,
  injury: false,
  electricShock: false,
  leak: false,
  breakdown: false,
  reportable: false,
}

/**
 * How complaints fall on the groups. `pareto`: the k-th commonest fault is 1/k as common as the first (Zipf's law with
 * exponent 1), so that the tenth of the groups that is worst off has 69 % of all complaints and the worst hundredth
 * 39 %; in the NHTSA complaints of `../shared/data`, by model, year and component, it is 70 % and 37 %. `even`: every
 * group is as likely as another, which no cache can do anything about.
 */
export const spreads = ['pareto', 'even'] as const
export type Spread = (typeof spreads)[number]

/** The share of all complaints that each of so many faults has, the commonest first. */
function sharesOf(count: number, spread: Spread): readonly number[] {
  const weights = Array.from({ length: count }, (_, i) => (spread === 'pareto' ? 1 / (i + 1) : 1))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}

/** Picks an item by its share. */
function picker(of: readonly string[], shares: readonly number[], next: () => number): () => string {
  let upTo = 0
  const ends = shares.map((share) => {
    upTo += share
    return upTo
  })
  return () => {
    const drawn = next() * upTo
    let low = 0
    let high = of.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((ends[middle] ?? 0) <= drawn) low = middle + 1
      else high = middle
    }
    return of[low] ?? ''
  }
}

/** An endless stream of complaints, fresh ones as they come from a parser. */
export function stream(layout: Layout, spread: Spread, seed: number): () => FeedbackRecord {
  const next = random(seed)
  const faults = faultsOf(layout)
  const fault = picker(faults, sharesOf(faults.length, spread), next)
  const batches = batchesOf(layout)
  const pick = (of: readonly string[]): string => of[Math.floor(next() * of.length)] ?? ''
  let made = 0
  return () => {
    made++
    return {
      feedbackId: `018f3c5a-7b2c-7000-8000-${String(made).padStart(12, '0')}`,
      channel: 'web',
      source: 'bench',
      sourceMessageId: `m${made}`,
      receivedAt: instant,
      lastOccurrenceTime: instant,
      language: 'en',
      customerRole: 'consumer',
      productCategory: 'refrigerator',
      productLine: '高端系列',
      productModel: pick(models),
      serialNumber: `SN-${Math.floor(next() * 50_000)}`,
      componentBatches: { compressor: pick(batches) },
      symptomText: 'The fridge swings between 2 and 8 °C at night.',
      faultCode: { catalog: 'andon', code: fault() },
      severityScore: Math.floor(next() * 101) / 10,
      safetyFlags,
      tenant: 'default',
      schemaVersion: 1,
      fingerprint: 'f1:bench',
    }
  }
}
