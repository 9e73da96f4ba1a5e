/** The calendar as pure arithmetic: proleptic Gregorian, UTC, no Date objects on the hot path. */

/** Milliseconds since the Unix epoch of a UTC calendar moment; the parts must have been checked. */
export function epochMilliseconds(
  year: number,
  month: number,
  day: number,
  hour = 0,
  minute = 0,
  second = 0,
  millisecond = 0,
): number {
  // Days since the epoch, counted in years that begin in March, so that the leap day comes last.
  const shifted = month > 2 ? month - 3 : month + 9
  const marchYear = month > 2 ? year : year - 1
  const era = Math.floor(marchYear / 400)
  const yearOfEra = marchYear - era * 400
  const dayOfYear = Math.floor((153 * shifted + 2) / 5) + day - 1
  const dayOfEra = yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear
  const days = era * 146_097 + dayOfEra - 719_468
  return days * 86_400_000 + hour * 3_600_000 + minute * 60_000 + second * 1000 + millisecond
}

const monthLengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

/** Whether the day exists: 2026-02-30 does not, 2024-02-29 does. */
export function isCalendarDay(year: number, month: number, day: number): boolean {
  const length = monthLengths[month - 1]
  if (length === undefined || day < 1) return false
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return day <= (month === 2 && leap ? 29 : length)
}
