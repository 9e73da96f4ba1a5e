import type { JournalEntry } from '../../../../src/connector/store.js'
import type { Firing } from '../../../../src/rule/runtime/finding.js'
import { complaint, engine, start, tick } from '../feed.js'
import { type Row, recording, type Stream, type Value } from './recording.js'

/** A recorded reading as a feedback: its symbol is the model, its price the usage, which may be unknown, too. */
function reading(place: number, at: number, symbol: string | null, price: number | null): JournalEntry {
  return complaint(place + 1, at / 1000, {
    productModel: symbol ?? undefined,
    usageAtFailure: price === null ? undefined : { value: price, unit: 'km' },
  })
}

/** The stream in journal time: appended when it happened. */
export function journalOf(stream: Stream): readonly JournalEntry[] {
  return stream.map(([at, symbol, price], place) => reading(place, at, symbol, price))
}

/** The stream in event time: in order, each appended up to 750 ms after it happened. */
export function delayedJournalOf(stream: Stream): readonly JournalEntry[] {
  let latest = start
  return journalOf(stream).map((entry, place) => {
    latest = Math.max(latest, entry.at + (place % 4) * 250)
    return { ...entry, at: latest }
  })
}

/** The stream in event time, out of order: each appended up to 3.75 seconds after it happened. */
export function scatteredJournalOf(stream: Stream): readonly JournalEntry[] {
  return journalOf(stream)
    .map((entry, place) => ({ ...entry, at: entry.at + (place % 4) * 1250 }))
    .sort((a, b) => a.at - b.at)
}

/** Lets rules see a journal and the silence after it. */
export function firingsOf(rules: string, journal: readonly JournalEntry[]): readonly Firing[] {
  const end = ((journal.at(-1)?.at ?? start) - start + recording.silence) / 1000
  return engine(rules).observe([...journal, tick(journal.length + 1, end)]).firings
}

/** The figures of a firing as the recorder writes them. */
export function figures({ at, trigger, facts }: Firing, columns: readonly string[]): Row {
  return [at - start, placeOf(trigger), ...columns.map((column) => recordable(facts[column]))]
}

/** The readings that a firing of a pattern rests on, as the recorder writes them. */
export function steps({ at, trigger, evidence }: Firing): Row {
  return [at - start, placeOf(trigger), ...evidence.map((offset) => offset - 1)]
}

/** Which comes first among what happens at one instant for one cause is not promised. */
export function inOrder(rows: readonly Row[]): readonly Row[] {
  const byText = rows.map((row): [string, Row] => [JSON.stringify(row), row])
  return byText
    .sort(([a, [at]], [b, [other]]) => at - other || (a < b ? -1 : a > b ? 1 : 0))
    .map(([, row]) => row)
}

const placeOf = (trigger: Firing['trigger']): number =>
  trigger === undefined ? -1 : Number(trigger.sourceMessageId.slice(1)) - 1

function recordable(fact: unknown): Value {
  return typeof fact === 'string' || typeof fact === 'number' ? fact : null
}
