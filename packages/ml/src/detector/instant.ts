import type { FeedbackRecord } from '@andon/core/feedback'

export const day = 86_400_000

const twoDigits = (text: string, place: number): number =>
  text.charCodeAt(place) * 10 + text.charCodeAt(place + 1) - 528

/**
 * Milliseconds of a date as records spell it, 2026-03-01, at its beginning in UTC.
 *
 * @see H. Hinnant, chrono-compatible low-level date algorithms: days from a civil date
 */
export function dateOf(text: string): number {
  const month = twoDigits(text, 5)
  // The year begins in March, so that the odd day is its last.
  const year = twoDigits(text, 0) * 100 + twoDigits(text, 2) - (month > 2 ? 0 : 1)
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + twoDigits(text, 8) - 1
  const leapDays = Math.floor(year / 4) - Math.floor(year / 100) + Math.floor(year / 400)
  return (year * 365 + leapDays + dayOfYear - 719_468) * day
}

/**
 * Milliseconds of an instant as records spell it, 2026-03-01T08:00:00.000Z. Six times as quick as Date.parse, which has to
 * find out which of many spellings it is given; a detector reads two instants of every feedback.
 */
export function instantOf(text: string): number {
  const milliseconds = (text.charCodeAt(20) - 48) * 100 + twoDigits(text, 21)
  const seconds = twoDigits(text, 11) * 3600 + twoDigits(text, 14) * 60 + twoDigits(text, 17)
  return dateOf(text) + seconds * 1000 + milliseconds
}

/**
 * When it happened; its arrival where that is told wrongly, in the future. However long ago: what happened in a year that a
 * detector has forgotten is nothing to count, and no case of today.
 */
export function occurredAt({ lastOccurrenceTime, receivedAt }: FeedbackRecord, arrived: number): number {
  if (lastOccurrenceTime === receivedAt) return arrived
  return Math.min(instantOf(lastOccurrenceTime), arrived)
}

/** Months since the year 0 in UTC: the next is one more. The other way round than dateOf, in years that begin in March. */
export function monthOf(instant: number): number {
  const days = Math.floor(instant / day) + 719_468
  const era = Math.floor(days / 146_097)
  const dayOfEra = days - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  // March is month 2 of the year that began in January.
  return (era * 400 + yearOfEra) * 12 + Math.floor((5 * dayOfYear + 2) / 153) + 2
}
