import { webPayload } from '../payloads.mjs'
import { seeded } from '../random.mjs'

/** A rule for each way in which workers have to agree: no memory, groups within a partition and groups across. */
export const workerRules = `
CREATE RULE critical AS
SELECT * FROM feedbacks WHERE severity_score > 8
ESCALATE TO production_team WITH PRIORITY 1;

CREATE RULE compressor_batch AS
SELECT component_batches.compressor AS batch, COUNT(DISTINCT serial_number) AS units
FROM feedbacks WHERE fault_code = 'E-COOL-01'
GROUP BY product_model, component_batches.compressor
WINDOW SLIDING INTERVAL '24 hours'
HAVING COUNT(DISTINCT serial_number) >= 5
ONCE PER INTERVAL '30 days'
THEN material.hold (batch = batch, reason = 'cooling failure on {units} units') ON plant WITH PRIORITY 1;

CREATE RULE regional AS
SELECT region, COUNT(*) AS reports FROM feedbacks
GROUP BY region
WINDOW SLIDING INTERVAL '24 hours'
HAVING COUNT(*) >= 40
ONCE PER INTERVAL '30 days'
THEN quality.notification (title = '{reports} reports from {region}') ON plant;
`

const regions = ['CN-GD', 'CN-ZJ', 'CN-SH', '华南', 'DE-BY', 'US-CA']
/** An instant that all payloads begin at. */
const start = Date.UTC(2026, 2, 1, 8)

/** The compressor batches that complaints are about, as they stand in the plant. @param {Variety} variety */
export const plantBatches = ({ models = 12, compressors = 4 } = {}) =>
  Array.from({ length: models * compressors }, (_, index) => ({
    batch: `C-${Math.floor(index / compressors)}-${index % compressors}`,
    component: 'compressor',
  }))

/** What one is about: feedback of one model keeps its order. @param {{ body: string }} payload */
export const modelOf = ({ body }) => /KX-\d+/.exec(body)?.[0] ?? ''

/**
 * @typedef {object} Variety
 * @property {number} [seed]
 * @property {number} [models]
 * @property {number} [compressors] of each model
 */

/**
 * Complaints about some models, batches and regions: the nth is the same for the same seed, whoever asks.
 *
 * @param {number} from
 * @param {number} to
 * @param {Variety} [variety]
 */
export function complaints(from, to, { seed = 1, models = 12, compressors = 4 } = {}) {
  return Array.from({ length: to - from }, (_, step) => {
    const index = from + step
    const random = seeded(seed * 1_000_003 + index)
    const pick = (/** @type {number} */ below) => Math.floor(random() * below)
    const model = pick(models)
    return webPayload({
      id: `complaint-${seed}-${index}`,
      at: start + index,
      model: `KX-${100 + model}`,
      serial: `SN-${pick(200_000)}`,
      compressor: `C-${model}-${pick(compressors)}`,
      fault: pick(3) === 0 ? 'E-COOL-01' : 'E-DOOR-07',
      severity: pick(40) === 0 ? 9 : 5,
      region: regions[pick(regions.length)] ?? 'CN-GD',
    })
  })
}
