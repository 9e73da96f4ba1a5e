import type { Action, EffectTest } from '../action/action.js'
import { complaintRate } from '../action/effect-tests.js'
import type { Localized } from '../text.js'
import { complaintSeries, ratePerHour } from './complaints.js'
import { signalMoved } from './life.js'
import type { Signal, SignalStatus, Verification } from './signal.js'
import { counting, isPending, nextOfTrials, type Trial, trialsOf, withdrawn } from './trial.js'

/** Where a signal's tests are waited for. Whoever closes or dismisses it by hand ends them. */
export const testedStatuses: readonly SignalStatus[] = ['open', 'acknowledged', 'contained', 'verifying']

/** Of one signal; a rule without groups may have thousands of actions. */
const mostPending = 8
const mostJudged = 20

/**
 * The signal once a production action has succeeded: its tests are there now. Undefined when there is nothing left to
 * contain, or when so many of its actions are tested already that one more would say nothing new.
 */
export function containedBy(
  signal: Signal,
  action: Action,
  now: number,
  tests: readonly EffectTest[],
): Signal | undefined {
  if (!testedStatuses.includes(signal.status)) return undefined
  const { trials = [] } = signal.verification ?? {}
  const pending = trials.filter(isPending)
  if (pending.length >= mostPending) return undefined
  const added = trialsOf(action.id, tests, now)
  if (signal.status === 'contained' || signal.status === 'verifying') {
    return { ...signal, updatedAt: now, verification: summary(signal, [...latest(trials), ...added]) }
  }
  // What was judged of an earlier round is over; what others wait for is not.
  const verification = summary(signal, [...pending, ...added])
  return signalMoved(signal, 'contained', now, { verification })
}

/** All that is pending, and what was judged last. */
const latest = (trials: readonly Trial[]): readonly Trial[] => {
  const done = trials.filter((trial) => !isPending(trial)).slice(-mostJudged)
  return trials.filter((trial) => isPending(trial) || done.includes(trial))
}

/** Counting begins for the tests whose settling time is over. */
export function begun(signal: Signal, now: number): Signal {
  const trials = signal.verification?.trials ?? []
  const running = counting(trials, now)
  if (running.every((trial, index) => trial === trials[index])) return signal
  const verification = summary(signal, running)
  const isFirst = signal.status === 'contained' && running.some(({ state }) => state === 'running')
  return isFirst
    ? signalMoved(signal, 'verifying', now, { verification })
    : { ...signal, verification, updatedAt: now }
}

/**
 * The signal with its trials as they stand now. It is closed when all that was tested was effective, and open again
 * when something failed, or nothing is left that could prove an effect.
 */
export function concluded(signal: Signal, trials: readonly Trial[], now: number): Signal {
  const verification = summary(signal, trials)
  if (signal.status !== 'contained' && signal.status !== 'verifying') {
    return { ...signal, verification, updatedAt: now }
  }
  const judged = trials.filter((trial) => trial.state === 'judged')
  const hasFailed = judged.some(({ verdict }) => verdict !== 'effective')
  if (!hasFailed && trials.some(isPending)) return { ...signal, verification, updatedAt: now }
  if (hasFailed || judged.length === 0) return signalMoved(signal, 'open', now, { verification })
  return signalMoved(signal, 'closed', now, { verification })
}

/** The signal once an action was taken back: what was tested of it proves nothing any more. Undefined: no change. */
export function uncontainedBy(signal: Signal, actionId: string, now: number): Signal | undefined {
  const { status, verification } = signal
  if (verification === undefined || status === 'dismissed') return undefined
  const { trials: known = [] } = verification
  const trials = withdrawn(known, actionId, takenBack)
  if (trials.every((trial, index) => trial === known[index])) return undefined
  if (status !== 'closed') return concluded(signal, trials, now)
  // A person who closed it by hand knew better than a test.
  if (verification.verdict !== 'effective') return undefined
  return signalMoved(signal, 'open', now, { verification: summary(signal, trials) })
}

const takenBack: Localized = { en: 'The action was taken back.', zh: '该动作已撤销。' }

/** When there will be something to say next (epoch ms). */
export function nextVerification({ status, verification }: Signal): number | undefined {
  // Files of before there were tests have a verification without any: a person closes such a signal.
  const { trials = [] } = verification ?? {}
  return testedStatuses.includes(status) ? nextOfTrials(trials) : undefined
}

/** What most readers want to know of the trials. */
function summary(signal: Signal, trials: readonly Trial[]): Verification {
  const shown = trials.find(isPending) ?? trials.findLast(({ state }) => state === 'judged') ?? trials.at(-1)
  const complaints = trials.findLast(({ test }) => test.metric === complaintRate)
  const judged = trials.filter((trial) => trial.state === 'judged')
  const failed = judged.find(({ verdict }) => verdict !== 'effective')
  const isOver = !trials.some(isPending)
  const verdict = failed?.verdict ?? (isOver && judged.length > 0 ? ('effective' as const) : undefined)
  const counts = complaints ?? shown
  const rates = counts === undefined ? undefined : complaintSeries(signal, counts)
  const isCounted = complaints?.state === 'judged'
  return {
    actionId: shown?.actionId ?? '',
    since: shown?.since ?? 0,
    dueAt: shown?.dueAt ?? 0,
    minimumEffect: shown?.test.minimumEffect ?? 0,
    rateBefore: rates === undefined ? 0 : ratePerHour(rates.before),
    ...(rates === undefined || !isCounted ? {} : { rateAfter: ratePerHour(rates.after) }),
    ...(verdict === undefined ? {} : { verdict }),
    trials,
  }
}
