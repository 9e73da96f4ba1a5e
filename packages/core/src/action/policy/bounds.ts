import type { Subject } from '../../connector/subject.js'
import type { JsonObject } from '../../json.js'
import { parseSpan } from '../span.js'
import type { Limits, ParameterLimit } from './limits.js'

export type ParameterSubject = Extract<Subject, { readonly kind: 'parameter' }>

/** How a parameter stands, and what the machine itself allows; what is absent is not known. */
export interface ParameterState {
  /** Observed, or believed where it cannot be observed; in `unit`. */
  readonly value?: number
  /** UCUM. */
  readonly unit?: string
  readonly low?: number
  readonly high?: number
  /** Largest change at once, in `unit`. */
  readonly maxStep?: number
  /** Shortest time between two changes (s). */
  readonly dwellSeconds?: number
  /** Its latest change (epoch ms), ours or anybody's. */
  readonly changedAt?: number
}

/** What a parameter may do once everybody who bounds it was heard. No value is allowed when `low` > `high`. */
export interface Bounds {
  readonly low: number
  readonly high: number
  readonly maxStep: number
  readonly dwellMs: number
  /** The units in which they are given: one, or nothing can be compared. */
  readonly units: readonly string[]
}

export function limitsParameter(limit: ParameterLimit, subject: ParameterSubject): boolean {
  return limit.parameter === subject.id && (limit.equipment ?? subject.equipment) === subject.equipment
}

/** The tightest of what the action, the policy and the machine allow: ranges intersected, smallest step, longest dwell. */
export function boundsOf(
  subject: ParameterSubject,
  params: JsonObject,
  limits: Limits | undefined,
  machine: ParameterState = {},
): Bounds {
  const own = (limits?.parameters ?? []).filter((limit) => limitsParameter(limit, subject))
  const lowest = (values: readonly unknown[]): number =>
    Math.min(...values.filter((value) => typeof value === 'number'), Number.POSITIVE_INFINITY)
  const highest = (values: readonly unknown[], least: number): number =>
    Math.max(...values.filter((value) => typeof value === 'number'), least)
  const units = [params.unit, machine.unit, ...own.map(({ unit }) => unit)]
  return {
    low: highest([params.low, machine.low, ...own.map(({ low }) => low)], Number.NEGATIVE_INFINITY),
    high: lowest([params.high, machine.high, ...own.map(({ high }) => high)]),
    maxStep: lowest([params.max_step, machine.maxStep, ...own.map(({ maxStep }) => maxStep)]),
    dwellMs: highest(
      [parseSpan(params.dwell), (machine.dwellSeconds ?? 0) * 1000, ...own.map(({ dwellMs }) => dwellMs)],
      0,
    ),
    units: [...new Set(units.filter((unit) => typeof unit === 'string'))],
  }
}
