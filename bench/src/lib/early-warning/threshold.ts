import type { Detector, Finding } from '@andon/core/connector'
import { alarm, caseReader, day } from './cases.ts'

/** The rule that comes to everybody's mind: so many cases of a fault of a model within so many days, told once a year. */
export function threshold(cases: number, days: number): Detector {
  const casesOf = caseReader()
  const latest = new Map<string, { at: number; id: string }[]>()
  const told = new Map<string, number>()
  return {
    contract: 1,
    name: `${cases} in ${days} days`,
    capabilities: {},
    init: () => null,
    observe: (_, batch) =>
      batch.flatMap((feedback) =>
        casesOf(feedback).flatMap(({ key, id, arrived }): readonly Finding[] => {
          const kept = [...(latest.get(key) ?? []), { at: arrived, id }].filter(
            ({ at }) => arrived - at <= days * day,
          )
          latest.set(key, kept)
          if (kept.length < cases || arrived - (told.get(key) ?? Number.NEGATIVE_INFINITY) < 365 * day)
            return []
          told.set(key, arrived)
          return [
            alarm(
              key,
              kept.map((one) => one.id),
              { cases: kept.length },
            ),
          ]
        }),
      ),
  }
}
