/** @import { FeedbackRecord } from '@andon/core/feedback' */

/**
 * @typedef {'text' | 'number' | 'integer' | 'boolean' | 'instant' | 'date' | 'texts' | 'numbers'} ColumnType
 *
 * @typedef {object} Column
 * @property {string} name
 * @property {ColumnType} type
 * @property {(feedback: FeedbackRecord) => unknown} read undefined is NULL
 *
 * @typedef {object} Table
 * @property {string} name
 * @property {readonly Column[]} columns
 */

/** @param {string} name @param {ColumnType} type @param {Column['read']} read @returns {Column} */
const column = (name, type, read) => ({ name, type, read })

/**
 * One table for the feedback and one for each object in it. SQL finds a bare `fault_code` as a column of
 * `feedbacks` and `fault_code.code` as a column of the table `fault_code`: rule text runs there as it is.
 *
 * @type {readonly Table[]}
 */
export const tables = [
  {
    name: 'feedbacks',
    columns: [
      column('channel', 'text', (f) => f.channel),
      column('received_at', 'instant', (f) => f.receivedAt),
      column('occurred_at', 'instant', (f) => f.occurredAt?.at),
      column('last_occurrence_time', 'instant', (f) => f.lastOccurrenceTime),
      column('language', 'text', (f) => f.language),
      column('region', 'text', (f) => f.region),
      column('product_line', 'text', (f) => f.productLine),
      column('product_model', 'text', (f) => f.productModel),
      column('manufactured_at', 'date', (f) => f.manufacturedAt),
      column('production_site', 'text', (f) => f.productionSite?.plant),
      column('usage_at_failure', 'number', (f) => f.usageAtFailure?.value),
      column('symptom_text', 'text', (f) => f.symptomText),
      column('conditions_count', 'integer', (f) => f.conditions?.length ?? 0),
      column('fault_code', 'text', (f) => f.faultCode?.code),
      column('severity_score', 'number', (f) => f.severityScore),
      column('evidence_count', 'integer', (f) => f.evidence?.length ?? 0),
      column('satisfaction_score', 'number', (f) => f.satisfactionScore?.value),
    ],
  },
  {
    name: 'occurred_at',
    columns: [
      column('at', 'instant', (f) => f.occurredAt?.at),
      column('precision', 'text', (f) => f.occurredAt?.precision),
    ],
  },
  {
    name: 'component_batches',
    columns: [column('compressor', 'text', (f) => f.componentBatches?.compressor)],
  },
  {
    name: 'production_site',
    columns: [
      column('plant', 'text', (f) => f.productionSite?.plant),
      column('line', 'text', (f) => f.productionSite?.line),
    ],
  },
  {
    name: 'usage_at_failure',
    columns: [
      column('value', 'number', (f) => f.usageAtFailure?.value),
      column('unit', 'text', (f) => f.usageAtFailure?.unit),
    ],
  },
  {
    name: 'conditions',
    columns: [
      column('quantity', 'texts', (f) => (f.conditions ?? []).map(({ quantity }) => quantity)),
      column('unit', 'texts', (f) => (f.conditions ?? []).map(({ unit }) => unit ?? null)),
      column('min', 'numbers', (f) => (f.conditions ?? []).map(({ min }) => min ?? null)),
    ],
  },
  {
    name: 'fault_code',
    columns: [
      column('code', 'text', (f) => f.faultCode?.code),
      column('confidence', 'number', (f) => f.faultCode?.confidence),
    ],
  },
  {
    name: 'safety_flags',
    columns: [
      column('fire', 'boolean', (f) => f.safetyFlags.fire),
      column('leak', 'boolean', (f) => f.safetyFlags.leak),
      column('breakdown', 'boolean', (f) => f.safetyFlags.breakdown),
    ],
  },
  {
    name: 'evidence',
    columns: [
      column('mime', 'texts', (f) => (f.evidence ?? []).map(({ mime }) => mime)),
      column('confidence', 'numbers', (f) => (f.evidence ?? []).map(({ confidence }) => confidence ?? null)),
    ],
  },
  {
    name: 'attributes',
    columns: [
      column('note', 'text', (f) => f.attributes?.note),
      column('reading', 'number', (f) => f.attributes?.reading),
      column('checked', 'boolean', (f) => f.attributes?.checked),
    ],
  },
]

/** Every row with all of its tables; `row_id` counts from 0. */
export const joined = tables
  .map(({ name }, index) => (index === 0 ? name : `JOIN ${name} USING (row_id)`))
  .join(' ')

/**
 * What a database says of a predicate over the rows, as one digit a row: 1 where it is true, 2 where its NOT is,
 * 4 where it IS NULL. Sums other than those three break the partition.
 *
 * @param {string} predicate
 */
export const verdictOf = (predicate) =>
  `(CASE WHEN ${predicate} THEN 1 ELSE 0 END) + (CASE WHEN NOT (${predicate}) THEN 2 ELSE 0 END) + (CASE WHEN (${predicate}) IS NULL THEN 4 ELSE 0 END)`
