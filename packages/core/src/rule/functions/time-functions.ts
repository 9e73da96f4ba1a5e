import type { FunctionSpec } from './function-spec.js'

export const timeFunctions = {
  DATE_TRUNC: { parameters: ['unit', 'time', 'zone'], optional: 1, result: 'instant' },
  DATE_PART: { parameters: ['field', 'span-or-time'], result: 'number' },
  EXTRACT: { parameters: ['field', 'span-or-time'], result: 'number' },
  TIMEZONE: { parameters: ['zone', 'time'], result: 'local' },
} as const satisfies Record<string, FunctionSpec>
