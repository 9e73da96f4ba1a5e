import { subjectKey } from '@andon/core/connector'
import { seeded } from './random.mjs'

/** @import { Belief, JsonObject, JsonValue, Store, Subject } from '@andon/core/connector' */

/**
 * Fills a store with beliefs and a floor with what stands there: the same, but for the planted differences. Of four
 * pairs two are of a parameter (value and unit), one is of a lot and one of an order.
 *
 * @param {object} given
 * @param {Store} given.store open
 * @param {Map<string, JsonObject>} given.floor subject key → fields
 * @param {number} given.pairs of fields; a multiple of 4
 * @param {number} given.differences
 * @param {number} given.seed of where they are
 * @returns {Promise<{ planted: string[] }>} `<subject key> <field>` of each difference, sorted
 */
export async function plantedFloor({ store, floor, pairs, differences, seed }) {
  const random = seeded(seed)
  /** @type {Set<number>} */
  const odd = new Set()
  while (odd.size < differences) odd.add(Math.floor(random() * pairs))
  const planted = []
  /** @type {Belief[]} */
  let beliefs = []
  let pair = 0
  for (let index = 0; pair < pairs; index++) {
    for (const { subject, fields } of fourPairs(index)) {
      const key = subjectKey(subject)
      /** @type {Record<string, JsonValue>} */
      const stands = { ...fields }
      for (const [field, value] of Object.entries(fields)) {
        if (odd.has(pair)) {
          stands[field] = otherThan(value)
          planted.push(`${key} ${field}`)
        }
        pair++
      }
      floor.set(key, stands)
      beliefs.push({ target: 'mes', tenant: 'default', subject, fields, actionId: 'a_1', changedAt: 1 })
    }
    if (beliefs.length >= 30_000 || pair >= pairs) {
      const page = beliefs
      beliefs = []
      await store.transaction((transaction) => transaction.putBeliefs(page))
    }
  }
  return { planted: planted.sort() }
}

/** @param {number} index @returns {{ subject: Subject, fields: JsonObject }[]} */
function fourPairs(index) {
  return [
    {
      subject: { kind: 'parameter', equipment: `IM-${index % 97}`, id: `temperature-${index}` },
      fields: { value: index / 7, unit: 'Cel' },
    },
    { subject: { kind: 'batch', id: `C-${index}` }, fields: { held: index % 3 === 0 } },
    { subject: { kind: 'order', id: `O-${index}` }, fields: { priority: (index % 9) + 1 } },
  ]
}

/** @param {JsonValue} value @returns {JsonValue} */
function otherThan(value) {
  if (typeof value === 'number') return value + 1e-6
  return typeof value === 'boolean' ? !value : `${value}F`
}
