import type { SubjectState } from '../../connector/subject.js'
import type { Localized } from '../../text.js'
import type { Action } from '../action.js'
import { effectsOf } from '../kinds/effects.js'
import { stepTolerance } from '../kinds/parameter.js'
import { boundsOf } from './bounds.js'
import type { Decision, PolicyContext } from './policy.js'

/**
 * What no policy can decide otherwise, by whoever it was written. An action outside the bounds of a parameter is
 * refused. One that cannot be undone, whose kind always needs signatures, or that touches too much waits for people.
 * Guarding twice changes nothing.
 */
export function guard(decision: Decision, context: PolicyContext): Decision {
  if (decision.status === 'refused') return decision
  const { action, kind } = context
  const effects = effectsOf(kind, action.params) ?? []
  const outside = outsideBounds(action, decision, effects)
  if (outside !== undefined) {
    const { graceMs: _, ...rest } = decision
    return { ...rest, status: 'refused', note: joined(decision.note, outside) }
  }
  const needs = atLeast(decision.needs, kind?.signatures ?? 0)
  const signed = needs === undefined ? decision : { ...decision, needs }
  if (signed.status !== 'approved') return signed
  const reasons = [...alwaysAsks(context), ...beyondRadius(decision, effects)]
  if (reasons.length === 0) return signed
  const { graceMs: _, ...rest } = signed
  return { ...rest, status: 'awaiting-approval', note: reasons.reduce(joined, decision.note) }
}

export const joined = (first: Localized, second: Localized): Localized => ({
  en: `${first.en} ${second.en}`,
  zh: `${first.zh}${second.zh}`,
})

/** Those that the policy names, and any others that the kind needs on top. */
function atLeast(needs: Action['needs'], least: number): Action['needs'] {
  const signatures = needs?.signatures ?? []
  const missing = least - signatures.reduce((sum, { count }) => sum + count, 0)
  if (missing <= 0) return needs
  return { signatures: [...signatures, { count: missing }], ordered: needs?.ordered ?? false }
}

function alwaysAsks({ action, kind, reversible }: PolicyContext): readonly Localized[] {
  if (kind === undefined)
    return [
      {
        en: `Andon does not know the kind ${action.kind}, so a person must approve it.`,
        zh: `未知的动作类型 ${action.kind}，须经人工批准。`,
      },
    ]
  const reasons: Localized[] = []
  if (kind.production && !reversible) {
    reasons.push(
      kind.inverse === undefined
        ? {
            en: `${action.kind} has no inverse and cannot be undone, so a person must approve it.`,
            zh: `${action.kind} 没有逆动作，不可撤销，须经人工批准。`,
          }
        : {
            en: `The target ${action.target} cannot undo it, so a person must approve it.`,
            zh: `目标系统 ${action.target} 无法撤销该动作，须经人工批准。`,
          },
    )
  }
  const { signatures = 0 } = kind
  if (signatures > 0) {
    reasons.push({
      en: `${action.kind} always needs the signatures of ${signatures} ${signatures === 1 ? 'person' : 'different people'}.`,
      zh: `${action.kind} 始终须由 ${signatures} 名不同人员签字。`,
    })
  }
  return reasons
}

const radii = [
  ['unit', 'units', '件产品'],
  ['batch', 'batches', '个批次'],
  ['order', 'orders', '个订单'],
] as const

function beyondRadius({ limits }: Decision, effects: readonly SubjectState[]): readonly Localized[] {
  return radii.flatMap(([kind, plural, zh]) => {
    const most = limits?.blastRadius?.[plural]
    const touched = effects.filter(({ subject }) => subject.kind === kind).length
    if (most === undefined || touched <= most) return []
    return [
      {
        en: `It touches ${touched} ${touched === 1 ? kind : plural} and may touch ${most} by itself, so a person must approve it.`,
        zh: `该动作涉及 ${touched} ${zh}，自动执行上限为 ${most}，须经人工批准。`,
      },
    ]
  })
}

/** What can be seen before the machine is asked: unit, range, and the step where the action says from where. */
function outsideBounds(
  { params }: Action,
  { limits }: Decision,
  effects: readonly SubjectState[],
): Localized | undefined {
  for (const { subject, fields } of effects) {
    if (subject.kind !== 'parameter' || limits?.parameters === undefined) continue
    const { low, high, maxStep, units } = boundsOf(subject, params, limits)
    const [unit = '', ...others] = units
    if (others.length > 0)
      return {
        en: `The limits of ${subject.id} are given in ${units.join(' and ')}, which cannot be compared: use one unit.`,
        zh: `${subject.id} 的限值单位为 ${units.join('、')}，无法比较，请统一单位。`,
      }
    if (low > high)
      return {
        en: `The limits of ${subject.id} leave no value: at least ${low} and at most ${high} ${unit}.`,
        zh: `${subject.id} 的限值没有交集：下限 ${low}，上限 ${high} ${unit}。`,
      }
    const { value } = fields
    if (typeof value !== 'number') continue
    if (value < low || value > high)
      return {
        en: `${value} is outside the range of ${subject.id}, ${low} to ${high} ${unit}.`,
        zh: `${value} 超出 ${subject.id} 的允许范围 ${low} 至 ${high} ${unit}。`,
      }
    if (typeof params.from === 'number' && Math.abs(value - params.from) > maxStep + stepTolerance)
      return {
        en: `From ${params.from} to ${value} ${unit} is a larger step of ${subject.id} than ${maxStep} ${unit}.`,
        zh: `${subject.id} 从 ${params.from} 到 ${value} ${unit} 超过最大步长 ${maxStep} ${unit}。`,
      }
  }
  return undefined
}
