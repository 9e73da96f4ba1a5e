import { CliError } from '../cli-error.js'
import { exitCodes } from '../exit-codes.js'
import type { Mapping } from '../mapping/mapping-schema.js'
import { believedDates } from './believed-dates.js'

/** When each row of a file was filed, as far as its neighbours confirm it. */
export interface FilingClock {
  /** Epoch ms of each row in its order; never before the row in front. Empty for no rows. */
  readonly instants: Float64Array
  /** Rows whose date can be read and is not believed: place in the order, from 0 → that date (epoch ms). */
  readonly misdated: ReadonlyMap<number, number>
}

/**
 * The clock of a replay: it stands at the latest date so far that is believed, see {@link believedDates}. A row whose date is
 * not believed, or cannot be read, is filed with the believed one in front of it, or behind it at the beginning.
 *
 * @param dates epoch ms in the order of the rows, NaN for what cannot be read
 * @throws CliError exit code 1 when there are rows, but none with a date
 */
export function filingClock(
  dates: readonly number[],
  { filedAt, order }: Pick<Mapping, 'filedAt' | 'order'>,
): FilingClock {
  const instants = new Float64Array(dates.length)
  const misdated = new Map<number, number>()
  // What is ordered by its dates has no other order that could say that a date is wrong.
  const isOrderedByDate = typeof order === 'object' && order.column === filedAt
  const believed = isOrderedByDate ? undefined : believedDates(dates)
  const isBelieved = (date: number, row: number): boolean =>
    !Number.isNaN(date) && (believed === undefined || believed[row] === 1)
  const first = dates.find(isBelieved)
  if (first === undefined) {
    if (dates.length > 0) throw noDates(filedAt)
    return { instants, misdated }
  }
  let now = first
  for (const [row, date] of dates.entries()) {
    if (isBelieved(date, row)) now = Math.max(now, date)
    else if (!Number.isNaN(date)) misdated.set(row, date)
    instants[row] = now
  }
  return { instants, misdated }
}

const noDates = (column: string): CliError =>
  new CliError(
    {
      en: `The column ${column} ("filedAt" of the mapping) has no date that can be read: time would stand still.`,
      zh: `列 ${column}（映射中的 filedAt）没有可读取的日期：时间无法推进。`,
    },
    exitCodes.invalid,
  )
