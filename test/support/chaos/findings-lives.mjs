import { askersNeeded } from './people.mjs'

/** @typedef {import('./work.mjs').Item} Item */
/** @typedef {import('@andon/core').Action} Action */

/**
 * No action is lost, none is there twice, and each ended where its plan and the people left it.
 *
 * @param {readonly Item[]} items
 * @param {import('./outcome.mjs').Outcome} outcome
 * @returns {readonly string[]}
 */
export function lifeFindings(items, { actions }) {
  const byRule = Map.groupBy(actions, ({ rule }) => rule)
  return items.flatMap((item) => {
    const [action, ...others] = byRule.get(item.name) ?? []
    if (action === undefined) return [`${item.name} was never proposed`]
    if (others.length > 0) return [`${item.name} was proposed ${others.length + 1} times`]
    const problem = misplaced(item, action)
    return problem === undefined ? [] : [`${nameOf(action)} is ${action.status}: ${problem}`]
  })
}

/** @param {Action} action */
export const nameOf = ({ rule, id, kind, note }) => `${rule} (${kind} ${id}, "${note?.en ?? ''}")`

/** @param {Item} item @param {Action} action @returns {string | undefined} */
function misplaced(item, action) {
  const { status, signatures } = action
  if (item.mode === 'shadow') return status === 'shadow' ? undefined : 'it had to stay in the shadow'
  if (item.refused) return status === 'refused' ? undefined : 'people refused it'
  const isSigned = item.mode === 'auto' || signatures.length >= item.needs
  if (item.mode === 'signed' && signatures.length !== item.signs) return `${signatures.length} signed it`
  if (!isSigned) return status === 'awaiting-approval' ? undefined : 'it is not signed'
  switch (status) {
    case 'cancelled':
      return item.cancelled ? undefined : 'nobody cancelled it'
    case 'dead':
      return died(item, action)
    case 'refused':
      return bound(item, action)
    case 'succeeded':
      return stands(item, action)
    case 'reverted':
      // Who stopped it after a try that had its effect took it back.
      return item.expiryMs !== undefined || item.cancelled || item.reverts >= askersNeeded(item)
        ? undefined
        : 'nobody took it back'
    default:
      return 'that is no end'
  }
}

/** Only of a deadline: nothing else in the plan refuses for good what may begin. */
function died(/** @type {Item} */ item, /** @type {Action} */ { note, attempts }) {
  const isLate = item.deadlineMs !== undefined && attempts === 0 && note?.en.includes('deadline') === true
  return isLate ? undefined : 'nothing refused it for good'
}

/** A step that is too large from where the parameter stands is the only limit in the plan. */
function bound(/** @type {Item} */ item, /** @type {Action} */ { decisions }) {
  const last = decisions.at(-1)
  return item.verb === 'adjust' && last?.by === 'limit' && last.name === 'step'
    ? undefined
    : 'no limit forbids it'
}

/** What was to be taken back stands only when that was refused, or people were too few. */
function stands(/** @type {Item} */ item, /** @type {Action} */ action) {
  const wasTried = action.decisions.some(({ outcome }) => outcome === 'reverting')
  if (wasTried) return /^Not reverted/.test(action.note?.en ?? '') ? undefined : 'it was to be taken back'
  const byHand = item.reverts >= askersNeeded(item)
  const byTime = item.expiryMs !== undefined && askersNeeded(item) === 1
  return byHand || byTime ? 'it was to be taken back' : undefined
}
