import type { Localized } from '@andon/core/connector'
import type { EmergingSettings } from './emerging-options.js'
import { isFlag, safetyMark } from './emerging-state.js'
import type { Rise } from './emerging-test.js'
import type { Comparison } from './expectation.js'
import type { Telling } from './telling.js'

const flags: Readonly<Record<string, Localized>> = {
  fire: { en: 'fire', zh: '起火' },
  injury: { en: 'injury', zh: '人身伤害' },
  electricShock: { en: 'electric shock', zh: '触电' },
  leak: { en: 'leakage', zh: '泄漏' },
  breakdown: { en: 'breakdown', zh: '停机' },
  reportable: { en: 'reportable event', zh: '须上报事件' },
}

const comparisons: Readonly<Record<Comparison, Localized>> = {
  level: { en: 'its own past', zh: '其自身以往水平' },
  share: { en: 'the other faults of the model', zh: '该型号的其他故障' },
  season: { en: 'the same season of the years before', zh: '往年同期' },
}

const nameOf = (fault: string): Localized =>
  isFlag(fault)
    ? (flags[fault.slice(safetyMark.length)] ?? { en: fault, zh: fault })
    : { en: fault, zh: fault }

const shown = (value: number): string => (value < 10 ? value.toFixed(1) : value.toFixed(0))

/** What was found, in one sentence; what it is a part of is told first. */
export function sentenceOf(
  model: string,
  fault: string,
  { cases, expected, ratio, lower, from, to, comparison }: Rise,
  within: Telling['within'],
  { periodDays }: EmergingSettings,
): Localized {
  const name = nameOf(fault)
  const days = Math.round((to - from + 1) * periodDays)
  const by = comparisons[comparison]
  const [before, after] = partOf(within)
  return {
    en: `${model}: ${before.en}${name.en} is rising: ${cases} cases in ${days} days where ${shown(expected)} were to be expected by ${by.en}, ${shown(ratio)} times as many, at least ${shown(lower)} times${after.en}.`,
    zh: `${model}：${before.zh}${name.zh} 正在上升：${days} 天内 ${cases} 例，按${by.zh}预期为 ${shown(expected)} 例，是预期的 ${shown(ratio)} 倍，至少 ${shown(lower)} 倍${after.zh}。`,
  }
}

/** What to say before and after it of a rise that is a part of a known problem. */
function partOf(within: Telling['within']): readonly [Localized, Localized] {
  if (within === null) return [nothing, nothing]
  const whole = nameOf(within.fault)
  return [
    { en: `${whole.en} has become worse: `, zh: `${whole.zh} 加重：` },
    {
      en: `; ${within.cases} of them are cases of ${whole.en}, too`,
      zh: `；其中 ${within.cases} 例同时属于 ${whole.zh}`,
    },
  ]
}

const nothing: Localized = { en: '', zh: '' }

/** What would make it go away. */
export function remedyOf({ mostToClear, from, to }: Rise, { periodDays }: EmergingSettings): Localized {
  const days = Math.round((to - from + 1) * periodDays)
  return {
    en: `It goes away when ${days} days bring no more than ${mostToClear} cases.`,
    zh: `若 ${days} 天内不超过 ${mostToClear} 例，此提示消失。`,
  }
}
