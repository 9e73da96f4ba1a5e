import { nameOf } from './findings-lives.mjs'

/**
 * The chain is whole, and it tells of every action from its proposal to its end.
 *
 * @param {import('./outcome.mjs').Outcome} outcome
 * @returns {readonly string[]}
 */
export function auditFindings({ actions, audit, broken, plant }) {
  const byAction = Map.groupBy(audit, ({ action }) => action)
  const effects = audit.filter(({ what }) => what === 'action.succeeded').length
  const deeds = plant.actions.filter(({ id }) => !id.endsWith(':revert')).length
  return [
    ...broken,
    ...(effects === deeds ? [] : [`the audit log tells of ${effects} effects, and the plant did ${deeds}`]),
    ...actions.flatMap((action) => {
      const lines = byAction.get(action.id) ?? []
      return untold(action, lines).map((problem) => `the audit log of ${nameOf(action)}: ${problem}`)
    }),
  ]
}

/**
 * @param {import('@andon/core').Action} action
 * @param {readonly import('./outcome.mjs').Line[]} lines
 * @returns {readonly string[]}
 */
function untold(action, lines) {
  const { status, signatures } = action
  const count = (/** @type {string} */ what) => lines.filter((line) => line.what === what).length
  const expected = /** @type {const} */ ([
    ['action.proposed', 1],
    ['action.signed', signatures.length],
    ['action.succeeded', status === 'succeeded' || status === 'reverted' ? 1 : 0],
    ['action.reverted', status === 'reverted' ? 1 : 0],
    ['action.cancelled', status === 'cancelled' ? 1 : 0],
    ['action.dead', status === 'dead' ? 1 : 0],
    ['action.refused', status === 'refused' ? 1 : 0],
    ['action.mismatch', 0],
  ])
  const problems = expected
    .filter(([what, times]) => count(what) !== times)
    .map(([what, times]) => `${count(what)} lines ${what} instead of ${times}`)
  if (lines[0]?.what !== 'action.proposed') problems.push(`it begins with ${lines[0]?.what}`)
  problems.push(...uncounted(lines, 'action.executing'), ...uncounted(lines, 'action.reverting'))
  if (count('action.succeeded') > 0 && count('action.executing') === 0) problems.push('no line of a try')
  return problems
}

/** Every try is on disk before it begins, so they are numbered one after another whoever died in between. */
function uncounted(/** @type {readonly import('./outcome.mjs').Line[]} */ lines, /** @type {string} */ what) {
  const attempts = lines.filter((line) => line.what === what).map(({ data }) => data.attempt)
  const isRight = attempts.every((attempt, index) => attempt === index + 1)
  return isRight ? [] : [`${what} ${attempts.join(', ')}`]
}
