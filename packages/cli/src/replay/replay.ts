import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Andon, createAndon, type Signal } from '@andon/core'
import type { RawPayload } from '@andon/core/connector'
import type { FeedbackRecord } from '@andon/core/feedback'
import type { Rule } from '@andon/core/rule'
import type { Mapping } from '../mapping/mapping-schema.js'
import { checkColumns } from './check-columns.js'
import { filingClock } from './filing-clock.js'
import { filingDateOf } from './filing-dates.js'
import { ordered } from './ordered.js'
import { replayChannel } from './replay-channel.js'
import { replayClock } from './replay-clock.js'
import { type FileRow, formatOf, readRows } from './rows.js'
import { shadowTargets } from './shadow-targets.js'
import { Tally } from './tally.js'
import { type FiledRow, timeline } from './timeline.js'

export interface ReplayOptions {
  /** CSV, or NDJSON when the name ends in .ndjson, .jsonl or .json. */
  readonly file: string
  readonly mapping: Mapping
  readonly rules: readonly Rule[]
  /** Where journal and signals are kept; a temporary folder that goes afterwards when absent. */
  readonly data?: string
  /** Stop after this many rows. */
  readonly limit?: number
  /** Told of each feedback that entered the journal, with its filing instant (epoch ms). */
  readonly accepted?: (feedback: FeedbackRecord, at: number) => void
  readonly progress?: (progress: Progress) => void
  /** Stops between two batches. */
  readonly signal?: AbortSignal
}

export interface Progress {
  readonly rows: number
  /** 0 to 1, of the file's bytes. */
  readonly share: number
  readonly seconds: number
}

/** What a replay found. */
export interface ReplayResult {
  readonly tally: Tally
  /** In order of opening. */
  readonly signals: readonly Signal[]
  /** The first and the last filing instant (epoch ms); undefined for an empty file. */
  readonly from: number | undefined
  readonly to: number | undefined
  readonly seconds: number
  /** Why the state may be incomplete, e.g. a window at its cap. */
  readonly warnings: Awaited<ReturnType<Andon['health']>>['warnings']
  readonly interrupted: boolean
}

/** A replay keeps everything: what is old in the data's own time is what it is about. */
const keepForEver = 1_000_000
const maxSignals = 1_000_000

/**
 * Sends a file of past reports through the real loop in shadow mode, with the data's own time as the clock, see `filingClock`:
 * the signals are those that a live run over those years would have opened, on the days it would have opened them.
 *
 * @throws CliError for the file; AndonError for rules that cannot run
 */
export async function replay(options: ReplayOptions): Promise<ReplayResult> {
  const { file, mapping, rules, limit = Number.POSITIVE_INFINITY } = options
  const begun = performance.now()
  const seconds = (): number => (performance.now() - begun) / 1000
  const tally = new Tally()
  let share = 0
  const format = formatOf(file)
  const read = (): AsyncIterable<FileRow> =>
    readRows(file, {
      format,
      encoding: mapping.encoding,
      delimiter: mapping.delimiter,
      read: (bytes, of) => {
        share = of === 0 ? 1 : bytes / of
      },
      header: (columns) => checkColumns(mapping, columns),
    })
  const rows = ordered(read, mapping)
  // Whether a date can be believed is known when those behind it have been seen: the file is read for its dates first.
  const dates: number[] = []
  for await (const row of taken(rows(), limit)) {
    dates.push(filingDateOf(row, mapping.filedAt))
    if (options.signal?.aborted === true) break
  }
  const filing = filingClock(dates, mapping)
  const batches = timeline(taken(rows(), limit), filing)
  // The first batch says when the clock begins, and whether the file can be read at all.
  let next = await batches.next()
  const from = next.value?.at
  let to = from
  const clock = replayClock(from ?? 0)
  const temporary = options.data === undefined ? await mkdtemp(join(tmpdir(), 'andon-replay-')) : undefined
  const andon = createAndon({
    channels: [replayChannel(mapping)],
    rules,
    targets: shadowTargets(rules),
    clock,
    mode: 'shadow',
    data: options.data ?? temporary ?? '.andon',
    retention: { rawDays: keepForEver },
  })
  // A stage that cannot go on waits for the clock before it tries again, and here the clock waits for it.
  const failure = Promise.withResolvers<never>()
  let failed = false
  failure.promise.catch(() => {
    failed = true
  })
  andon.on('error', failure.reject)
  const { accepted } = options
  if (accepted !== undefined) andon.on('feedback', (feedback) => accepted(feedback, clock.now()))
  const unlessFailed = <T>(work: Promise<T>): Promise<T> => Promise.race([work, failure.promise])
  try {
    await andon.start()
    while (next.value !== undefined && options.signal?.aborted !== true) {
      const batch = next.value
      to = batch.at
      clock.moveTo(batch.at)
      // The next rows are read while these are written.
      const [results, following] = await unlessFailed(
        Promise.all([
          andon.ingest(batch.rows.map((row) => payloadOf(row, batch.at, format, mapping))),
          batches.next(),
        ]),
      )
      tally.add(batch, results)
      options.progress?.({ rows: tally.rows, share, seconds: seconds() })
      next = following
    }
    await unlessFailed(andon.settled())
    const signals = await andon.signals.list({ limit: maxSignals })
    const { warnings } = await andon.health()
    const interrupted = options.signal?.aborted === true
    return { tally, signals, from, to, seconds: seconds(), warnings, interrupted }
  } finally {
    await batches.return()
    const closed = andon.close()
    if (!failed) await closed
    if (temporary !== undefined) await rm(temporary, { recursive: true, force: true })
  }
}

function payloadOf(
  { body, misdated }: FiledRow,
  at: number,
  format: 'csv' | 'ndjson',
  { channel, source }: Mapping,
): RawPayload {
  return {
    body,
    channel,
    source,
    ...(format === 'ndjson' ? { contentType: 'application/json' } : {}),
    ...(misdated === undefined ? {} : { receivedAt: at }),
  }
}

async function* taken(rows: AsyncIterable<FileRow>, limit: number): AsyncGenerator<FileRow, void, undefined> {
  if (limit <= 0) return
  let count = 0
  for await (const row of rows) {
    yield row
    if (++count >= limit) return
  }
}
