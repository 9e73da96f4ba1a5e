const secondsOf: Readonly<Record<string, number>> = {
  s: 1,
  sec: 1,
  second: 1,
  m: 60,
  min: 60,
  minute: 60,
  h: 3600,
  hour: 3600,
  d: 86_400,
  day: 86_400,
  week: 604_800,
}

/**
 * Seconds of an interval as rules write it: a number of seconds, `30 minutes`, `1 day 2 hours`,
 * `01:30:00` or ISO 8601 `PT90M`.
 * Undefined for what is none of these.
 */
export function intervalSeconds(interval: number | string): number | undefined {
  if (typeof interval === 'number') return interval >= 0 ? interval : undefined
  const clockFace = /^(\d+):(\d\d)(?::(\d\d))?$/.exec(interval.trim())
  if (clockFace !== null) {
    const [hours = 0, minutes = 0, seconds = 0] = clockFace.slice(1).map((part) => Number(part ?? 0))
    return hours * 3600 + minutes * 60 + seconds
  }
  const iso = /^P(?=.)(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?)?$/.exec(interval.trim())
  if (iso !== null) {
    const [days = 0, hours = 0, minutes = 0, seconds = 0] = iso.slice(1).map((part) => Number(part ?? 0))
    return days * 86_400 + hours * 3600 + minutes * 60 + seconds
  }
  const parts = [...interval.matchAll(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi)]
  if (parts.length === 0 || interval.replace(/(\d+(?:\.\d+)?)\s*([a-z]+)/gi, '').trim() !== '')
    return undefined
  let total = 0
  for (const [, count, word = ''] of parts) {
    const lower = word.toLowerCase()
    const unit = secondsOf[lower] ?? secondsOf[lower.replace(/s$/, '')]
    if (unit === undefined) return undefined
    total += Number(count) * unit
  }
  return total
}
