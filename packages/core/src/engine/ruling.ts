import type { Action } from '../action/action.js'
import type { ActionKind } from '../action/kinds/kind.js'
import { decided } from '../action/life.js'
import type { AuditEvent } from '../connector/audit.js'
import type { Verdict, VerdictName } from '../connector/judge.js'
import type { JsonObject } from '../json.js'
import type { Signal } from '../signal/signal.js'
import {
  dropped,
  isPending,
  type JudgedTrial,
  type PendingTrial,
  withdrawn,
  withTrial,
} from '../signal/trial.js'
import { concluded } from '../signal/verification.js'
import type { Localized } from '../text.js'
import { takingBack } from './actuation/reversal.js'
import { auditOf } from './actuation/step.js'

/** A verdict, and all that is known of what it is about. */
export interface RulingQuestion {
  readonly signal: Signal
  readonly trial: PendingTrial
  readonly action: Action
  readonly kind: ActionKind | undefined
  /** The target can take the effect back. */
  readonly reversible: boolean
  readonly verdict: Verdict
}

/** What a verdict leads to; it becomes durable together. */
export interface Ruling {
  readonly signal: Signal
  readonly action: Action
  readonly audit: readonly AuditEvent[]
  /** What the action as a whole came to, once that is known. */
  readonly outcome?: JudgedTrial['verdict']
}

/** Effective: on to the next test, or closed. Not effective: open again, or taken back as well. Harmful: taken back. */
export function ruled(question: RulingQuestion, now: number): Ruling {
  const { signal, trial, action, kind, reversible, verdict } = question
  if (verdict.verdict === 'undecided' && trial.extended !== true) return prolonged(question, now)
  const { name, text } = finalOf(verdict)
  const { verification = noTrials } = signal
  const judged: JudgedTrial = {
    ...trial,
    state: 'judged',
    ...{ judgedAt: now, verdict: name, text, numbers: verdict.numbers },
  }
  const trials = withTrial(verification.trials, trial, judged)
  const hasMore = trials.some((other) => other.actionId === action.id && isPending(other))
  if (name === 'effective') {
    const recorded = withVerdict(question, judged, hasMore ? goesOn : isProven, now)
    return {
      signal: concluded(signal, trials, now),
      ...recorded,
      ...(hasMore ? {} : { outcome: name }),
    }
  }
  const wanted = name === 'harmful' || trial.test.onFailure === 'revert'
  const reverts = wanted && reversible
  const leadsTo = reverts ? isTakenBack : wanted ? cannotBeTakenBack : isOpenAgain
  const recorded = withVerdict(question, judged, leadsTo, now)
  const back = reverts ? takingBack(recorded.action, kind, causeOf(name), now) : undefined
  return {
    signal: concluded(signal, dropped(trials, action.id, notNeeded), now),
    action: back?.action ?? recorded.action,
    audit: back === undefined ? recorded.audit : [...recorded.audit, back.audit],
    outcome: name,
  }
}

/** The signal once a due test cannot be judged, because its action does not stand or nobody measures its metric. */
export function notJudged(
  signal: Signal,
  trial: PendingTrial,
  why: 'action' | 'metric',
  now: number,
): Signal {
  const { verification = noTrials } = signal
  const { metric } = trial.test
  if (why === 'action') {
    return concluded(signal, withdrawn(verification.trials, trial.actionId, doesNotStand), now)
  }
  const text = {
    en: `Nobody measures “${metric}”: give createAndon a source of it as metrics.`,
    zh: `没有可测量“${metric}”的数据源：请在 createAndon 的 metrics 中提供。`,
  }
  return concluded(signal, withTrial(verification.trials, trial, { ...trial, state: 'dropped', text }), now)
}

const noTrials = { trials: [] } as const
const goesOn = { en: 'The next test follows.', zh: '继续下一项测试。' }
const isProven = { en: 'Its effect is proven.', zh: '效果已得到验证。' }
const isTakenBack = { en: 'It is to be taken back.', zh: '将予以撤销。' }
const isOpenAgain = { en: 'The problem is open again.', zh: '问题重新打开。' }
const cannotBeTakenBack = {
  en: 'It cannot be undone: the problem is open again.',
  zh: '该动作不可撤销：问题重新打开。',
}
const notNeeded = { en: 'An earlier test of the action failed.', zh: '该动作此前的测试未通过。' }
const doesNotStand = { en: 'The action does not stand any more.', zh: '该动作已不再有效。' }
const stillUndecided = {
  en: 'even with its window doubled, so it counts as not effective',
  zh: '观察期加倍后仍如此，按无效处理',
}

/** What cannot be told after twice the time had no effect worth the name. */
function finalOf({ verdict, text }: Verdict): {
  readonly name: JudgedTrial['verdict']
  readonly text: Localized
} {
  if (verdict !== 'undecided') return { name: verdict, text }
  return {
    name: 'not effective',
    text: { en: `${text.en}, ${stillUndecided.en}`, zh: `${text.zh}，${stillUndecided.zh}` },
  }
}

function prolonged(question: RulingQuestion, now: number): Ruling {
  const { signal, trial, verdict } = question
  const longer: PendingTrial = { ...trial, dueAt: trial.dueAt + trial.test.windowMs, extended: true }
  const until = new Date(longer.dueAt).toISOString()
  const text = { en: `It is watched until ${until}.`, zh: `继续观察至 ${until}。` }
  const { verification = noTrials } = signal
  return {
    signal: concluded(signal, withTrial(verification.trials, trial, longer), now),
    ...withVerdict(question, { ...longer, verdict: 'undecided', text: verdict.text }, text, now),
  }
}

type Told = Omit<PendingTrial, 'state'> & { readonly verdict: VerdictName; readonly text: Localized }

/** The verdict in the action's decisions and in the audit log. */
function withVerdict(
  { action, verdict: { numbers } }: RulingQuestion,
  { test, since, dueAt, extended, verdict, text }: Told,
  leadsTo: Localized,
  now: number,
): Pick<Ruling, 'action' | 'audit'> {
  const { en, zh } = verdictNames[verdict]
  const told = {
    en: `Test of “${test.metric}”: ${en}. ${text.en}. ${leadsTo.en}`,
    zh: `“${test.metric}”测试：${zh}。${text.zh}。${leadsTo.zh}`,
  }
  const outcome = verdict === 'undecided' ? 'wait' : action.status
  const record = { at: now, by: 'engine', name: 'verification', outcome, text: told } as const
  const data: JsonObject = {
    ...{ test: { ...test }, since, dueAt, verdict, numbers, text: told },
    ...(extended === undefined ? {} : { extended }),
  }
  return {
    action: { ...action, ...decided(action, record), updatedAt: now },
    audit: [auditOf(action, 'verification.verdict', now, data)],
  }
}

const verdictNames: Readonly<Record<VerdictName, Localized>> = {
  effective: { en: 'effective', zh: '有效' },
  'not effective': { en: 'not effective', zh: '无效' },
  harmful: { en: 'harmful', zh: '有害' },
  undecided: { en: 'undecided', zh: '未定' },
}

const causeOf = (verdict: 'not effective' | 'harmful') =>
  ({
    cause: 'verification',
    reason: verdict,
    text: verdict === 'harmful' ? wasHarmful : hadNoEffect,
    asked: 'action.revert-wanted',
  }) as const
const wasHarmful = { en: 'Its effect was harmful.', zh: '该动作产生了有害影响。' }
const hadNoEffect = { en: 'It had no effect.', zh: '该动作没有效果。' }
