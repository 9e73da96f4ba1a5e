/**
 * A value at run time. `null` is SQL's NULL and, for truth values, *unknown*. Instants are epoch
 * milliseconds: the compiler knows from the column which numbers are instants.
 */
export type Value = string | number | boolean | null

/** Three-valued AND and OR: false and true win over unknown. */
export function and(left: Value, right: Value): Value {
  if (left === false || right === false) return false
  return left === null || right === null ? null : true
}

export function or(left: Value, right: Value): Value {
  if (left === true || right === true) return true
  return left === null || right === null ? null : false
}

export function not(value: Value): Value {
  return value === null ? null : value !== true
}

/** Sorts by code point, as PostgreSQL's C collation does; JavaScript's own order differs beyond U+FFFF. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0
  const length = Math.min(left.length, right.length)
  for (let i = 0; i < length; i++) {
    const a = left.charCodeAt(i)
    const b = right.charCodeAt(i)
    if (a === b) continue
    const aSurrogate = a >= 0xd800 && a <= 0xdfff
    const bSurrogate = b >= 0xd800 && b <= 0xdfff
    // A surrogate stands for a code point beyond every lone unit.
    if (aSurrogate !== bSurrogate) return aSurrogate ? 1 : -1
    return a - b
  }
  return left.length - right.length
}

/** Below, at or above zero as `left` is before, the same as or after `right`; null when either is unknown or they cannot be compared. */
export function compare(left: Value, right: Value): number | null {
  if (typeof left === 'number' && typeof right === 'number') return compareNumbers(left, right)
  if (left === null || right === null) return null
  if (typeof left === 'string' && typeof right === 'string') return compareText(left, right)
  if (typeof left === 'boolean' && typeof right === 'boolean') return Number(left) - Number(right)
  return null
}

/** PostgreSQL: NaN equals NaN and is above every number. */
function compareNumbers(left: number, right: number): number {
  if (left < right) return -1
  if (left > right) return 1
  if (left === right) return 0
  return Number(Number.isNaN(left)) - Number(Number.isNaN(right))
}
