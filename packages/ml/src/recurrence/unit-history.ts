import { day } from '../detector/instant.js'
import type { RecurrenceSettings } from './recurrence-options.js'

/** One report of a unit: when it happened, which feedback it is, and whether a technician was there. */
export type UnitReport = { readonly at: number; readonly id: string; readonly repair: boolean }

/** A unit's first case, and whether the fault came back. Instants in milliseconds. */
export interface UnitCourse {
  /** When it was repaired; the last report of the case where no repair is known. */
  readonly repairedAt: number
  /** The report that says that it is back. */
  readonly back: UnitReport | null
}

/** Enough for the first two cases of a unit; those that come later say no more. */
const mostReports = 12

/** Keeps a unit's reports in order of time, whenever they come; the same feedback once. */
export function withReport(reports: readonly UnitReport[], report: UnitReport): readonly UnitReport[] {
  if (reports.some(({ id }) => id === report.id)) return reports
  const sorted = [...reports, report].sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1))
  return sorted.slice(0, mostReports)
}

/**
 * Reads a unit's reports of one fault. What is reported within `caseDays` of the first is the same case, told again; after
 * a known repair, from the next day on, it is a recurrence. A technician who comes late belongs to the case.
 *
 * @param reports in order of time, one at least
 */
export function courseOf(
  reports: readonly UnitReport[],
  { caseDays }: Pick<RecurrenceSettings, 'caseDays'>,
): UnitCourse {
  const start = reports[0]?.at ?? 0
  let end = start
  let repairedAt: number | null = null
  for (const report of reports) {
    const isBack =
      repairedAt === null
        ? !report.repair && report.at - start > caseDays * day
        : report.at - repairedAt >= (report.repair ? Math.max(1, caseDays) : 1) * day
    if (isBack) return { repairedAt: repairedAt ?? end, back: report }
    end = report.at
    if (report.repair) repairedAt = report.at
  }
  return { repairedAt: repairedAt ?? end, back: null }
}
