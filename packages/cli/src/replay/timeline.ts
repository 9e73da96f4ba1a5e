import type { FilingClock } from './filing-clock.js'
import type { FileRow } from './rows.js'

/** A row on the line of time. */
export interface FiledRow extends FileRow {
  /** Its own date (epoch ms), if that is not believed: it was received when the clock says. */
  readonly misdated: number | undefined
}

/** Rows that were filed at one instant, ready for one append. */
export interface FiledBatch {
  /** Epoch ms; never before the batch before. */
  readonly at: number
  readonly rows: readonly FiledRow[]
}

/** An append stays this small, so that progress shows and memory does not grow with one busy day. */
const maxBatch = 1000

/** Puts rows on one line of time, each at the instant that the clock has for it. Rows that came since it was set are filed last. */
export async function* timeline(
  rows: AsyncIterable<FileRow>,
  { instants, misdated }: FilingClock,
): AsyncGenerator<FiledBatch, void, undefined> {
  let batch: FiledRow[] = []
  let now = instants[0] ?? 0
  let place = 0
  for await (const row of rows) {
    const at = instants[place] ?? now
    if (batch.length > 0 && (at !== now || batch.length >= maxBatch)) {
      yield { at: now, rows: batch }
      batch = []
    }
    now = at
    batch.push({ ...row, misdated: misdated.get(place) })
    place += 1
  }
  if (batch.length > 0) yield { at: now, rows: batch }
}
