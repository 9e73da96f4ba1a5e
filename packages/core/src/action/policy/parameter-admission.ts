import type { Localized } from '../../text.js'
import { stepTolerance } from '../kinds/parameter.js'
import type { Admission, AdmissionQuestion, LimitName } from './admission.js'
import { type Bounds, boundsOf, type ParameterSubject } from './bounds.js'

/**
 * Whether a parameter may be set to `to` now: inside everybody's range, one step at most from where it stands, and
 * not before the dwell is over. Undefined when nothing is in the way.
 *
 * A value that nobody knows is never stepped from: the size of the step would be unknown. A change that nobody knows
 * of ends no wait and begins none. A change in the future, by a clock that is ahead, is waited for.
 */
export function admitParameter(
  { action, now, reversal, parameter = {} }: AdmissionQuestion,
  subject: ParameterSubject,
  to: number | undefined,
): Admission | undefined {
  const { params, limits } = action
  const bounds = boundsOf(subject, params, limits, parameter)
  const { value, changedAt } = parameter
  const unusable = unusableBounds(subject.id, bounds)
  if (unusable !== undefined) return unusable
  const [unit = ''] = bounds.units
  if (to === undefined || !Number.isFinite(to)) return noTarget(subject.id, reversal)
  if (value === undefined || !Number.isFinite(value)) return unknownValue(subject)
  if (!reversal && typeof params.from === 'number' && Math.abs(params.from - value) > stepTolerance)
    return refuse('from', {
      en: `${subject.id} stands at ${value} ${unit}, not at ${params.from}: it was changed in between. Propose the change anew.`,
      zh: `${subject.id} 当前为 ${value} ${unit}，而非 ${params.from}：期间已被更改。请重新提出。`,
    })
  if (to < bounds.low || to > bounds.high)
    return refuse('range', {
      en: `${to} ${unit} is outside the range of ${subject.id}, ${bounds.low} to ${bounds.high}.`,
      zh: `${to} ${unit} 超出 ${subject.id} 的允许范围 ${bounds.low} 至 ${bounds.high}。`,
    })
  if (Math.abs(to - value) > bounds.maxStep + stepTolerance)
    return refuse('step', {
      en: `From ${value} to ${to} ${unit} is a larger step of ${subject.id} than ${bounds.maxStep}: go there in several actions.`,
      zh: `${subject.id} 从 ${value} 到 ${to} ${unit} 超过最大步长 ${bounds.maxStep}：请分多次调整。`,
    })
  const until = changedAt === undefined ? now : changedAt + bounds.dwellMs
  return until > now ? dwelling(subject.id, bounds, until) : undefined
}

function unusableBounds(id: string, { units, low, high }: Bounds): Admission | undefined {
  if (units.length > 1)
    return refuse('unit', {
      en: `${id} is given in ${units.join(' and ')}, which cannot be compared: use one unit.`,
      zh: `${id} 的单位为 ${units.join('、')}，无法比较，请统一单位。`,
    })
  if (low > high)
    return refuse('range', {
      en: `The limits of ${id} leave no value: at least ${low} and at most ${high}. Correct the policy or the rule.`,
      zh: `${id} 的限值没有交集：下限 ${low}，上限 ${high}。请更正策略或规则。`,
    })
  return undefined
}

const noTarget = (id: string, reversal: boolean): Admission =>
  refuse(
    'unknown-value',
    reversal
      ? {
          en: `What ${id} was before is not known: set it by hand.`,
          zh: `${id} 的原值未知：请人工设定。`,
        }
      : {
          en: `It is not known to what ${id} is to be set: give a number.`,
          zh: `不清楚要将 ${id} 设为何值：请给出数值。`,
        },
  )

const unknownValue = ({ equipment, id }: ParameterSubject): Admission =>
  refuse('unknown-value', {
    en: `How ${id} of ${equipment} stands now is not known, so no step is safe: make the target able to read it, or set it by hand.`,
    zh: `${equipment} 的 ${id} 当前值未知，任何调整都不安全：请使目标系统可读取该值，或人工设定。`,
  })

function dwelling(id: string, { dwellMs }: Bounds, until: number): Admission {
  const at = new Date(until).toISOString()
  return {
    outcome: 'wait',
    until,
    name: 'dwell',
    text: {
      en: `${id} was changed less than ${dwellMs / 1000} s ago: it may be changed again at ${at}.`,
      zh: `${id} 距上次更改不足 ${dwellMs / 1000} 秒：${at} 起可再次更改。`,
    },
  }
}

const refuse = (name: LimitName, text: Localized): Admission => ({ outcome: 'refuse', name, text })
