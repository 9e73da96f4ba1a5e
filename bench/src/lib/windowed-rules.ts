import type { FeedbackRecord } from '@andon/core/feedback'
import { random } from './random.ts'

const faultCount = 250
const modelCount = 8
const batchCount = 5

const faults = Array.from({ length: faultCount }, (_, i) => `E-${String(i).padStart(3, '0')}`)
const models = Array.from({ length: modelCount }, (_, i) => `KX-${500 + i}`)
const batches = Array.from({ length: batchCount }, (_, i) => `C24-${100 + i}`)

/**
 * 1,000 rules, four for each of 250 fault codes; each looks at the 40 groups of its code, 10,000 in all. Three judge
 * the same sliding hour in different ways, and the fourth a tumbling hour or a session: every complaint goes into
 * two windows and is judged by four rules.
 */
export function windowedRules(): readonly string[] {
  return faults.flatMap((fault, i) => {
    const from = `FROM feedbacks WHERE fault_code = '${fault}' GROUP BY product_model, component_batches.compressor`
    const rule = (name: string, select: string, rest: string): string =>
      `CREATE RULE ${name}_${i} AS SELECT ${select} ${from} ${rest} ESCALATE TO quality;`
    return [
      rule(
        'units',
        'COUNT(DISTINCT serial_number) AS units',
        "WINDOW SLIDING INTERVAL '1 hour' HAVING COUNT(DISTINCT serial_number) >= 60",
      ),
      rule(
        'mean',
        'AVG(severity_score) AS mean, COUNT(*) AS n',
        "WINDOW SLIDING INTERVAL '1 hour' HAVING AVG(severity_score) > 7 AND COUNT(*) >= 20 ONCE PER INTERVAL '1 day'",
      ),
      rule(
        'severe',
        'SHARE(*) FILTER (WHERE severity_score > 8) AS severe',
        "WINDOW SLIDING INTERVAL '1 hour' HAVING SHARE(*) FILTER (WHERE severity_score > 8) > 0.4 AND COUNT(*) >= 20 FOR INTERVAL '5 minutes'",
      ),
      i % 2 === 0
        ? rule(
            'hourly',
            'SUM(severity_score) AS total',
            "WINDOW TUMBLING INTERVAL '1 hour' HAVING SUM(severity_score) > 300",
          )
        : rule(
            'burst',
            'COUNT(*) AS n, MAX(severity_score) AS worst',
            "WINDOW SESSION INTERVAL '5 minutes' HAVING COUNT(*) >= 40 KEEP FIRING FOR INTERVAL '10 minutes'",
          ),
    ]
  })
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

/** An endless stream of complaints, fresh ones as they come from a parser; every group is as likely as another. */
export function stream(seed: number): () => FeedbackRecord {
  const next = random(seed)
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
      faultCode: { catalog: 'andon', code: pick(faults) },
      severityScore: Math.floor(next() * 101) / 10,
      safetyFlags,
      tenant: 'default',
      schemaVersion: 1,
      fingerprint: 'f1:bench',
    }
  }
}
