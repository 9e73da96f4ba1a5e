import { nameOf } from './findings-lives.mjs'

/** @typedef {import('@andon/core').Action} Action */
/** @typedef {import('@andon/testkit').PlantState} PlantState */

/** @param {Action} action */
const wasDone = ({ status }) => status === 'succeeded' || status === 'reverted'

/** Which actions have their effect in the plant now, by kind; every appearance counts. @type {Record<string, (plant: PlantState) => readonly (string | null)[]>} */
const inForce = {
  'material.hold': ({ batches }) => batches.flatMap(({ holds }) => holds.map(({ action }) => action)),
  'schedule.rework': ({ orders }) =>
    orders
      .filter(({ kind, status }) => kind === 'rework' && status !== 'cancelled')
      .map(({ createdBy }) => createdBy),
  'inspection.request': ({ inspections }) =>
    inspections.filter(({ status }) => status === 'open').map(({ createdBy }) => createdBy),
  'quality.notification': ({ notifications }) =>
    notifications.filter(({ status }) => status === 'open').map(({ createdBy }) => createdBy),
  notify: ({ messages }) => messages.map(({ createdBy }) => createdBy),
}

/**
 * None took effect twice, and every change is in force as recorded, or reverted; and the other way round.
 *
 * @param {import('./outcome.mjs').Outcome} outcome
 * @returns {readonly string[]}
 */
export function plantFindings({ actions, plant }) {
  return [
    ...deedFindings(actions, plant),
    ...Object.entries(inForce).flatMap(([kind, shows]) => {
      const all = actions.filter((action) => action.kind === kind)
      const recorded = all.filter(({ status }) => status === 'succeeded')
      return differences(
        kind,
        recorded.map(({ id }) => id),
        shows(plant),
      )
    }),
    ...priorityFindings(actions, plant),
  ]
}

/** @param {readonly Action[]} actions @param {PlantState} plant */
function deedFindings(actions, plant) {
  const deeds = new Map(plant.actions.map((deed) => [deed.id, deed]))
  const known = new Set(actions.flatMap(({ id }) => [id, `${id}:revert`]))
  const strange = [...deeds.keys()]
    .filter((id) => !known.has(id))
    .map((id) => `the plant did ${id}, of which nobody knows`)
  return [
    ...strange,
    ...plant.actions
      .filter(({ effects }) => effects !== 1)
      .map(({ id, effects }) => `${id} took effect ${effects} times`),
    ...actions.flatMap((action) => {
      const deed = deeds.get(action.id)
      const name = nameOf(action)
      if (wasDone(action) !== (deed !== undefined))
        return [`${name} is ${action.status}, and the plant ${deed === undefined ? 'did nothing' : 'did it'}`]
      const undone = deed?.undone ?? 0
      const hadNothingLeft = action.revertReceipt?.reference === 'nothing_left'
      const expected = action.status === 'reverted' && !hadNothingLeft ? 1 : 0
      return undone === expected ? [] : [`${name} is ${action.status}, and was taken back ${undone} times`]
    }),
  ]
}

/**
 * @param {string} kind
 * @param {readonly string[]} recorded
 * @param {readonly (string | null)[]} shown
 */
function differences(kind, recorded, shown) {
  const missing = recorded
    .filter((id) => !shown.includes(id))
    .map((id) => `${kind} ${id} is recorded and not in force`)
  const extra = shown
    .filter((id) => id === null || !recorded.includes(id))
    .map((id) => `${kind} ${id} is in force and not recorded`)
  const twice = shown
    .filter((id, index) => shown.indexOf(id) !== index)
    .map((id) => `${kind} ${id} is there twice`)
  return [...missing, ...extra, ...twice]
}

/** An order has the priority of the last change of it, and that change is recorded. */
function priorityFindings(/** @type {readonly Action[]} */ actions, /** @type {PlantState} */ plant) {
  const byId = new Map(actions.map((action) => [action.id, action]))
  return plant.orders.flatMap(({ id, kind, priority }) => {
    if (kind !== 'production') return []
    const last = plant.actions.filter(({ request }) => request === `PUT /orders/${id}/priority`).at(-1)
    const expected = last === undefined ? 5 : last.answer.priority
    if (priority !== expected) return [`order ${id} has priority ${priority}, not ${expected}`]
    const wasReverted = last?.id.endsWith(':revert') ?? false
    const action = byId.get(last?.id.replace(/:revert$/, '') ?? '')
    if (action === undefined) return []
    const status = wasReverted ? 'reverted' : 'succeeded'
    return action.status === status
      ? []
      : [`order ${id} stands by ${nameOf(action)}, which is ${action.status}`]
  })
}
