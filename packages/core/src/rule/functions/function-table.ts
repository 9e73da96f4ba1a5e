import type { FunctionName } from '../ast.js'
import type { FunctionSpec } from './function-spec.js'
import { numberFunctions } from './number-functions.js'
import { textFunctions } from './text-functions.js'
import { timeFunctions } from './time-functions.js'

/** Those that choose among their arguments; each has its own way with NULL. */
const choices = {
  COALESCE: { parameters: ['alike'], variadic: true, result: 'alike', whole: 'alike' },
  NULLIF: { parameters: ['alike', 'alike'], result: 'alike', whole: 'alike' },
  GREATEST: { parameters: ['alike'], variadic: true, result: 'alike', whole: 'alike' },
  LEAST: { parameters: ['alike'], variadic: true, result: 'alike', whole: 'alike' },
} as const satisfies Record<string, FunctionSpec>

/** Every function of the rule language that looks at one row. */
export const functionTable: Readonly<Record<FunctionName, FunctionSpec>> = {
  ...choices,
  ...textFunctions,
  ...numberFunctions,
  ...timeFunctions,
}
