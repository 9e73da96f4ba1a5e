const day = 86_400_000
/** No clock on earth has changed at another minute since 1972. */
const quarterHour = 900_000

/** A zone of the IANA database, by the offset of its wall clock from UTC. */
export interface TimeZone {
  /** What the wall clock shows at an instant, as epoch milliseconds of that reading in UTC. */
  toLocal(instant: number): number
  /** The instant at which the wall clock shows this. */
  toInstant(local: number): number
}

/** UTC offsets written as a zone mean opposite things in POSIX and in ISO 8601: only names are read. */
const zoneName = /^[A-Za-z]/

/** Every zone whose name can be suggested. */
export const timeZoneNames = (): readonly string[] => ['UTC', ...Intl.supportedValuesOf('timeZone')]

/** Undefined when there is no zone of that name. */
export function timeZone(name: string): TimeZone | undefined {
  if (!zoneName.test(name)) return undefined
  try {
    return zoneOf(new Intl.DateTimeFormat('en-US', { timeZone: name, timeZoneName: 'longOffset' }))
  } catch (problem) {
    if (problem instanceof RangeError) return undefined
    throw problem
  }
}

const offsetText = /^GMT(?:([+-])(\d\d):(\d\d)(?::(\d\d))?)?$/

function zoneOf(format: Intl.DateTimeFormat): TimeZone {
  /** Asking Intl takes microseconds: what holds for a quarter of an hour is asked once. */
  let from = Number.NaN
  let known = 0
  const offsetAt = (instant: number): number => {
    const start = Math.floor(instant / quarterHour) * quarterHour
    if (start === from) return known
    const name = format.formatToParts(instant).find(({ type }) => type === 'timeZoneName')?.value ?? ''
    const [, sign, hours = '0', minutes = '0', seconds = '0'] = offsetText.exec(name) ?? []
    const size = ((Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)) * 1000
    from = start
    known = sign === '-' ? -size : size
    return known
  }
  return {
    toLocal: (instant) => instant + offsetAt(instant),
    /** PostgreSQL: a reading that the clock skips is the old offset's, one that it shows twice is the later. */
    toInstant(local) {
      const before = offsetAt(local - day)
      const after = offsetAt(local + day)
      if (before === after) return local - before
      return offsetAt(local - after) === after ? local - after : local - before
    },
  }
}
