const day = 24 * 3_600_000

/** Counts within the last 24 hours, kept by the minute. */
export interface DayMeter {
  add(at: number, count: number): void
  within(at: number): number
}

export function dayMeter(): DayMeter {
  const minutes: { readonly minute: number; count: number }[] = []
  let sum = 0
  const forget = (at: number): void => {
    for (
      let [oldest] = minutes;
      oldest !== undefined && oldest.minute * 60_000 <= at - day;
      [oldest] = minutes
    ) {
      minutes.shift()
      sum -= oldest.count
    }
  }
  return {
    add(at, count) {
      forget(at)
      const minute = Math.floor(at / 60_000)
      const latest = minutes.at(-1)
      if (latest?.minute === minute) latest.count += count
      else minutes.push({ minute, count })
      sum += count
    },
    within(at) {
      forget(at)
      return sum
    },
  }
}
