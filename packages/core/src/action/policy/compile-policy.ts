import type { Localized } from '../../text.js'
import { effectsOf } from '../kinds/effects.js'
import { type CompiledRule, compileRule, productLineOf } from './compile-rule.js'
import { modeInWords } from './explain-decision.js'
import { guard, joined } from './guard.js'
import type { Limits, Mode } from './limits.js'
import { tightest } from './merge-limits.js'
import { type Phase, phases } from './phase.js'
import { phaseRules } from './phases.js'
import type { Decision, Policy, PolicyContext } from './policy.js'
import type { PolicyDocument } from './policy-document.js'

/** Where the roll-out of a product line stands; undefined: no phase bounds it. */
export type PhaseOf = (tenant: string, productLine: string) => Phase | undefined

/**
 * Makes a policy of a document that {@link parsePolicy} has checked. `phaseOf` says where each product line stands
 * now; without it, the document does.
 */
export function policyFromDocument(
  document: PolicyDocument,
  phaseOf: PhaseOf = phasesWritten(document),
): Policy {
  const rules = document.rules.map(compileRule)
  const ofPhase = new Map(phases.map((phase) => [phase, phaseRules(phase).map(compileRule)]))
  return (context) => {
    const line = productLineOf(context)
    const phase = line === undefined ? undefined : phaseOf(context.action.tenant, line)
    const bounding = phase === undefined ? [] : (ofPhase.get(phase) ?? [])
    const matching = rules.filter(({ matches }) => matches(context))
    const [own] = matching
    const bound = bounding.find(({ matches }) => matches(context))
    const limiting = bound === undefined ? matching : [...matching, bound]
    return decide(context, own, bound, limiting, {
      own: own === undefined ? noRule(document, context) : ruleOf(document, own),
      bound: { en: `Roll-out phase ${phase} of ${line}`, zh: `${line} 处于推广阶段 ${phase}` },
    })
  }
}

/**
 * Bounds a policy of another kind by the phases of product lines: between the two the more cautious decides, and both
 * their limits hold.
 */
export function withinPhases(policy: Policy, phaseOf: PhaseOf): Policy {
  const bounds = policyFromDocument(
    { version: 1, name: 'phases', rules: [{ name: 'anything', mode: 'auto' }] },
    phaseOf,
  )
  return (context) => {
    const own = policy(context)
    const line = productLineOf(context)
    if (line === undefined || phaseOf(context.action.tenant, line) === undefined) return own
    const bound = bounds(context)
    const { tests = bound.tests } = own
    if (caution[bound.status] < caution[own.status]) {
      return { ...bound, ...(tests === undefined ? {} : { tests }) }
    }
    const limits = bothLimits(own.limits, bound.limits, context)
    const graceMs = own.status === 'approved' ? longest(own.graceMs, bound.graceMs) : undefined
    return {
      ...own,
      ...(limits === undefined ? {} : { limits }),
      ...(graceMs === undefined ? {} : { graceMs }),
    }
  }
}

const caution: Readonly<Record<Decision['status'], number>> = {
  refused: 0,
  shadow: 1,
  'awaiting-approval': 2,
  approved: 3,
}

function bothLimits(own: Limits | undefined, bound: Limits | undefined, context: PolicyContext) {
  const subjects = (effectsOf(context.kind, context.action.params) ?? []).map(({ subject }) => subject)
  return tightest(
    [own, bound].filter((limits) => limits !== undefined),
    subjects,
  )
}

/** One mode for every action: production actions without an inverse are never more than advice. */
export function policyOf(mode: Mode): Policy {
  const rule = compileRule({ name: mode, mode })
  const own = { en: `Mode ${mode}`, zh: `模式 ${mode}` }
  return (context) => decide(context, rule, undefined, [rule], { own, bound: own })
}

/** A phase only narrows: between it and the document the more cautious decides, and the document where both are equal. */
const freedom: Readonly<Record<Mode, number>> = { shadow: 0, advise: 1, signed: 1, auto: 2 }

const statusOf: Readonly<Record<Mode, Decision['status']>> = {
  shadow: 'shadow',
  advise: 'awaiting-approval',
  signed: 'awaiting-approval',
  auto: 'approved',
}

function decide(
  context: PolicyContext,
  own: CompiledRule | undefined,
  bound: CompiledRule | undefined,
  limiting: readonly CompiledRule[],
  origin: { readonly own: Localized; readonly bound: Localized },
): Decision {
  const narrowed = bound !== undefined && (own === undefined || freedom[bound.mode] < freedom[own.mode])
  const deciding = narrowed ? bound : own
  const mode = deciding?.mode ?? 'advise'
  const needs = own?.needs ?? bound?.needs
  const graceMs = mode === 'auto' ? longest(own?.graceMs, bound?.graceMs) : undefined
  const deadlineMs = shortest(own?.deadlineMs, bound?.deadlineMs)
  const expiryMs = shortest(own?.expiryMs, bound?.expiryMs)
  const tests = own?.tests ?? bound?.tests
  const subjects = (effectsOf(context.kind, context.action.params) ?? []).map(({ subject }) => subject)
  const limits = tightest(
    limiting.flatMap((rule) => rule.limits ?? []),
    subjects,
  )
  const words = modeInWords(mode, needs, graceMs)
  const said = narrowed ? origin.bound : origin.own
  const note = { en: `${said.en}: ${words.en}.`, zh: `${said.zh}：${words.zh}。` }
  const decision: Decision = {
    status: statusOf[mode],
    note: narrowed && own !== undefined ? joined(note, widerSaid(origin.own, own)) : note,
    mode,
    ...(deciding === undefined ? {} : { name: deciding.name }),
    ...(needs === undefined || mode === 'auto' ? {} : { needs }),
    ...(graceMs === undefined ? {} : { graceMs }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    ...(expiryMs === undefined ? {} : { expiryMs }),
    ...(limits === undefined ? {} : { limits }),
    ...(tests === undefined ? {} : { tests }),
  }
  return guard(decision, context)
}

function widerSaid({ en, zh }: Localized, { mode, needs, graceMs }: CompiledRule): Localized {
  const words = modeInWords(mode, needs, graceMs)
  return { en: `${en} would allow: ${words.en}.`, zh: `${zh}本可：${words.zh}。` }
}

const ruleOf = ({ name }: PolicyDocument, rule: CompiledRule): Localized => ({
  en: `Rule “${rule.name}” of policy “${name}”`,
  zh: `策略“${name}”的规则“${rule.name}”`,
})

const noRule = ({ name }: PolicyDocument, { action }: PolicyContext): Localized => ({
  en: `No rule of policy “${name}” matches ${action.kind}`,
  zh: `策略“${name}”没有适用于 ${action.kind} 的规则`,
})

function phasesWritten({ phases: written = {} }: PolicyDocument): PhaseOf {
  // Product lines come from customers' words: "constructor" is one as well.
  return (_, line) => (Object.hasOwn(written, line) ? written[line] : undefined)
}

const given = (values: readonly (number | undefined)[]): readonly number[] =>
  values.filter((value) => value !== undefined)

function longest(...values: (number | undefined)[]): number | undefined {
  const known = given(values)
  return known.length === 0 ? undefined : Math.max(...known)
}

function shortest(...values: (number | undefined)[]): number | undefined {
  const known = given(values)
  return known.length === 0 ? undefined : Math.min(...known)
}
