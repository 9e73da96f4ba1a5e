import type { ValueType } from '../language/columns.js'
import type { Value } from '../runtime/value.js'

/**
 * What an argument must be. `alike` arguments must be of one type; `printable` ones become text;
 * `time` is an instant, a date or a local time; a `field`, a `unit` and a `zone` are constants.
 */
export type ParameterType =
  | ValueType
  | 'alike'
  | 'printable'
  | 'time'
  | 'span-or-time'
  | 'field'
  | 'unit'
  | 'zone'

/** A function's own arithmetic; arguments that were left out are undefined. */
export type Run = (a: Value, b?: Value, c?: Value) => Value

export interface FunctionSpec {
  readonly parameters: readonly ParameterType[]
  /** How many of the last parameters may be left out; 0 when absent. */
  readonly optional?: number
  /** The last parameter may be repeated. */
  readonly variadic?: boolean
  /** `alike`: the type of the alike arguments. `local` is a time of the wall clock, for EXTRACT only. */
  readonly result: ValueType | 'alike' | 'local'
  /** Whether its numbers are whole, so that dividing them truncates as PostgreSQL's integers do. */
  readonly whole?: 'always' | 'alike'
  /** Absent where the types of the arguments decide how it is evaluated. NULL for NULL. */
  readonly run?: Run
}

/** Strict in texts: anything but text, NULL above all, gives NULL. */
export const ofText =
  (run: (text: string) => Value): Run =>
  (a) =>
    typeof a === 'string' ? run(a) : null

export const ofTexts =
  (run: (a: string, b: string) => Value): Run =>
  (a, b) =>
    typeof a === 'string' && typeof b === 'string' ? run(a, b) : null

export const ofNumber =
  (run: (value: number) => Value): Run =>
  (a) =>
    typeof a === 'number' ? run(a) : null
