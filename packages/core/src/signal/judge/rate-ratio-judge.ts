import type { Judge, JudgeQuestion, Verdict, VerdictName } from '../../connector/judge.js'
import type { Localized } from '../../text.js'
import { alpha, countEvidence, type RatioEvidence, readingEvidence } from './evidence.js'

/**
 * The judge that the core brings: after ÷ before against the smallest effect that was registered, and a guard against
 * chance. Effective: it moved by as much, and not by chance. Not effective: it surely moved by less. Harmful: it surely
 * moved the other way. Undecided: there is too little to tell.
 */
export const rateRatioJudge: Judge = (question) => {
  const { test, before, after } = question
  const isCounted = [...before, ...after].every(({ n }) => n !== undefined)
  const evidence = isCounted ? countEvidence(before, after) : readingEvidence(before, after)
  const verdict = verdictOf(question, evidence)
  const numbers = { ...evidence.numbers, before: evidence.before, after: evidence.after, alpha }
  return { verdict, text: inWords(verdict, test.minimumEffect, evidence), numbers } satisfies Verdict
}

function verdictOf({ test }: JudgeQuestion, { before, after, isBelow, isAbove }: RatioEvidence): VerdictName {
  if (test.direction === 'down') {
    const wanted = 1 - test.minimumEffect
    if (isAbove(1)) return 'harmful'
    if (isBelow(1) && after <= wanted * before) return 'effective'
    return isAbove(wanted) ? 'not effective' : 'undecided'
  }
  const wanted = 1 + test.minimumEffect
  if (isBelow(1)) return 'harmful'
  if (isAbove(1) && after >= wanted * before) return 'effective'
  return isBelow(wanted) ? 'not effective' : 'undecided'
}

function inWords(verdict: VerdictName, minimumEffect: number, { before, after }: RatioEvidence): Localized {
  const [was, is] = [brief(before), brief(after)]
  const needed = `${brief(minimumEffect * 100)} %`
  switch (verdict) {
    case 'effective':
      return {
        en: `${was} before, ${is} after: at least ${needed} as registered, and chance hardly explains it`,
        zh: `之前 ${was}，之后 ${is}：达到预先登记的 ${needed}，且难以用偶然解释`,
      }
    case 'not effective':
      return {
        en: `${was} before, ${is} after: less than the ${needed} that were registered`,
        zh: `之前 ${was}，之后 ${is}：未达到预先登记的 ${needed}`,
      }
    case 'harmful':
      return {
        en: `${was} before, ${is} after: it became worse, and chance hardly explains it`,
        zh: `之前 ${was}，之后 ${is}：情况恶化，且难以用偶然解释`,
      }
    case 'undecided':
      return {
        en: `${was} before, ${is} after: too little to tell`,
        zh: `之前 ${was}，之后 ${is}：数据太少，无法判断`,
      }
  }
}

const brief = (value: number): string => String(Number(value.toPrecision(3)))
