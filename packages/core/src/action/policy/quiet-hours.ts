import { type TimeZone, timeZone } from '../../rule/functions/time-zone.js'
import type { QuietHours } from './limits.js'

const day = 86_400_000
const minute = 60_000
/** Quiet hours that never end are asked again after so long. */
const furthest = 8 * day

/** Making a zone costs some 50 µs, and each is asked for every action; there are fewer than 600 of them. */
const zones = new Map<string, TimeZone>()

function zoneOf(name: string): TimeZone | undefined {
  const known = zones.get(name) ?? timeZone(name)
  if (known !== undefined) zones.set(name, known)
  return known
}

/**
 * When the quiet hours end in which `now` lies, with those that follow at once; undefined outside of them.
 *
 * They are read from the wall clock. Where it skips the beginning or the end, the skip is the beginning or the end;
 * where it shows them twice, they begin with the first and end with the second: quiet longer, never shorter.
 * In a zone that does not exist it is always quiet.
 */
export function quietUntil(hours: readonly QuietHours[], now: number): number | undefined {
  let until = now
  for (let before = Number.NaN; before !== until && until < now + furthest; ) {
    before = until
    for (const quiet of hours) until = Math.max(until, endOf(quiet, until) ?? until)
  }
  return until === now ? undefined : Math.min(until, now + furthest)
}

/** The end of the quiet hours around an instant. */
function endOf(quiet: QuietHours, at: number): number | undefined {
  const zone = zoneOf(quiet.zone)
  const from = minutesOf(quiet.from)
  const to = minutesOf(quiet.to)
  if (zone === undefined || from === undefined || to === undefined) return at + furthest
  const today = Math.floor(zone.toLocal(at) / day) * day
  const length = to > from ? to - from : to - from + day
  // Those of yesterday may last until today; the clock itself never moves by more than a day.
  for (const midnight of [today - 2 * day, today - day, today, today + day]) {
    if (quiet.days !== undefined && !quiet.days.includes(weekdayOf(midnight))) continue
    const begin = shownAt(zone, midnight + from, 'first')
    const end = shownAt(zone, midnight + from + length, 'last')
    if (begin <= at && at < end) return end
  }
  return undefined
}

function minutesOf(time: string): number | undefined {
  const [, hours, minutes] = /^(\d\d):(\d\d)$/.exec(time) ?? []
  return hours === undefined ? undefined : (Number(hours) * 60 + Number(minutes)) * minute
}

/** 1 (Monday) to 7, as ISO 8601 counts. */
const weekdayOf = (midnight: number): number => new Date(midnight).getUTCDay() || 7

/** When the wall clock shows a reading: the first or the last time, or the instant at which it skips it. */
function shownAt(zone: TimeZone, local: number, which: 'first' | 'last'): number {
  const offsetAt = (instant: number): number => zone.toLocal(instant) - instant
  const byOld = local - offsetAt(local - day)
  const byNew = local - offsetAt(local + day)
  const shown = [byOld, byNew].filter((instant) => zone.toLocal(instant) === local)
  if (shown.length > 0) return which === 'first' ? Math.min(...shown) : Math.max(...shown)
  // Skipped: the clock jumps somewhere between the two, and from there on shows the new offset.
  let [before, after] = [byNew, byOld]
  while (after - before > 1) {
    const middle = Math.floor((before + after) / 2)
    if (offsetAt(middle) === offsetAt(byOld)) after = middle
    else before = middle
  }
  return after
}
