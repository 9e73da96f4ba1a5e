import type { EffectTest } from '../action/action.js'
import type { JsonObject } from '../json.js'
import type { Localized } from '../text.js'

/** A test of an effect under way. It is registered with its action, before that runs. */
interface TrialBase {
  readonly actionId: string
  readonly test: EffectTest
  /** When the action was done (epoch ms). */
  readonly doneAt: number
  /** What is counted begins here (epoch ms): after the settling time. */
  readonly since: number
  /** When it is judged (epoch ms). */
  readonly dueAt: number
  /** There was too little to tell, and its window was doubled once. */
  readonly extended?: true
}

export type PendingTrial = TrialBase & {
  /** Waits for the settling time to end, or counts. */
  readonly state: 'registered' | 'running'
}
export type JudgedTrial = TrialBase & {
  readonly state: 'judged'
  readonly judgedAt: number
  /** What stays undecided in the end was not effective. */
  readonly verdict: 'effective' | 'not effective' | 'harmful'
  readonly text: Localized
  readonly numbers: JsonObject
}
/** Not judged any more: its action was taken back, or an earlier test of it failed. */
export type DroppedTrial = TrialBase & { readonly state: 'dropped'; readonly text: Localized }

export type Trial = PendingTrial | JudgedTrial | DroppedTrial

export const isPending = (trial: Trial): trial is PendingTrial =>
  trial.state === 'registered' || trial.state === 'running'

/** One trial for each test; all windows begin with the action, whatever the order of the verdicts. */
export function trialsOf(
  actionId: string,
  tests: readonly EffectTest[],
  doneAt: number,
): readonly PendingTrial[] {
  return tests.map((test) => {
    const since = doneAt + test.settleMs
    return { actionId, test, doneAt, since, dueAt: since + test.windowMs, state: 'registered' }
  })
}

/** Those that may be judged once they are due: of each action the first that is pending. */
export function inTurn(trials: readonly Trial[]): readonly PendingTrial[] {
  const pending = trials.filter(isPending)
  return pending.filter(
    (trial) =>
      pending.find(({ actionId }) => actionId === trial.actionId) === trial && trial.state === 'running',
  )
}

/** When something happens to one of them next (epoch ms): it begins to count, or it is judged. */
export function nextOfTrials(trials: readonly Trial[]): number | undefined {
  const instants = [
    ...trials.filter(({ state }) => state === 'registered').map(({ since }) => since),
    ...inTurn(trials).map(({ dueAt }) => dueAt),
  ]
  return instants.length === 0 ? undefined : Math.min(...instants)
}

/** Those whose settling time is over count from now on. */
export const counting = (trials: readonly Trial[], now: number): readonly Trial[] =>
  trials.map((trial) =>
    trial.state === 'registered' && trial.since <= now ? { ...trial, state: 'running' } : trial,
  )

/** What is pending of an action is judged no more; those of the others stay as they are. */
export const dropped = (trials: readonly Trial[], actionId: string, text: Localized): readonly Trial[] =>
  trials.map((trial) => (trial.actionId === actionId && isPending(trial) ? droppedTrial(trial, text) : trial))

/** Nothing that was tested of an action that was taken back proves anything any more; what failed, failed. */
export const withdrawn = (trials: readonly Trial[], actionId: string, text: Localized): readonly Trial[] =>
  trials.map((trial) => {
    const counts = isPending(trial) || (trial.state === 'judged' && trial.verdict === 'effective')
    return counts && trial.actionId === actionId ? droppedTrial(trial, text) : trial
  })

function droppedTrial(
  { actionId, test, doneAt, since, dueAt, extended }: Trial,
  text: Localized,
): DroppedTrial {
  const base = { actionId, test, doneAt, since, dueAt, ...(extended === undefined ? {} : { extended }) }
  return { ...base, state: 'dropped', text }
}

export const withTrial = (trials: readonly Trial[], before: Trial, after: Trial): readonly Trial[] =>
  trials.map((trial) => (trial === before ? after : trial))
