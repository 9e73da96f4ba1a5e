import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { engine, start, tick } from './feed.js'
import { aggregates, crowds, type Given, journals, naive } from './journals.js'

const size = 30
const lateness = 25

/** Every window there is, with which of the complaints so far are in it when one comes. */
const windows: readonly {
  readonly clause: string
  readonly fixed: boolean
  readonly inside: (before: readonly Given[], now: Given) => readonly Given[]
}[] = [
  {
    clause: `SLIDING INTERVAL '${size} seconds'`,
    fixed: true,
    inside: (before, now) => before.filter(({ seconds }) => seconds > now.seconds - size),
  },
  {
    clause: `TUMBLING INTERVAL '${size} seconds'`,
    fixed: true,
    inside: (before, now) => before.filter(({ seconds }) => bucket(seconds) === bucket(now.seconds)),
  },
  {
    clause: "SESSION INTERVAL '10 seconds'",
    fixed: false,
    inside: (before, now) => run(before, ({ seconds }) => seconds, now),
  },
  { clause: 'COUNT 4', fixed: false, inside: (before) => before.slice(-3) },
  {
    clause: `SLIDING INTERVAL '${size} seconds' ON EVENT TIME LATENESS INTERVAL '${lateness} seconds'`,
    fixed: true,
    // The first position that it is in ends at its own instant.
    inside: (before, now) =>
      accepted(before).filter(({ happened }) => happened > now.happened - size && happened <= now.happened),
  },
  {
    clause: `TUMBLING INTERVAL '${size} seconds' ON EVENT TIME LATENESS INTERVAL '${lateness} seconds'`,
    fixed: true,
    inside: (before, now) =>
      accepted(before).filter(({ happened }) => bucket(happened) === bucket(now.happened)),
  },
  {
    clause: `SESSION INTERVAL '10 seconds' ON EVENT TIME LATENESS INTERVAL '${lateness} seconds'`,
    fixed: false,
    inside: (before, now) => run(accepted(before), ({ happened }) => happened, now),
  },
]

/** Windows are aligned to the epoch, and the start of the journal is a whole hour. */
const bucket = (seconds: number): number => Math.floor(seconds / size)
const isLate = ({ seconds, happened }: Given): boolean => happened <= seconds - lateness
const accepted = (given: readonly Given[]): readonly Given[] => given.filter((one) => !isLate(one))

/** The complaints that are connected with one by gaps below 10 seconds. */
function run(before: readonly Given[], timeOf: (given: Given) => number, now: Given): readonly Given[] {
  const sorted = [...before, now].sort((a, b) => timeOf(a) - timeOf(b))
  const own = sorted.indexOf(now)
  const gap = (index: number): number => {
    const [a, b] = [sorted[index - 1], sorted[index]]
    return a === undefined || b === undefined ? Number.POSITIVE_INFINITY : timeOf(b) - timeOf(a)
  }
  let from = own
  let to = own
  while (gap(from) < 10) from--
  while (gap(to + 1) < 10) to++
  return sorted.slice(from, to + 1).filter((one) => one !== now)
}

const rule = (clause: string, rest: string, fixed = false): string =>
  `CREATE RULE r AS SELECT ${aggregates(fixed)} FROM feedbacks GROUP BY product_model
   WINDOW ${clause} ${rest} ESCALATE TO t;`

