import { type FunctionSpec, ofNumber, type Run } from './function-spec.js'

/** PostgreSQL's ROUND of a numeric: 2.5 is 3 and -2.5 is -3. */
export const roundHalfAway = (value: number): number => {
  const size = Math.abs(value)
  // 0.49999999999999994 + 0.5 is 1 in binary.
  const whole = Math.floor(size)
  return Math.sign(value) * (size - whole >= 0.5 ? whole + 1 : whole) + 0
}

/** PostgreSQL allows more; beyond this no double has digits. */
const mostPlaces = 400

/** Moves the decimal point of the number as it is written, so that 1.005 has its 5 where a person sees it. */
function shiftPoint(value: number, places: number): number {
  const [digits = '', exponent = '0'] = String(value).split('e')
  return Number(`${digits}e${Number(exponent) + places}`)
}

const round: Run = (a, b) => {
  if (typeof a !== 'number' || b === undefined) return typeof a === 'number' ? roundHalfAway(a) : null
  if (typeof b !== 'number') return null
  const places = Math.max(-mostPlaces, Math.min(mostPlaces, roundHalfAway(b)))
  const shifted = shiftPoint(a, places)
  return Number.isFinite(shifted) ? shiftPoint(roundHalfAway(shifted), -places) + 0 : a
}

/** PostgreSQL stops at a division by zero; a rule must go on: unknown. */
const mod: Run = (a, b) => (typeof a === 'number' && typeof b === 'number' && b !== 0 ? (a % b) + 0 : null)

export const numberFunctions = {
  ABS: { parameters: ['number'], result: 'number', whole: 'alike', run: ofNumber(Math.abs) },
  ROUND: { parameters: ['number', 'number'], optional: 1, result: 'number', run: round },
  FLOOR: { parameters: ['number'], result: 'number', run: ofNumber(Math.floor) },
  CEIL: { parameters: ['number'], result: 'number', run: ofNumber((value) => Math.ceil(value) + 0) },
  MOD: { parameters: ['number', 'number'], result: 'number', whole: 'alike', run: mod },
} as const satisfies Record<string, FunctionSpec>
