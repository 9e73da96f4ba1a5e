import type { FeedbackRecord } from '@andon/core/feedback'
import { random } from './random.ts'

/**
 * How 1,000 rules share the work. `apart`: one rule for each of 1,000 fault codes, each over the 10 groups of its code;
 * every complaint goes into one window. `together`: four for each of 250 codes over 40 groups; three judge the same
 * sliding hour and one a tumbling hour or a session, so every complaint goes into two windows and is judged four times.
 */
export const layouts = ['apart', 'together'] as const
export type Layout = (typeof layouts)[number]

const modelCount = 5
const names = (count: number, nameOf: (i: number) => string): readonly string[] =>
  Array.from({ length: count }, (_, i) => nameOf(i))
const faultsOf = (layout: Layout): readonly string[] =>
  names(layout === 'apart' ? 1000 : 250, (i) => `E-${String(i).padStart(3, '0')}`)
const models = names(modelCount, (i) => `KX-${500 + i}`)
const batchesOf = (layout: Layout): readonly string[] =>
  names(layout === 'apart' ? 2 : 8, (i) => `C24-${100 + i}`)

const sliding = "WINDOW SLIDING INTERVAL '1 hour'"

/** What the rules of one fault code judge, in turn. */
const judgements: readonly (readonly [name: string, select: string, rest: string])[] = [
  [
    'units',
    'COUNT(DISTINCT serial_number) AS units',
    `${sliding} HAVING COUNT(DISTINCT serial_number) >= 60`,
  ],
  [
    'mean',
    'AVG(severity_score) AS mean, COUNT(*) AS n',
    `${sliding} HAVING AVG(severity_score) > 7 AND COUNT(*) >= 30 ONCE PER INTERVAL '1 day'`,
  ],
  [
    'severe',
    'SHARE(*) FILTER (WHERE severity_score > 8) AS severe',
    `${sliding} HAVING SHARE(*) FILTER (WHERE severity_score > 8) > 0.4 AND COUNT(*) >= 30 FOR INTERVAL '5 minutes'`,
  ],
  [
    'hourly',
    'SUM(severity_score) AS total',
    "WINDOW TUMBLING INTERVAL '1 hour' HAVING SUM(severity_score) > 300",
  ],
  [
    'burst',
    'COUNT(*) AS n, MAX(severity_score) AS worst',
    "WINDOW SESSION INTERVAL '5 minutes' HAVING COUNT(*) >= 40 KEEP FIRING FOR INTERVAL '10 minutes'",
  ],
]

/** Which of the judgements a fault code has rules for. */
const judgedBy = (layout: Layout, fault: number): readonly number[] =>
  layout === 'apart' ? [fault % judgements.length] : [0, 1, 2, fault % 2 === 0 ? 3 : 4]

/** 1,000 rules, in the rule language. */
export function windowedRules(layout: Layout): readonly string[] {
  return faultsOf(layout).flatMap((fault, i) =>
    judgedBy(layout, i).map((which) => {
      const [name, select, rest] = judgements[which] ?? ['', '', '']
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

/** Picks an item by its rank. */
function ranked(of: readonly string[], spread: Spread, next: () => number): () => string {
  const upTo: number[] = []
  let total = 0
  for (let rank = 1; rank <= of.length; rank++) {
    total += spread === 'pareto' ? 1 / rank : 1
    upTo.push(total)
  }
  return () => {
    const drawn = next() * total
    let low = 0
    let high = of.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      if ((upTo[middle] ?? 0) <= drawn) low = middle + 1
      else high = middle
    }
    return of[low] ?? ''
  }
}

/** An endless stream of complaints, fresh ones as they come from a parser. */
export function stream(layout: Layout, spread: Spread, seed: number): () => FeedbackRecord {
  const next = random(seed)
  const fault = ranked(faultsOf(layout), spread, next)
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