const figures = (facts: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> => {
  const { product_model: _, ...rest } = facts
  return rest
}

describe.each(windows)('WINDOW $clause', ({ clause, fixed, inside }) => {
  const isEventTime = clause.includes('EVENT TIME')
  const delay = isEventTime ? 40 : 0

  it('adds up to what a plain filter over the journal adds up to', () => {
    fc.assert(
      fc.property(journals(delay), (given) => {
        const running = engine(rule(clause, '', fixed))
        const seen: Given[] = []
        let late = 0
        for (const now of given) {
          const { firings } = running.observe([now.entry])
          if (isEventTime && isLate(now)) {
            late++
            expect(firings).toEqual([])
          } else {
            const of = seen.filter(({ model }) => model === now.model)
            const expected = naive([...inside(of, now), now], fixed ? size : 0)
            expect(firings.map(({ facts }) => figures(facts))).toEqual([expected])
          }
          seen.push(now)
        }
        expect(running.losses().r?.late ?? 0).toBe(late)
      }),
    )
  })

  it('leaves nothing behind when it is over', () => {
    fc.assert(
      fc.property(journals(delay), (given) => {
        const running = engine(rule(clause, 'HAVING COUNT(*) >= 3'))
        running.observe([...given.map(({ entry }) => entry), tick(1_000_000, 30 * 86_400)])
        expect(running.snapshot().windows).toEqual([])
        expect(running.nextDue).toBeUndefined()
      }),
    )
  })
})

describe('a window that many are in', () => {
  const clauses = [
    {
      clause: `SLIDING INTERVAL '${size} seconds'`,
      inside: (before: readonly Given[], now: Given) =>
        before.filter(({ seconds }) => seconds > now.seconds - size),
    },
    { clause: 'COUNT 90', inside: (before: readonly Given[]) => before.slice(-89) },
  ]
  it.each(clauses)('adds up as well, $clause', ({ clause, inside }) => {
    fc.assert(
      fc.property(crowds(), (given) => {
        const running = engine(rule(clause, ''))
        const seen: Given[] = []
        for (const now of given) {
          const of = seen.filter(({ model }) => model === now.model)
          const [firing] = running.observe([now.entry]).firings
          expect(figures(firing?.facts ?? {})).toEqual(naive([...inside(of, now), now], 0))
          seen.push(now)
        }
      }),
      { numRuns: 10 },
    )
  })
})

describe('a window in event time', () => {
  it('fires when a late complaint makes a position of the past hold that did not hold without it', () => {
    const clause = `SLIDING INTERVAL '${size} seconds' ON EVENT TIME LATENESS INTERVAL '${lateness} seconds'`
    fc.assert(
      fc.property(journals(40), (given) => {
        const running = engine(rule(clause, 'HAVING COUNT(*) >= 3 AND AVG(severity_score) > 4'))
        const seen: Given[] = []
        for (const now of given) {
          const fired = running.observe([now.entry]).firings.length
          const others = accepted(seen).filter(({ model }) => model === now.model)
          const holds = (some: readonly Given[]): boolean =>
            some.length >= 3 && some.reduce((sum, { severity }) => sum + severity, 0) / some.length > 4
          const ends = [...others, now]
            .map(({ happened }) => happened)
            .filter((end) => end >= now.happened && end < now.happened + size)
          const at = (all: readonly Given[], end: number): readonly Given[] =>
            all.filter(({ happened }) => happened > end - size && happened <= end)
          const rises =
            !isLate(now) &&
            ends.some((end) => holds(at([...others, now], end))) &&
            !ends.some((end) => holds(at(others, end)))
          expect(fired).toBe(rises ? 1 : 0)
          seen.push(now)
        }
      }),
    )
  })

  it('takes a clock that is ahead for the instant at which the complaint came', () => {
    const running = engine(
      "CREATE RULE r AS SELECT COUNT(*) AS n FROM feedbacks WINDOW SLIDING INTERVAL '10 seconds' ON EVENT TIME LATENESS INTERVAL '5 seconds' ESCALATE TO t;",
    )
    const [first, second] = fc
      .sample(journals(), { numRuns: 50, seed: 1 })
      .flat()
      .slice(0, 2)
      .map(({ entry }, index) => ({
        ...entry,
        at: start + index * 1000,
        feedback: { ...entry.feedback, lastOccurrenceTime: new Date(start + 9_000_000).toISOString() },
      }))
    if (first === undefined || second === undefined) throw new Error('no complaints')
    expect(running.observe([first, second]).firings.map(({ facts }) => facts.n)).toEqual([1, 2])
  })
})

describe('EMIT FINAL', () => {
  it.each([
    ['TUMBLING', `INTERVAL '${size} seconds'`, 0],
    ['SESSION', "INTERVAL '10 seconds'", 0],
    [
      'TUMBLING',
      `INTERVAL '${size} seconds' ON EVENT TIME LATENESS INTERVAL '${lateness} seconds'`,
      lateness,
    ],
    ['SESSION', `INTERVAL '10 seconds' ON EVENT TIME LATENESS INTERVAL '${lateness} seconds'`, lateness],
  ])('judges every %s %s window once, when it closes', (kind, length, waits) => {
    fc.assert(
      fc.property(journals(waits === 0 ? 0 : 40), (given) => {
        const running = engine(rule(`${kind} ${length} EMIT FINAL`, 'HAVING COUNT(*) >= 2'))
        const found = running.observe([...given.map(({ entry }) => entry), tick(1_000_000, 86_400)]).firings
        const kept = waits === 0 ? given : accepted(given)
        const timeOf = ({ seconds, happened }: Given): number => (waits === 0 ? seconds : happened)
        const panes = ['A', 'B'].flatMap((model) => {
          const sorted = kept.filter((one) => one.model === model).sort((a, b) => timeOf(a) - timeOf(b))
          const open: Given[][] = []
          for (const one of sorted) {
            const pane = open.at(-1)
            const last = pane?.at(-1)
            const joins =
              last !== undefined &&
              (kind === 'TUMBLING'
                ? bucket(timeOf(last)) === bucket(timeOf(one))
                : timeOf(one) - timeOf(last) < 10)
            if (joins) pane?.push(one)
            else open.push([one])
          }
          return open
        })
        const expected = panes
          .filter((pane) => pane.length >= 2)
          .map((pane) => {
            const last = pane.at(-1)
            const end = last === undefined ? 0 : timeOf(last)
            const closes = kind === 'TUMBLING' ? (bucket(end) + 1) * size : end + 10
            return { seconds: closes + waits, ...naive(pane, 0) }
          })
        const key = (value: unknown): string => JSON.stringify(value)
        expect(
          found.map(({ at, facts }) => key({ seconds: (at - start) / 1000, ...figures(facts) })).sort(),
        ).toEqual(expected.map(key).sort())
      }),
    )
  })
})
