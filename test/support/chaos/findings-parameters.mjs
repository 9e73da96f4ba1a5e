import { nameOf } from './findings-lives.mjs'
import { bounds, machine } from './work.mjs'

/** Floating point. */
const tolerance = 1e-9

/**
 * Parameters stood inside their range, moved by no more than a step, and no sooner than the dwell time allows, by the
 * plant's clock; and every value is one that the store records.
 *
 * @param {import('./outcome.mjs').Outcome} outcome
 * @returns {readonly string[]}
 */
export function parameterFindings({ actions, plant }) {
  const byId = new Map(actions.map((action) => [action.id, action]))
  return plant.equipment.flatMap(({ id, parameters }) =>
    Object.entries(parameters).flatMap(([name, { history, value }]) => {
      const where = `${id} ${name}`
      const steps = history.flatMap((change, index) => {
        const { at, by, restores, value: to, previous } = change
        const problems = []
        if (to < bounds.low || to > bounds.high) problems.push(`${where} stood at ${to}`)
        if (Math.abs(to - previous) > bounds.maxStep + tolerance)
          problems.push(`${where} went from ${previous} to ${to}`)
        const before = history[index - 1]
        if (before !== undefined && at - before.at < bounds.dwellSeconds * 1000)
          problems.push(`${where} stood for ${at - before.at} ms before ${by}`)
        const action = byId.get((restores ?? by) || '')
        const expected = restores === null ? ['succeeded', 'reverted'] : ['reverted']
        if (action === undefined) problems.push(`${where} was changed by ${by}, of which nobody knows`)
        else if (!expected.includes(action.status))
          problems.push(`${where} was changed by ${nameOf(action)}, ${action.status}`)
        return problems
      })
      const last = history.at(-1)
      const expected = last?.value ?? machine.value
      return value === expected ? steps : [...steps, `${where} is ${value}, not ${expected}`]
    }),
  )
}
