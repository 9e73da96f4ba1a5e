import { describe, expect, it } from 'vitest'
import { start } from '../feed.js'
import { type RecordedQuery, type Row, recording } from './recording.js'
import {
  delayedJournalOf,
  figures,
  firingsOf,
  inOrder,
  journalOf,
  scatteredJournalOf,
  steps,
} from './replay.js'

// What Esper reported, replayed: README.md says how it was recorded, what stands against what, and where the two
// differ by decision (groups that became empty, the instant at which a batch in event time ends, other groups in
// event time, the order within one instant).

const figureList = `product_model AS symbol, COUNT(*) AS n, SUM(usage_at_failure.value) AS total,
  AVG(usage_at_failure.value) AS mean, MIN(usage_at_failure.value) AS low, MAX(usage_at_failure.value) AS high,
  COUNT(DISTINCT usage_at_failure.value) AS kinds, COUNT(*) FILTER (WHERE usage_at_failure.value > 5) AS above,
  PERCENTILE(usage_at_failure.value, 0.5) AS middle`

const window = (clause: string, name = 'figures', having = ''): string =>
  `CREATE RULE ${name} AS SELECT ${figureList} FROM feedbacks GROUP BY product_model
   WINDOW ${clause} ${having} ESCALATE TO team;`

/** One rule for every count: each change of the count makes one of them fire, entries that leave included. */
const everyCount = (rule: (name: string, having: string) => string): string =>
  Array.from({ length: 60 }, (_, n) => rule(`count_${n + 1}`, `HAVING COUNT(*) = ${n + 1}`)).join('\n')

const pattern = (clauses: string): string =>
  `CREATE RULE found AS SELECT * FROM feedbacks ${clauses} ESCALATE TO team;`

const streams = recording.streams.map((stream, index) => ({ stream, seed: index + 1, index }))
const { queries } = recording

/** Esper tells of a group that became empty (n is 0); a rule has nothing to say about a group that is not there. */
const isPresent = ([, , , n]: Row): boolean => n !== 0
const byEvent = ([, cause]: Row): boolean => cause >= 0
const run = ({ runs }: RecordedQuery, index: number): readonly Row[] => runs[index] ?? []

