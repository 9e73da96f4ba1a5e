import type { Detected, DetectResult, KnownEvent } from '@andon/cli'
import { day } from './cases.ts'

/** A warning longer ahead was of something else. */
export const mostYearsAhead = 5

/** How one method did. */
export interface Tally {
  readonly method: string
  /** Known events of a model that an alarm came before, by at most five years. */
  readonly warned: number
  readonly of: number
  /** Days from the first such alarm to the event; null where none was warned of. */
  readonly medianLead: number | null
  /** Problems told, for each model and year of the data. */
  readonly alarms: number
  /** Of these, those that no event is about, before or after. */
  readonly unknown: number
  /** The most of these in one model and year. */
  readonly mostUnknown: number
}

export function tallyOf(method: string, result: DetectResult, modelYears: number): Tally {
  const findings = result.findings.filter(({ detector }) => detector === method)
  const leads = result.known.flatMap(({ event }) => leadOf(event, findings) ?? []).sort((a, b) => a - b)
  const alarms = problems(findings)
  const unknown = problems(findings.filter(({ about }) => about.length === 0))
  return {
    method,
    warned: leads.length,
    of: result.known.length,
    medianLead: leads[Math.floor(leads.length / 2)] ?? null,
    alarms: alarms.size / modelYears,
    unknown: unknown.size / modelYears,
    mostUnknown: Math.max(0, ...countsOf([...unknown.values()])),
  }
}

function leadOf(event: KnownEvent, findings: readonly Detected[]): number | undefined {
  const earliest = event.at - mostYearsAhead * 365.25 * day
  const first = findings.find(
    ({ at, about }) => at >= earliest && at < event.at && about.some((one) => one === event),
  )
  return first === undefined ? undefined : Math.floor((event.at - first.at) / day)
}

/** What was told of one fault in one year is one problem: its key and year → its model and year. */
function problems(findings: readonly Detected[]): ReadonlyMap<string, string> {
  return new Map(
    findings.map(({ at, finding, model }) => {
      const year = new Date(at).getUTCFullYear()
      return [`${finding.key} ${year}`, `${model} ${year}`]
    }),
  )
}

function countsOf(values: readonly string[]): readonly number[] {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return [...counts.values()]
}
