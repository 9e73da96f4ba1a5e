import type { FeedbackRecord } from '@andon/core/feedback'
import { dryRun, type Rule } from '@andon/core/rule'
import type { Mapping } from '../mapping/mapping-schema.js'
import { type Progress, replay } from '../replay/replay.js'
import type { Misdated } from '../replay/tally.js'
import { fromJournal } from './from-journal.js'
import { BacktestTally, type RuleTally } from './tally.js'

/** Where past feedback comes from: an embedded store's journal, or a file of reports with its mapping. */
export type BacktestSource =
  | { readonly kind: 'journal'; readonly folder: string }
  | { readonly kind: 'file'; readonly file: string; readonly mapping: Mapping }

export interface BacktestOptions {
  readonly from: BacktestSource
  readonly rules: readonly Rule[]
  readonly progress?: (progress: Progress) => void
  readonly signal?: AbortSignal
}

export interface BacktestResult {
  readonly feedback: number
  /** Epoch ms; undefined when there was no feedback. */
  readonly from: number | undefined
  readonly to: number | undefined
  readonly rules: readonly RuleTally[]
  /** Rows of a file that the clock did not follow; a journal has none. */
  readonly misdated: Misdated | undefined
  /** What the caps made the rules forget, by rule. */
  readonly losses: Readonly<Record<string, { readonly entries: number; readonly groups: number }>>
  readonly seconds: number
  readonly interrupted: boolean
}

/**
 * Asks of past feedback when, how often and on what rules would have fired. Nothing is written, nobody is told.
 *
 * @throws CliError for the files; AndonError STORE_LOCKED while Andon runs on the journal
 */
export async function backtest({ from, rules, progress, signal }: BacktestOptions): Promise<BacktestResult> {
  const begun = performance.now()
  const run = dryRun(rules)
  const tally = new BacktestTally(rules.map(({ name }) => name))
  const observe = (feedback: FeedbackRecord, offset: number, at: number): void => {
    tally.seen(feedback, offset, at)
    for (const firing of run.observe([{ offset, at, feedback }])) tally.fired(firing)
  }
  let interrupted = false
  let misdated: Misdated | undefined
  if (from.kind === 'journal') {
    let rows = 0
    for await (const { entries, to, share } of fromJournal(from.folder)) {
      for (const { feedback, offset, at } of entries) observe(feedback, offset, at)
      for (const firing of run.advance(to)) tally.fired(firing)
      rows += entries.length
      progress?.({ rows, share, seconds: (performance.now() - begun) / 1000 })
      interrupted = signal?.aborted === true
      if (interrupted) break
    }
  } else {
    let offset = 0
    const result = await replay({
      file: from.file,
      mapping: from.mapping,
      rules: [],
      accepted: (feedback, at) => observe(feedback, ++offset, at),
      ...(progress === undefined ? {} : { progress }),
      ...(signal === undefined ? {} : { signal }),
    })
    interrupted = result.interrupted
    misdated = result.tally.misdated
  }
  return {
    feedback: tally.feedback,
    from: tally.from,
    to: tally.to,
    rules: tally.rules(),
    misdated,
    losses: run.losses(),
    seconds: (performance.now() - begun) / 1000,
    interrupted,
  }
}
