import type { Action, EffectTest } from '../action.js'
import { consequenceOf } from '../kinds/kind.js'
import { parseSpan } from '../span.js'
import type { Limits, Mode, ParameterLimit, QuietHours } from './limits.js'
import type { PolicyContext } from './policy.js'
import type { PolicyRule } from './policy-document.js'

/** A rule of a policy, ready to decide. */
export interface CompiledRule {
  readonly name: string
  readonly mode: Mode
  readonly matches: (context: PolicyContext) => boolean
  readonly needs?: NonNullable<Action['needs']>
  readonly graceMs?: number
  readonly deadlineMs?: number
  readonly expiryMs?: number
  readonly limits?: Limits
  readonly tests?: readonly EffectTest[]
}

export function compileRule(rule: PolicyRule): CompiledRule {
  const { name, mode, signatures, ordered = false, limits, tests } = rule
  return {
    name,
    mode,
    matches: matcher(rule.when ?? {}),
    ...(signatures === undefined
      ? {}
      : { needs: { signatures: signatures.map(({ role, count }) => needOf(role, count)), ordered } }),
    ...milliseconds('graceMs', rule.grace),
    ...milliseconds('deadlineMs', rule.deadline),
    ...milliseconds('expiryMs', rule.expiry),
    ...(limits === undefined ? {} : { limits: limitsOf(limits) }),
    ...(tests === undefined ? {} : { tests: tests.map(testOf) }),
  }
}

/** The product line that an action is about, as far as it is known. */
export const productLineOf = ({ action, about }: PolicyContext): string | undefined =>
  about?.productLine ?? action.productLine

function matcher(when: NonNullable<PolicyRule['when']>): CompiledRule['matches'] {
  const oneOf = <T>(wanted: T | readonly T[] | undefined, given: T | undefined): boolean => {
    if (wanted === undefined) return true
    return given !== undefined && (Array.isArray(wanted) ? wanted.includes(given) : wanted === given)
  }
  return (context) => {
    const { action, kind, reversible } = context
    return (
      oneOf(when.tenant, action.tenant) &&
      oneOf(when.product_line, productLineOf(context)) &&
      oneOf(when.kind, action.kind) &&
      oneOf(when.consequence, kind === undefined ? undefined : consequenceOf(kind)) &&
      oneOf(when.reversible, reversible) &&
      oneOf(when.production, kind?.production) &&
      oneOf(when.rule, action.rule) &&
      oneOf(when.target, action.target)
    )
  }
}

const needOf = (role: string | undefined, count: number) => (role === undefined ? { count } : { role, count })

/** Spans were checked with the document. */
const ms = (span: number | string): number => parseSpan(span) ?? 0

function milliseconds<N extends string>(
  name: N,
  span: number | string | undefined,
): { readonly [K in N]?: number } {
  return span === undefined ? {} : ({ [name]: ms(span) } as { [K in N]: number })
}

type DocumentLimits = NonNullable<PolicyRule['limits']>

function limitsOf({ parameters, per_hour, blast_radius, quiet_hours }: DocumentLimits): Limits {
  return {
    ...(parameters === undefined ? {} : { parameters: parameters.map(parameterOf) }),
    ...(per_hour === undefined ? {} : { perHour: per_hour }),
    ...(blast_radius === undefined ? {} : { blastRadius: present(blast_radius) }),
    ...(quiet_hours === undefined ? {} : { quietHours: quiet_hours.map(quietOf) }),
  }
}

function parameterOf({
  equipment,
  parameter,
  unit,
  low,
  high,
  max_step,
  dwell,
}: NonNullable<DocumentLimits['parameters']>[number]): ParameterLimit {
  const rest = { parameter, unit, low, high, maxStep: max_step, dwellMs: ms(dwell) }
  return equipment === undefined ? rest : { equipment, ...rest }
}

function quietOf({ days, ...rest }: NonNullable<DocumentLimits['quiet_hours']>[number]): QuietHours {
  return days === undefined ? rest : { ...rest, days }
}

function present({
  units,
  batches,
  orders,
}: NonNullable<DocumentLimits['blast_radius']>): NonNullable<Limits['blastRadius']> {
  return {
    ...(units === undefined ? {} : { units }),
    ...(batches === undefined ? {} : { batches }),
    ...(orders === undefined ? {} : { orders }),
  }
}

function testOf(test: NonNullable<PolicyRule['tests']>[number]): EffectTest {
  return {
    metric: test.metric,
    direction: test.direction,
    minimumEffect: test.minimum_effect,
    settleMs: ms(test.settle),
    windowMs: ms(test.window),
    onFailure: test.on_failure,
  }
}
