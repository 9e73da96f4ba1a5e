import type { Action } from './action.js'

/** By how much a step of priority is worth in waiting time. */
const patienceMs = 600_000

/**
 * The order in which actions are carried out, lowest first: priority, and age. An action is overtaken by a more
 * urgent one only if that came less than ten minutes later for each step between them, so none waits for ever
 * (earliest deadline first: the rank is the instant by which its priority lets it wait).
 */
export function rankOf({ createdAt, priority }: Pick<Action, 'createdAt' | 'priority'>): number {
  return createdAt + priority * patienceMs
}
