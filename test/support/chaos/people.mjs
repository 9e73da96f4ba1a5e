import { releaseNeeds } from './work.mjs'

/** @typedef {import('./work.mjs').Item} Item */
/** @typedef {import('@andon/core').Action} Action */

const names = ['Li Wei', 'Anna Schmidt', 'Wang Fang']

/** @param {number} index */
const signature = (index) => ({ name: names[index] ?? 'Chen Jie', meaning: 'I have looked at it.' })

/**
 * What people have left to do about an action. It is read off the action alone, so that they go on where they were
 * whoever died meanwhile.
 *
 * @param {Item} item
 * @param {Action} action
 * @returns {((desk: import('@andon/core').ActionDesk) => Promise<unknown>) | undefined}
 */
export function errandOf(item, action) {
  const { id, status, signatures, decisions, attempts } = action
  if (status === 'awaiting-approval') {
    if (item.refused) return (desk) => desk.refuse(id, 'not now', names[0])
    if (signatures.length >= item.signs) return undefined
    return (desk) => desk.approve(id, signature(signatures.length))
  }
  const canStop =
    (status === 'approved' && attempts === 0) || (status === 'retrying' && action.stop === undefined)
  if (item.cancelled && canStop) return (desk) => desk.cancel(id, 'not now', names[0])
  // Who asked in vain does not ask again.
  if (status === 'succeeded' && !decisions.some(({ outcome }) => outcome === 'reverting')) {
    const signed = action.reversal?.signatures.length ?? 0
    if (signed >= item.reverts) return undefined
    return (desk) => desk.revert(id, 'it was no good', signature(signed))
  }
  return undefined
}

/** Whether time alone will still change it. @param {Action} action */
export const ripens = ({ wakeAt }) => wakeAt !== undefined

/** How many must ask before it is taken back. @param {Item} item */
export const askersNeeded = ({ verb }) => (verb === 'hold' ? releaseNeeds : 1)
