import { auditFindings } from './findings-audit.mjs'
import { lifeFindings } from './findings-lives.mjs'
import { parameterFindings } from './findings-parameters.mjs'
import { plantFindings } from './findings-plant.mjs'

/**
 * Whatever is not as it must be after a run, in words; empty when all is well.
 *
 * @param {readonly import('./work.mjs').Item[]} items
 * @param {import('./outcome.mjs').Outcome} outcome
 * @returns {readonly string[]}
 */
export function findingsOf(items, outcome) {
  return [
    ...lifeFindings(items, outcome),
    ...plantFindings(outcome),
    ...parameterFindings(outcome),
    ...auditFindings(outcome),
  ]
}
