import { appPayload, storePayload, webPayload } from '../payloads.mjs'
import { seeded } from '../random.mjs'

/** @typedef {import('@andon/core').RawPayload} RawPayload */

/**
 * @typedef {object} Plan what every run of one seed has in common
 * @property {number} seed
 * @property {number} batches
 * @property {number} perBatch
 */

/** Batch k is always ingested at this instant, also when it is sent again after a kill. */
export const instantOf = (/** @type {number} */ batch) => Date.UTC(2026, 2, 1) + batch * 300_000

const models = ['KX-500', 'KX-520', 'KX-540', 'KX-560']
const compressors = Array.from({ length: 24 }, (_, index) => `C-${index}`)
const faults = ['E-COOL-01', 'E-COOL-02', 'E-DISP-01', 'E-NOISE-03']
const regions = ['CN-GD', 'CN-ZJ', 'CN-SC', 'DE-BY']
const texts = [
  'Between 2 and 8 °C at night the fridge hums and the milk gets warm.',
  '夜里2到8度之间来回跳，早上牛奶都不凉。',
  'The display stays dark, case',
  'It makes a grinding noise when the door opens.',
]

/** Sliding and tumbling windows, rising and falling edges, single reports, ONCE PER, time alone, six kinds of action. */
export const rules = `
CREATE RULE compressor_batch_hold FOR STAGE assembly AS
SELECT component_batches.compressor AS batch, COUNT(DISTINCT serial_number) AS units
FROM feedbacks
WHERE fault_code IN ('E-COOL-01', 'E-COOL-02')
GROUP BY product_model, component_batches.compressor
WINDOW SLIDING INTERVAL '6 hours'
HAVING COUNT(DISTINCT serial_number) >= 5
ONCE PER INTERVAL '1 day'
THEN material.hold (batch = batch, component = 'compressor', reason = 'cooling failure on {units} units') ON plant WITH PRIORITY 1,
     schedule.rework (batch = batch, reason = 'units built with {batch}') ON plant WITH PRIORITY 2;

CREATE RULE busy_quarter AS
SELECT product_model AS model, COUNT(*) AS reports, SUM(severity_score) AS weight
FROM feedbacks
GROUP BY product_model
WINDOW TUMBLING INTERVAL '6 hours'
HAVING COUNT(*) >= 40
THEN quality.notification (title = 'busy quarter of {model}', text = '{reports} reports of {model}, weight {weight}', product_model = model) ON plant;

CREATE RULE severe_region AS
SELECT region, AVG(severity_score) AS mean, MAX(severity_score) AS worst
FROM feedbacks
WHERE fault_code = 'E-DISP-01'
GROUP BY region
WINDOW SLIDING INTERVAL '90 minutes'
HAVING AVG(severity_score) > 5.9 AND COUNT(*) >= 4
THEN notify (to = 'region', text = '{region}: mean {mean}, worst {worst}') ON plant WITH PRIORITY 4;

CREATE RULE grave_report AS
SELECT * FROM feedbacks
WHERE severity_score > 9.3
ONCE PER INTERVAL '4 hours'
ESCALATE TO production_team WITH PRIORITY 1;

CREATE RULE noise_inspection AS
SELECT product_model AS model FROM feedbacks
WHERE fault_code = 'E-NOISE-03' AND severity_score > 8.8
THEN inspection.request (product_model = model, reason = 'grinding noise') ON plant;

CREATE RULE still_cooling_badly AS
SELECT product_model AS model, COUNT(*) AS reports
FROM feedbacks
WHERE fault_code = 'E-COOL-02'
GROUP BY product_model
WINDOW SLIDING INTERVAL '3 hours'
HAVING COUNT(*) >= 8
ONCE PER INTERVAL '1 hour'
ESCALATE TO cooling_team WITH PRIORITY 3;

CREATE RULE cooler_moulding AS
SELECT COUNT(*) AS reports
FROM feedbacks
WHERE fault_code = 'E-NOISE-03'
GROUP BY product_line
WINDOW SLIDING INTERVAL '2 days'
HAVING COUNT(*) >= 60
ONCE PER INTERVAL '300 days'
THEN parameter.adjust (equipment = 'IM-04', parameter = 'mould_temperature', from = 60, to = 58, unit = 'Cel',
  low = 50, high = 70, max_step = 3, reason = '{reports} doors that grind') ON plant WITH PRIORITY 2;
`

