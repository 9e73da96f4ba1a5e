import { readFileSync } from 'node:fs'
import * as z from 'zod'

const value = z.union([z.string(), z.number(), z.null()])
const query = z.strictObject({
  /** The statement in Esper's language. */
  epl: z.string(),
  columns: z.array(z.string()),
  /** For each stream: the instant (ms after the start), the event that caused it (-1: time alone), the columns. */
  runs: z.array(z.array(z.tuple([z.int(), z.int()], value))),
})

const recordingSchema = z.strictObject({
  /** Epoch ms. */
  start: z.int(),
  /** How long time went on after the last event (ms). */
  silence: z.int(),
  /** Instant (ms after the start), symbol, price. An event is known by its place in its stream. */
  streams: z.array(z.array(z.tuple([z.int(), z.string().nullable(), z.int().nullable()]))),
  queries: z.strictObject({
    sliding: query,
    tumbling: query,
    tumblingOpen: query,
    session: query,
    sessionClosed: query,
    lastThree: query,
    slidingInEventTime: query,
    tumblingInEventTime: query,
    pair: query,
    rise: query,
    triple: query,
    peak: query,
    absence: query,
    pairThenAbsence: query,
    pairsInWindow: query,
  }),
})

export type Value = z.infer<typeof value>
type Recording = z.infer<typeof recordingSchema>
export type RecordedQuery = z.infer<typeof query>
export type Stream = Recording['streams'][number]
/** Instant (ms after the start), cause (the event's place, -1 for time alone), values. */
export type Row = readonly [number, number, ...Value[]]

/** What Esper reported: README.md tells how it was recorded. */
export const recording: Recording = recordingSchema.parse(
  JSON.parse(readFileSync(new URL('./fixtures/recording.json', import.meta.url), 'utf8')),
)
