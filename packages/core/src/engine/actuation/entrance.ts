import type { Action } from '../../action/action.js'
import { effectsOf } from '../../action/kinds/effects.js'
import type { ActionKind } from '../../action/kinds/kind.js'
import { type Admission, type AdmissionQuestion, admit } from '../../action/policy/admission.js'
import type { StoreTransaction } from '../../connector/store.js'
import type { Observation, Subject, SubjectState } from '../../connector/subject.js'
import type { JsonValue } from '../../json.js'
import { isSame } from '../same-value.js'
import { begun, decisionStep, gaveUp, type Step } from './step.js'

const hourMs = 3_600_000

/** An action before its next try, and what its target says of the parameter that it changes. */
export interface Candidate {
  readonly action: Action
  readonly kind: ActionKind | undefined
  /** Looked up just now; absent when nothing needs to be known, or the target cannot tell. */
  readonly seen?: Observation
}

/** What the entrance made of an action. */
export interface Entered extends Step {
  /** It is under way now. */
  readonly runs: boolean
}

type Parameter = Extract<Subject, { kind: 'parameter' }>

/** The parameter that an action changes; undefined when it changes none. */
export function parameterOf({ params }: Action, kind: ActionKind | undefined): Parameter | undefined {
  for (const { subject } of effectsOf(kind, params) ?? []) if (subject.kind === 'parameter') return subject
  return undefined
}

/**
 * Decides, in the transaction that begins the try, whether an action may run now: deadlines, limits of its policy, the
 * bounds of its parameter against where the parameter stands.
 */
export async function enter(
  transaction: StoreTransaction,
  { action, kind, seen }: Candidate,
  now: number,
): Promise<Entered> {
  const reversal = action.status === 'reverting'
  const { deadlineAt = Number.POSITIVE_INFINITY } = action
  if (!reversal && action.attempts === 0 && now > deadlineAt) {
    const text = { en: 'Its deadline passed before it could begin.', zh: '未能在期限前开始执行。' }
    return { ...gaveUp(action, text, now), runs: false }
  }
  // Nothing will be changed: it is only looked up.
  if (action.stop !== undefined && !reversal) return run(action, now, undefined)
  const parameter = parameterOf(action, kind)
  const before =
    parameter === undefined ? undefined : await standing(transaction, action, parameter, seen, now)
  const to = targetValue(action)
  if (action.attempts > 0 && to !== undefined && isSame(to, before?.fields.value)) {
    // An earlier try may have done it: the target looks before it acts.
    return run(action, now, undefined)
  }
  const usage = reversal || action.attempts > 0 ? undefined : await usageOf(transaction, action, now)
  const question: AdmissionQuestion = {
    ...{ action, kind, now, reversal, signed: action.signatures.length > 0 },
    startedInLastHour: usage?.starts ?? [],
    ...(to === undefined ? {} : { to }),
    ...(before === undefined ? {} : { parameter: numbersOf(before.fields) }),
  }
  const admission = admit(question)
  if (admission.outcome !== 'run') return { ...turnedAway(action, admission, now), runs: false }
  await usage?.add()
  return run(action, now, before === undefined ? undefined : [before])
}

function run(action: Action, now: number, before: readonly SubjectState[] | undefined): Entered {
  return { ...begun(action, now, before), runs: true }
}

function turnedAway(action: Action, admission: Exclude<Admission, { outcome: 'run' }>, at: number): Step {
  const { outcome, name, text } = admission
  const reversal = action.status === 'reverting'
  const record = { at, by: 'limit', name, text } as const
  if (outcome === 'wait') {
    const wait = decisionStep(action, { ...record, outcome: 'wait' }, { dueAt: admission.until })
    return {
      ...wait,
      action: { ...wait.action, ...(action.wakeAt === undefined ? {} : { wakeAt: action.wakeAt }) },
    }
  }
  // The effect stands; nobody's signature makes a reversal possible that the bounds forbid.
  if (reversal) return gaveUp(action, text, at)
  if (action.attempts > 0) return gaveUp(action, text, at)
  if (outcome === 'ask') return decisionStep(action, { ...record, outcome: 'awaiting-approval' })
  return decisionStep(action, { ...record, outcome: 'refused' })
}

/** The value that is to be written. */
function targetValue({ status, params, before, receipt }: Action): number | undefined {
  // What the target itself replaced counts: a try may have taken effect before the one that was looked at.
  const old = receipt?.proof?.previousValue ?? before?.[0]?.fields.value
  const value: JsonValue | undefined = status === 'reverting' ? old : params.to
  return typeof value === 'number' ? value : undefined
}

/** How the parameter stands: as its target says, else as we left it, else as the action believes. */
async function standing(
  transaction: StoreTransaction,
  { tenant, target, params, status }: Action,
  subject: Parameter,
  seen: Observation | undefined,
  now: number,
): Promise<SubjectState> {
  const belief = await transaction.getBelief(tenant, target, subject)
  const ours = belief?.changedAt
  if (seen?.found === true) {
    // Its clock is not ours: only how long ago it was can be compared.
    const { secondsSinceChange: seconds } = seen.fields
    const machine = typeof seconds === 'number' ? now - seconds * 1000 : undefined
    const changes = [ours, machine].filter((at) => at !== undefined)
    const changedAt = changes.length === 0 ? {} : { changedAt: Math.max(...changes) }
    return { subject, fields: { ...seen.fields, ...changedAt } }
  }
  const fields =
    belief?.fields ?? (status !== 'reverting' && params.from !== undefined ? { value: params.from } : {})
  return { subject, fields: ours === undefined ? fields : { ...fields, changedAt: ours } }
}

function numbersOf(fields: SubjectState['fields']): NonNullable<AdmissionQuestion['parameter']> {
  const names = ['value', 'low', 'high', 'maxStep', 'dwellSeconds', 'changedAt'] as const
  const numbers = names.flatMap((name) => (typeof fields[name] === 'number' ? [[name, fields[name]]] : []))
  const unit = typeof fields.unit === 'string' ? { unit: fields.unit } : {}
  return { ...Object.fromEntries(numbers), ...unit }
}

/** Under which name it is kept how often actions like this one began; undefined where that is not limited. */
export function startsOf({ tenant, kind, productLine = '', limits, signatures }: Action): string | undefined {
  if (limits?.perHour === undefined || signatures.length > 0) return undefined
  return `starts/${[tenant, productLine, kind].map(encodeURIComponent).join('/')}`
}

/** How often actions of the kind began by themselves within the last hour, where that is limited. */
async function usageOf(
  transaction: StoreTransaction,
  action: Action,
  now: number,
): Promise<{ readonly starts: readonly number[]; add(): Promise<void> } | undefined> {
  const name = startsOf(action)
  if (name === undefined) return undefined
  const kept = (await transaction.kept(name))?.starts
  const all = Array.isArray(kept) ? kept.filter((at) => typeof at === 'number') : []
  const starts = all.filter((at) => at > now - hourMs)
  return { starts, add: () => transaction.keep(name, { starts: [...starts, now] }) }
}