/** The plant as it opens. */
export const floor = {
  batches: compressors.map((batch) => ({ batch, component: 'compressor', quantity: 1000 })),
  orders: models.map((model, index) => ({ id: `O-${index}`, model })),
  equipment: [
    {
      id: 'IM-04',
      parameters: { mould_temperature: { value: 60, unit: 'Cel', low: 40, high: 80, maxStep: 5 } },
    },
  ],
}

/** @type {readonly ((at: number) => RawPayload)[]} */
const badPayloads = [
  () => ({ body: '' }),
  () => ({ body: 'not of any channel' }),
  () => ({ body: '{"submission_id": ' }),
  () => ({ body: new Uint8Array([0xff, 0xfe, 0x41, 0xc0]) }),
  (at) => ({ ...webPayload({ id: `wrong-${at}`, at }), channel: 'email' }),
  (at) => webPayload({ id: `old-${at}`, at: Date.UTC(1919, 4, 4) }),
  (at) => webPayload({ id: `future-${at}`, at: at + 40 * 86_400_000 }),
  (at) => ({ body: `{"submission_id":"deep-${at}","answers":${'['.repeat(1000)}${']'.repeat(1000)}}` }),
]

/**
 * All payloads, batch by batch, one batch in 25 so large that threads read it: three channels, two tenants, a bad compressor batch in twelve, one payload in
 * twelve sent again (every other time with other words), one in twenty-five bad.
 *
 * @param {Plan} plan
 * @returns {readonly (readonly RawPayload[])[]}
 */
export function payloadsOf({ seed, batches, perBatch }) {
  const random = seeded(seed)
  /** @template T @param {readonly T[]} values */
  const pick = (values) => /** @type {T} */ (values[Math.floor(random() * values.length)])
  /** @type {(import('../payloads.mjs').Complaint & { kind: number, tenant: string })[]} */
  const sent = []
  const write = [webPayload, storePayload, appPayload]
  return Array.from({ length: batches }, (_, batch) =>
    Array.from({ length: batch % 25 === 24 ? 20 * perBatch : perBatch }, (_, index) => {
      const at = instantOf(batch)
      const dice = random()
      if (dice < 0.04) return pick(badPayloads)(at + index)
      const again = dice < 0.12 ? sent[Math.floor(random() * sent.length)] : undefined
      const badBatch = random() < 0.2
      const complaint = again ?? {
        id: (batch * 1000 + index).toString(16).padStart(32, '0'),
        at,
        text: `${pick(texts)} ${batch}.${index}`,
        model: pick(models),
        serial: `SN-${Math.floor(random() * 40_000)}`,
        compressor: badBatch ? `C-${2 * Math.floor(batch / 200)}` : pick(compressors),
        fault: badBatch ? 'E-COOL-01' : pick(faults),
        region: pick(regions),
        // Decimals that no double holds exactly: sums must not depend on how often state was rebuilt.
        severity: Math.round((random() < 0.03 ? 9 + random() : 2 + random() * 7) * 100) / 100,
        kind: Math.floor(random() * write.length),
        tenant: random() < 0.8 ? 'north' : 'south',
      }
      if (again === undefined) sent.push(complaint)
      const text = again !== undefined && random() < 0.5 ? `${again.text} (still)` : complaint.text
      const payload = (write[complaint.kind] ?? webPayload)({ ...complaint, text: text ?? '' })
      return { ...payload, tenant: complaint.tenant }
    }),
  )
}
