import { join } from 'node:path'
import { auditLine, firstHash } from '@andon/core/connector'

/**
 * @typedef {import('@andon/core').Action} Action
 * @typedef {import('@andon/testkit').PlantState} PlantState
 *
 * @typedef {object} Line of the audit log
 * @property {number} sequence
 * @property {string} at
 * @property {string} what
 * @property {string} [action]
 * @property {import('@andon/core/connector').JsonObject} data
 *
 * @typedef {object} Outcome what a run left
 * @property {readonly Action[]} actions
 * @property {readonly Line[]} audit of all tenants
 * @property {readonly string[]} broken where a chain is not as it was written
 * @property {PlantState} plant
 */

/**
 * @param {typeof import('@andon/core')} core
 * @param {string} data folder
 * @param {PlantState} plant
 * @returns {Promise<Outcome>}
 */
export async function readOutcome(core, data, plant) {
  const store = core.sqliteStore({ path: join(data, 'andon.db') })
  await store.open()
  try {
    const actions = await store.actions.list({ limit: 1_000_000 })
    /** @type {Line[]} */
    const audit = []
    /** @type {string[]} */
    const broken = []
    for (const { tenant } of await store.audit.heads()) {
      let previous = { sequence: 0, hash: firstHash }
      for (const line of await store.audit.read(tenant, 1, 1_000_000)) {
        const { action, signal, at, what, data: about } = JSON.parse(line.text)
        const event = { tenant, at: Date.parse(at), what, action, signal, data: about }
        const expected = auditLine(event, previous)
        const isRight = expected.text === line.text && expected.hash === line.hash
        if (!isRight) broken.push(`audit line ${line.sequence} of ${tenant} does not follow the one before`)
        audit.push({ sequence: line.sequence, at, what, action, data: about })
        previous = line
      }
    }
    return { actions, audit, broken, plant }
  } finally {
    await store.close()
  }
}
