import type { JsonValue } from '../../json.js'
import type { Localized } from '../../text.js'
import type { Action } from '../action.js'
import { effectsOf } from '../kinds/effects.js'
import type { ActionKind } from '../kinds/kind.js'
import type { ParameterState } from './bounds.js'
import { admitParameter } from './parameter-admission.js'
import { quietUntil } from './quiet-hours.js'

/** Whether an action may begin now. */
export interface AdmissionQuestion {
  readonly action: Action
  readonly kind: ActionKind | undefined
  /** A person signed it: quiet hours and the number per hour no longer bound it. */
  readonly signed: boolean
  /** Epoch ms. */
  readonly now: number
  /** What was done is to be taken back: as if it were signed, for it makes things as they were. */
  readonly reversal: boolean
  /** How the parameter stands that it changes; absent: nobody knows. */
  readonly parameter?: ParameterState
  /** When actions of the kind began by themselves, for this tenant and product line (epoch ms); any order. */
  readonly startedInLastHour: readonly number[]
  /** What is to be written: for a reversal the old value; default: what the action asks for. */
  readonly to?: number
}

/** The limit that stands in the way. */
export type LimitName =
  | 'effects'
  | 'unit'
  | 'range'
  | 'unknown-value'
  | 'from'
  | 'step'
  | 'dwell'
  | 'quiet-hours'
  | 'per-hour'

export type Admission =
  | { readonly outcome: 'run' }
  /** Ask again at `until` (epoch ms): the answer may be another wait. */
  | {
      readonly outcome: 'wait'
      readonly until: number
      readonly name: LimitName
      readonly text: Localized
    }
  /** A signature opens it. */
  | { readonly outcome: 'ask'; readonly name: LimitName; readonly text: Localized }
  /** Nothing opens it. */
  | { readonly outcome: 'refuse'; readonly name: LimitName; readonly text: Localized }

const hour = 3_600_000

/**
 * Decides whether an action may begin now, from what is known now. What bounds a parameter comes first, and binds
 * people and reversals as well; quiet hours and the number per hour only bind what begins by itself.
 */
export function admit(question: AdmissionQuestion): Admission {
  const { action, kind, signed, now, reversal } = question
  const effects = effectsOf(kind, action.params)
  if (effects === undefined) return unknownEffects(action)
  const [change, another] = effects.filter(({ subject }) => subject.kind === 'parameter')
  if (another !== undefined) return severalParameters(action)
  if (change?.subject.kind === 'parameter') {
    const held = admitParameter(question, change.subject, target(question, change.fields.value))
    if (held !== undefined) return held
  }
  if (signed || reversal) return { outcome: 'run' }
  return quiet(action, now) ?? tooMany(question) ?? { outcome: 'run' }
}

/** A reversal goes where its receipt says, never to what the action asked for. */
function target({ to, reversal }: AdmissionQuestion, asked: JsonValue | undefined): number | undefined {
  if (to !== undefined) return to
  return !reversal && typeof asked === 'number' ? asked : undefined
}

/** Nothing is bounded of which nobody can say what it changes. */
const unknownEffects = ({ kind }: Action): Admission => ({
  outcome: 'refuse',
  name: 'effects',
  text: {
    en: `What ${kind} would change cannot be said: its kind is not known here, or its parameters are not valid.`,
    zh: `无法确定 ${kind} 会改变什么：此处不认识该动作类型，或其参数无效。`,
  },
})

/** How one of them stands is known, and no more. */
const severalParameters = ({ kind }: Action): Admission => ({
  outcome: 'refuse',
  name: 'effects',
  text: {
    en: `${kind} changes several parameters at once, which cannot be bounded: make one action of each.`,
    zh: `${kind} 一次更改多个参数，无法限定；请拆分为单参数动作。`,
  },
})

function quiet({ limits }: Action, now: number): Admission | undefined {
  const until = quietUntil(limits?.quietHours ?? [], now)
  if (until === undefined) return undefined
  const at = new Date(until).toISOString()
  return {
    outcome: 'wait',
    until,
    name: 'quiet-hours',
    text: {
      en: `Quiet hours: nothing begins by itself until ${at}. A signature carries it out now.`,
      zh: `静默时段：${at} 之前不会自动执行；签字后可立即执行。`,
    },
  }
}

function tooMany({ action, startedInLastHour, now }: AdmissionQuestion): Admission | undefined {
  const most = action.limits?.perHour
  // What began in the future began before the clock was set back: it counts.
  const started = startedInLastHour.filter((at) => at > now - hour).length
  if (most === undefined || started < most) return undefined
  return {
    outcome: 'ask',
    name: 'per-hour',
    text: {
      en: `${started} actions ${action.kind} began by themselves within the last hour, and ${most} may: a person must approve this one.`,
      zh: `过去一小时内已自动开始 ${started} 个 ${action.kind}，上限为 ${most}：该动作须经人工批准。`,
    },
  }
}
