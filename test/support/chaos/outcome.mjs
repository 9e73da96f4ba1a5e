import { join } from 'node:path'

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
    for (const head of await store.audit.heads()) {
      const lines = await store.audit.read(head.tenant, 1, 1_000_000)
      const texts = lines.map(({ text }) => text)
      const { problems } = await core.verifyAudit(texts, { tenant: head.tenant, expect: head })
      broken.push(
        ...problems.map(({ sequence, text }) => `audit line ${sequence} of ${head.tenant}: ${text.en}`),
      )
      audit.push(...texts.map((text) => JSON.parse(text)))
    }
    return { actions, audit, broken, plant }
  } finally {
    await store.close()
  }
}
