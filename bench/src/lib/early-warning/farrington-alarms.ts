import type { Detector, Finding } from '@andon/core/connector'
import { farrington } from '@andon/ml'
import { alarm, caseReader } from './cases.ts'

/** As short a past as the trend of the method allows: eleven years of data have no more to give away. */
const years = 3

interface Series {
  readonly counts: Map<number, number>
  ids: string[]
  /** The month of the latest alarm. */
  alarmed: number
}

const monthOf = (at: number): number => {
  const date = new Date(at)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

/**
 * Farrington's method as public health runs it, improved (Noufaily and others 2013) with its own settings but perhaps for the level, on the months of
 * arrival of each fault of each model. An alarm is told unless there was one in the year before.
 */
export function farringtonAlarms(level = 0.005): Detector {
  const casesOf = caseReader()
  const all = new Map<string, Series>()
  let [first, month] = [-1, -1]
  const endMonth = (): readonly Finding[] =>
    [...all].flatMap(([key, series]) => {
      const counts = Array.from({ length: month - first + 1 }, (_, at) => series.counts.get(first + at) ?? 0)
      const now = counts.at(-1) ?? 0
      if (now === 0 || counts.length <= years * 12 + 1) return []
      const point = farrington(counts, { level, period: 12, years, from: counts.length - 1 }).at(-1)
      if (point?.alarm !== true) return []
      const isNews = month - series.alarmed > 12
      series.alarmed = month
      return isNews ? [alarm(key, series.ids.slice(-now), { cases: now, expected: point.expected })] : []
    })
  return {
    contract: 1,
    name: `Farrington, ${level}`,
    capabilities: {},
    init: () => null,
    observe: (_, batch) =>
      batch.flatMap((feedback) => {
        const arrived = monthOf(Date.parse(feedback.receivedAt))
        if (first < 0) first = month = arrived
        const findings = arrived > month ? endMonth() : []
        month = Math.max(month, arrived)
        for (const { key, id } of casesOf(feedback)) {
          const series = all.get(key) ?? { counts: new Map(), ids: [], alarmed: Number.NEGATIVE_INFINITY }
          all.set(key, series)
          series.counts.set(month, (series.counts.get(month) ?? 0) + 1)
          series.ids = [...series.ids, id].slice(-200)
        }
        return findings
      }),
  }
}
