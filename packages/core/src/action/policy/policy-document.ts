import type * as z from 'zod'
import type { Problem } from '../../connector/store.js'
import { AndonError, problemOf } from '../../errors/index.js'
import { problem } from '../../feedback/problem.js'
import { problemsOf } from '../../feedback/zod-reasons.js'
import { candidateRank, candidates, suggest } from '../../rule/language/suggest.js'
import type { Locale } from '../../text.js'
import type { ActionKind } from '../kinds/kind.js'
import { kindTable } from '../kinds/kinds.js'
import { type policyRuleSchema, policySchema } from './policy-schema.js'

/**
 * A policy as data: the same in JSON and in TypeScript. Times are whole seconds or interval text such as `10 minutes`.
 *
 * The first rule that matches an action decides how far it goes by itself; when none does, a person must sign.
 * The limits of every rule that matches hold, the tightest of them. A product line in `phases` is bounded by that
 * phase, too: the more cautious of the two decides.
 */
export type PolicyDocument = z.input<typeof policySchema>

/** One rule of a {@link PolicyDocument}. */
export type PolicyRule = z.input<typeof policyRuleSchema>

export interface ParsePolicyOptions {
  /** Kinds of action beyond the ten built in. */
  readonly kinds?: readonly ActionKind[]
}

/**
 * Reads a policy from JSON text, or checks one that was read already.
 *
 * @throws AndonError POLICY_INVALID with every problem: the path in the document, what stood there, what is wrong with it.
 */
export function parsePolicy(input: unknown, { kinds = [] }: ParsePolicyOptions = {}): PolicyDocument {
  const value = typeof input === 'string' ? readJson(input) : input
  const checked = policySchema.safeParse(value)
  const problems = checked.success
    ? unknownKinds(checked.data, kinds)
    : problemsOf(checked.error.issues, value)
  if (checked.success && problems.length === 0) return checked.data
  throw invalid(problems)
}

/**
 * A policy written in TypeScript, checked where it stands.
 *
 * @throws AndonError POLICY_INVALID
 * @example definePolicy({ version: 1, name: 'north plant', rules: [{ name: 'notices', when: { production: false }, mode: 'auto' }] })
 */
export function definePolicy(document: PolicyDocument, options?: ParsePolicyOptions): PolicyDocument {
  return parsePolicy(document, options)
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch (cause) {
    const values = { said: problemOf(cause) }
    throw invalid([problem('', text, { en: 'is not JSON: {said}', zh: '不是 JSON：{said}' }, values)])
  }
}

/** A kind that is misspelt would never match, and what it was meant to bound would go its own way. */
function unknownKinds({ rules }: PolicyDocument, extra: readonly ActionKind[]): Problem[] {
  const known = kindTable(extra)
  return rules.flatMap(({ when }, index) => {
    const named = when?.kind === undefined ? [] : [when.kind].flat()
    return named
      .filter((kind) => !known.has(kind))
      .map((kind) => {
        const meant = suggest(kind, candidates(known.keys(), candidateRank.kind))
        const reason = {
          en: `is no kind of action${meant === undefined ? '; those of connectors are given as kinds' : `; did you mean ${meant}?`}`,
          zh: `不是已知的动作类型${meant === undefined ? '；连接器的类型须通过 kinds 传入' : `；是否想写 ${meant}？`}`,
        }
        return problem(`rules.${index}.when.kind`, kind, reason)
      })
  })
}

function invalid(problems: readonly Problem[]): AndonError {
  const report = (locale: Locale): string =>
    problems
      .map(({ field, value, reason }) => {
        const stood = value === '' ? '' : ` ${JSON.stringify(value)}`
        return `- ${field === '' ? top[locale] : field}${stood} ${reason[locale]}`
      })
      .join('\n')
  return new AndonError('POLICY_INVALID', {
    details: { count: problems.length, report: report('en') },
    chinese: { report: report('zh') },
  })
}

const top = { en: 'the document', zh: '文档' }