describe.each(streams)('stream $seed, against what Esper reported', ({ stream, index }) => {
  const journal = journalOf(stream)
  const found = (rules: string, { columns }: RecordedQuery): readonly Row[] =>
    inOrder(firingsOf(rules, journal).map((firing) => figures(firing, columns)))
  const matched = (clauses: string): readonly Row[] =>
    inOrder(firingsOf(pattern(clauses), journal).map(steps))

  it('a sliding window has the figures of #time whenever an entry comes', () => {
    const expected = run(queries.sliding, index).filter(byEvent)
    expect(found(window(`SLIDING INTERVAL '5 seconds'`), queries.sliding)).toEqual(inOrder(expected))
  })

  it('a sliding window has the figures of #time whenever an entry leaves, too', () => {
    const rules = everyCount((name, having) => window(`SLIDING INTERVAL '5 seconds'`, name, having))
    expect(found(rules, queries.sliding)).toEqual(inOrder(run(queries.sliding, index).filter(isPresent)))
  })

  it('a tumbling window ends as #time_batch does', () => {
    const rule = window(`TUMBLING INTERVAL '7 seconds' EMIT FINAL`)
    expect(found(rule, queries.tumbling)).toEqual(inOrder(run(queries.tumbling, index).filter(isPresent)))
  })

  it('a tumbling window has the figures of #expr over one batch while it is open', () => {
    const expected = run(queries.tumblingOpen, index)
    expect(found(window(`TUMBLING INTERVAL '7 seconds'`), queries.tumblingOpen)).toEqual(inOrder(expected))
  })

  it('a session has the figures of #time_accum while it goes on', () => {
    const expected = run(queries.session, index).filter(byEvent)
    expect(found(window(`SESSION INTERVAL '3 seconds'`), queries.session)).toEqual(inOrder(expected))
  })

  it('a session ends as #time_accum does', () => {
    const rule = window(`SESSION INTERVAL '3 seconds' EMIT FINAL`)
    expect(found(rule, queries.sessionClosed)).toEqual(inOrder(run(queries.sessionClosed, index)))
  })

  it('a count window has the figures of #length', () => {
    expect(found(window('COUNT 3'), queries.lastThree)).toEqual(inOrder(run(queries.lastThree, index)))
  })

  it('a sliding window in event time has the figures of #ext_timed', () => {
    const clause = `SLIDING INTERVAL '5 seconds' ON EVENT TIME LATENESS INTERVAL '1 second'`
    const ours = firingsOf(window(clause), delayedJournalOf(stream))
    const { columns } = queries.slidingInEventTime
    // Esper tells, too, what the newcomer makes leave other groups: only its own is compared.
    const expected = run(queries.slidingInEventTime, index).filter(
      ([, cause, symbol]) => symbol === stream[cause]?.[1],
    )
    const withoutInstant = ([, ...row]: Row): readonly unknown[] => row
    expect(ours.map((firing) => withoutInstant(figures(firing, columns)))).toEqual(
      expected.map(withoutInstant),
    )
  })

  it('a tumbling window in event time ends with the figures of #ext_timed_batch', () => {
    const clause = `TUMBLING INTERVAL '7 seconds' ON EVENT TIME LATENESS INTERVAL '1 second' EMIT FINAL`
    const ours = firingsOf(window(clause), delayedJournalOf(stream))
    const { columns } = queries.tumblingInEventTime
    const closed = batches(ours.map((firing) => figures(firing, columns)))
    // Esper's last batch waits for another event; ours ends when the watermark has passed it.
    const expected = batches(run(queries.tumblingInEventTime, index).filter(isPresent))
    expect(closed.slice(0, -1)).toEqual(expected)
    expect(closed).toHaveLength(expected.length + 1)
  })

  it.each([
    ['a tumbling window', '#time_batch', `TUMBLING INTERVAL '7 seconds'`, queries.tumbling],
    ['a session', '#time_accum', `SESSION INTERVAL '3 seconds'`, queries.sessionClosed],
  ])(
    '%s in event time, out of order, ends as %s does in order, later by LATENESS',
    (_, __, clause, query) => {
      const rule = window(`${clause} ON EVENT TIME LATENESS INTERVAL '4 seconds' EMIT FINAL`)
      const ours = firingsOf(rule, scatteredJournalOf(stream)).map((firing) => figures(firing, query.columns))
      const expected = run(query, index).filter(isPresent)
      expect(inOrder(ours)).toEqual(inOrder(expected.map(([at, ...row]) => [at + 4000, ...row])))
    },
  )

  it('two steps match as every a -> b does, where a feedback may be both', () => {
    const clauses = `MATCH (a, b) WHERE a.usage_at_failure.value >= 6 AND b.usage_at_failure.value >= 4
      AND b.product_model = a.product_model WITHIN INTERVAL '5 seconds'`
    expect(matched(clauses)).toEqual(inOrder(run(queries.pair, index)))
  })

  it('two steps match as every a -> b does, where one is compared with the other', () => {
    const clauses = `MATCH (a, b) WHERE a.usage_at_failure.value >= 2 AND b.product_model = a.product_model
      AND b.usage_at_failure.value > a.usage_at_failure.value WITHIN INTERVAL '5 seconds'`
    expect(matched(clauses)).toEqual(inOrder(run(queries.rise, index)))
  })

  it('three steps match as every a -> b -> c does, within the time since the first', () => {
    const clauses = `MATCH (a, b, c) WHERE a.usage_at_failure.value >= 5 AND b.usage_at_failure.value >= 3
      AND c.usage_at_failure.value < 8 AND b.product_model = a.product_model AND c.product_model = a.product_model
      WITHIN INTERVAL '5 seconds'`
    expect(matched(clauses)).toEqual(inOrder(run(queries.triple, index)))
  })

  it('three steps match as every a -> b -> c does, where each is compared with the one before', () => {
    const clauses = `MATCH (a, b, c) WHERE b.product_model = a.product_model AND c.product_model = a.product_model
      AND b.usage_at_failure.value > a.usage_at_failure.value AND c.usage_at_failure.value < b.usage_at_failure.value
      WITHIN INTERVAL '5 seconds'`
    expect(matched(clauses)).toEqual(inOrder(run(queries.peak, index)))
  })

  it('what stays away is found as timer:interval and not does', () => {
    const clauses = `WHERE usage_at_failure.value >= 5 WITHOUT (c) WHERE c.product_model = product_model
      AND c.usage_at_failure.value > 2 WITHIN INTERVAL '5 seconds'`
    expect(matched(clauses)).toEqual(inOrder(run(queries.absence, index)))
  })

  it('what stays away after two steps is found as timer:interval and not does', () => {
    const clauses = `MATCH (a, b) WHERE a.usage_at_failure.value >= 5 AND b.usage_at_failure.value >= 4
      AND b.product_model = a.product_model WITHIN INTERVAL '5 seconds'
      WITHOUT (c) WHERE c.product_model = a.product_model AND c.usage_at_failure.value > b.usage_at_failure.value
      WITHIN INTERVAL '3 seconds'`
    expect(matched(clauses)).toEqual(inOrder(run(queries.pairThenAbsence, index)))
  })

  it('matches in a sliding window have the figures of a pattern in #time', () => {
    const rules = everyCount(
      (name, having) => `CREATE RULE ${name} AS SELECT a.product_model AS symbol, COUNT(*) AS n,
        SUM(b.usage_at_failure.value - a.usage_at_failure.value) AS total FROM feedbacks
        MATCH (a, b) WHERE a.usage_at_failure.value >= 5 AND b.usage_at_failure.value >= 4
          AND b.product_model = a.product_model WITHIN INTERVAL '5 seconds'
        GROUP BY a.product_model WINDOW SLIDING INTERVAL '4 seconds' ${having} ESCALATE TO team;`,
    )
    const expected = run(queries.pairsInWindow, index).filter(isPresent)
    expect(found(rules, queries.pairsInWindow)).toEqual(inOrder(expected))
  })
})

describe('the recording', () => {
  it('begins when the journal of these tests does', () => {
    expect(recording.start).toBe(start)
  })
})

/** Rows by the instant at which they were reported, without it: one batch each. */
function batches(rows: readonly Row[]): readonly (readonly unknown[])[] {
  const byInstant = Map.groupBy(rows, ([at]) => at)
  return [...byInstant.values()].map((batch) => inOrder(batch.map(([, , ...row]) => [0, 0, ...row])))
}
