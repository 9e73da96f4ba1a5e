import { readInstant } from '@andon/core/feedback'
import { CliError } from '../cli-error.js'
import { exitCodes } from '../exit-codes.js'
import type { Mapping } from '../mapping/mapping-schema.js'
import { textOf } from '../mapping/row.js'
import type { FileRow } from './rows.js'

/** Rows that were filed at one instant, ready for one append. */
export interface FiledBatch {
  /** Epoch ms; never before the batch before. */
  readonly at: number
  readonly rows: readonly FileRow[]
}

/** An append stays this small, so that progress shows and memory does not grow with one busy day. */
const maxBatch = 1000
/** A filing date further ahead than this (ms) is believed only if the next row's agrees: otherwise it is a slip of the pen. */
const maxGap = 366 * 86_400_000

/**
 * Puts rows on one line of time: each at its filing instant, or at the latest before it where the data steps
 * back, cannot be read, or leaps ahead alone. Such a row still says its own date to intake, which judges it.
 */
export async function* timeline(
  rows: AsyncIterable<FileRow>,
  { filedAt }: Pick<Mapping, 'filedAt'>,
): AsyncGenerator<FiledBatch, void, undefined> {
  let now: number | undefined
  let batch: FileRow[] = []
  for await (const { row, next } of withNext(rows)) {
    const filed = instantIn(row, filedAt)
    const following = next && instantIn(next, filedAt)
    const at: number | undefined =
      filed !== undefined && isBelievable(filed, now, following)
        ? Math.max(filed, now ?? filed)
        : (now ?? following)
    // Rows before the first readable date are filed with it.
    if (now !== undefined && (at !== now || batch.length >= maxBatch)) {
      yield { at: now, rows: batch }
      batch = []
    } else if (now === undefined && batch.length >= maxBatch) throw noDates(filedAt)
    now = at
    batch.push(row)
  }
  if (batch.length === 0) return
  if (now === undefined) throw noDates(filedAt)
  yield { at: now, rows: batch }
}

const noDates = (column: string): CliError =>
  new CliError(
    {
      en: `The column ${column} ("filedAt" of the mapping) has no date that can be read: time would stand still.`,
      zh: `列 ${column}（映射中的 filedAt）没有可读取的日期：时间无法推进。`,
    },
    exitCodes.invalid,
  )

function isBelievable(filed: number, now: number | undefined, following: number | undefined): boolean {
  if (now !== undefined && filed <= now + maxGap) return true
  return following === undefined ? now === undefined : following >= filed - maxGap
}

function instantIn({ body }: FileRow, column: string): number | undefined {
  const row = typeof body === 'string' ? objectIn(body) : body
  const text = row && textOf({ row }, column)
  const reading = text === undefined ? undefined : readInstant(text)
  return reading?.ok === true ? reading.ms : undefined
}

/** NDJSON goes to intake as it stands; its date is looked at here. */
function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}

async function* withNext(
  rows: AsyncIterable<FileRow>,
): AsyncGenerator<{ readonly row: FileRow; readonly next?: FileRow }, void, undefined> {
  let row: FileRow | undefined
  for await (const next of rows) {
    if (row !== undefined) yield { row, next }
    row = next
  }
  if (row !== undefined) yield { row }
}
