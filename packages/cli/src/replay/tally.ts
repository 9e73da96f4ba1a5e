import type { IngestResult, Localized } from '@andon/core'
import type { Problem } from '@andon/core/connector'
import type { FiledBatch, FiledRow } from './timeline.js'

/** Rows that were quarantined for one reason. */
export interface QuarantineReason {
  readonly field: string
  readonly reason: Localized
  /** Rows, each counted once. */
  readonly count: number
  /** The first few: the row's number (1 is the first after the header) and what stood there. */
  readonly examples: readonly { readonly row: number; readonly value: string }[]
}

/** Rows whose date the rows around them do not confirm. */
export interface Misdated {
  readonly count: number
  /** Rows altogether. */
  readonly of: number
  /** The first few: the row's number, its own date and when it was filed instead (epoch ms). */
  readonly examples: readonly { readonly row: number; readonly date: number; readonly filedAt: number }[]
}

const maxExamples = 5
/** Reasons with a value of their own inside could be as many as rows. */
const maxReasons = 1000

/** Counts what became of rows: each is accepted, a duplicate, or quarantined because of any of its feedback. */
export class Tally {
  rows = 0
  accepted = 0
  duplicates = 0
  quarantined = 0
  /** Feedback that entered the journal; more than rows where a mapping explodes a list. */
  feedback = 0
  #misdated = 0
  readonly #misdatedExamples: { row: number; date: number; filedAt: number }[] = []
  readonly #reasons = new Map<
    string,
    { field: string; reason: Localized; count: number; examples: { row: number; value: string }[] }
  >()

  add({ at, rows }: FiledBatch, results: readonly IngestResult[]): void {
    const byRow = rows.map((): IngestResult[] => [])
    for (const result of results) byRow[result.payload]?.push(result)
    for (const [index, row] of rows.entries()) {
      this.#row(row, byRow[index] ?? [])
      this.#dated(row, at)
    }
  }

  get misdated(): Misdated {
    return { count: this.#misdated, of: this.rows, examples: this.#misdatedExamples }
  }

  get reasons(): readonly QuarantineReason[] {
    return [...this.#reasons.values()].sort((a, b) => b.count - a.count)
  }

  #dated({ number, misdated }: FiledRow, at: number): void {
    if (misdated === undefined) return
    this.#misdated += 1
    if (this.#misdatedExamples.length < maxExamples)
      this.#misdatedExamples.push({ row: number, date: misdated, filedAt: at })
  }

  #row({ number }: FiledRow, results: readonly IngestResult[]): void {
    this.rows += 1
    this.feedback += results.filter(({ status }) => status === 'accepted').length
    const problems = results.flatMap((result) => (result.status === 'quarantined' ? result.problems : []))
    if (problems.length > 0) {
      this.quarantined += 1
      this.#quarantined(number, problems)
    } else if (results.some(({ status }) => status === 'accepted')) this.accepted += 1
    else this.duplicates += 1
  }

  #quarantined(row: number, problems: readonly Problem[]): void {
    const seen = new Set<string>()
    for (const { field, value, reason } of problems) {
      const key = `${field} ${reason.en}`
      if (seen.has(key)) continue
      seen.add(key)
      let known = this.#reasons.get(key)
      if (known === undefined) {
        if (this.#reasons.size >= maxReasons) continue
        known = { field, reason, count: 0, examples: [] }
        this.#reasons.set(key, known)
      }
      known.count += 1
      if (known.examples.length < maxExamples) known.examples.push({ row, value })
    }
  }
}
