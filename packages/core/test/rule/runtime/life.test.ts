import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { complaint, engine, start, tick } from './feed.js'
import { type Given, journals } from './journals.js'

const window = 20
const threshold = 3

interface Terms {
  readonly holdFor: number
  readonly keepFiringFor: number
  readonly oncePer: number | undefined
  readonly resolveAt: number | undefined
}

const terms: fc.Arbitrary<Terms> = fc.record({
  holdFor: fc.constantFrom(0, 0, 5, 12),
  keepFiringFor: fc.constantFrom(0, 0, 7, 30),
  oncePer: fc.constantFrom(undefined, undefined, 15, 40),
  resolveAt: fc.constantFrom(undefined, undefined, 0, 1),
})

const ruleOf = ({ holdFor, keepFiringFor, oncePer, resolveAt }: Terms): string =>
  `CREATE RULE r AS SELECT COUNT(*) AS n FROM feedbacks GROUP BY product_model
   WINDOW SLIDING INTERVAL '${window} seconds' HAVING COUNT(*) >= ${threshold}
   ${resolveAt === undefined ? '' : `RESOLVE WHEN COUNT(*) <= ${resolveAt}`}
   ${holdFor === 0 ? '' : `FOR INTERVAL '${holdFor} seconds'`}
   ${keepFiringFor === 0 ? '' : `KEEP FIRING FOR INTERVAL '${keepFiringFor} seconds'`}
   ${oncePer === undefined ? '' : `ONCE PER INTERVAL '${oncePer} seconds'`} ESCALATE TO t;`

type State = 'off' | 'pending' | 'on' | 'recovering'

/** What the rule becomes at one look, written down plainly. */
function next(state: State, lasted: number, inside: number, chosen: Terms): State {
  const { holdFor, keepFiringFor, resolveAt } = chosen
  const holds = inside >= threshold
  switch (state) {
    case 'off':
      return holds ? (holdFor > 0 ? 'pending' : 'on') : 'off'
    case 'pending':
      return holds ? (lasted >= holdFor ? 'on' : 'pending') : 'off'
    case 'on': {
      const over = !holds && (resolveAt === undefined || inside <= resolveAt)
      return over ? (keepFiringFor > 0 ? 'recovering' : 'off') : 'on'
    }
    case 'recovering':
      return holds ? 'on' : lasted >= keepFiringFor ? 'off' : 'recovering'
  }
}

/** The seconds in which one model's rule fires, by looking at every second and after every complaint. */
function byTheSecond(given: readonly Given[], chosen: Terms): number[] {
  const fired: number[] = []
  let state: State = 'off'
  let since = 0
  const last = (given.at(-1)?.seconds ?? 0) + 200
  for (let second = 0; second <= last; second++) {
    const before = given.filter(({ seconds }) => seconds < second)
    const now = given.filter(({ seconds }) => seconds === second)
    for (let come = 0; come <= now.length; come++) {
      const inside = [...before, ...now.slice(0, come)].filter(
        ({ seconds }) => seconds > second - window,
      ).length
      const was: State = state
      state = next(was, second - since, inside, chosen)
      if (state !== was) since = second
      const latest = fired.at(-1)
      const rises = was === 'off' || was === 'pending'
      const isFree = latest === undefined || second - latest >= (chosen.oncePer ?? 0)
      const wants = chosen.oncePer === undefined ? rises : isFree
      if (state === 'on' && inside >= threshold && wants) fired.push(second)
    }
  }
  return fired
}

const secondsOf = (firings: readonly { readonly at: number }[]): number[] =>
  firings.map(({ at }) => (at - start) / 1000)

describe('a rule with HAVING', () => {
  it('lives as one that is looked at every second, whatever FOR, KEEP FIRING FOR, RESOLVE WHEN and ONCE PER say', () => {
    fc.assert(
      fc.property(journals(), terms, (given, chosen) => {
        const found = engine(ruleOf(chosen)).observe([
          ...given.map(({ entry }) => entry),
          tick(1_000_000, (given.at(-1)?.seconds ?? 0) + 200),
        ]).firings
        for (const model of ['A', 'B']) {
          const own = given.filter((one) => one.model === model)
          const fired = found.filter(({ facts }) => facts.product_model === model)
          expect(secondsOf(fired)).toEqual(byTheSecond(own, chosen))
        }
      }),
      { numRuns: 300 },
    )
  })

  it('is still pending, and still firing, after a restart', () => {
    fc.assert(
      fc.property(journals(), terms, fc.nat(60), (given, chosen, at) => {
        const entries = [...given.map(({ entry }) => entry), tick(1_000_000, 10_000)]
        const through = engine(ruleOf(chosen))
        const before = through.observe(entries.slice(0, at)).firings
        const restored = engine(ruleOf(chosen))
        restored.restore(JSON.parse(JSON.stringify(through.snapshot())))
        const after = restored.observe(entries.slice(at)).firings
        expect(secondsOf([...before, ...after])).toEqual(
          secondsOf(engine(ruleOf(chosen)).observe(entries).firings),
        )
      }),
    )
  })
})

describe('INHIBITED BY', () => {
  const rules = `
    CREATE RULE detail AS SELECT COUNT(*) AS n FROM feedbacks WHERE severity_score < 5
      GROUP BY product_model, region WINDOW SLIDING INTERVAL '1 minute' HAVING COUNT(*) >= 2
      INHIBITED BY outage ESCALATE TO team;
    CREATE RULE outage AS SELECT COUNT(*) AS n FROM feedbacks WHERE severity_score >= 5
      GROUP BY product_model WINDOW SLIDING INTERVAL '30 seconds' HAVING COUNT(*) >= 2 ESCALATE TO plant;
    CREATE RULE single AS SELECT * FROM feedbacks WHERE severity_score = 0 INHIBITED BY outage ESCALATE TO team;`
  const given = (
    offset: number,
    seconds: number,
    severityScore: number,
    productModel = 'A',
    tenant = 'default',
  ) => complaint(offset, seconds, { severityScore, productModel, tenant, region: 'CN-GD' })
  const seen = (
    firings: readonly {
      readonly at: number
      readonly program: { readonly rule: { readonly name: string } }
    }[],
  ) => firings.map(({ at, program }) => `${program.rule.name} ${(at - start) / 1000}`)

  it('keeps a rule silent while the other one fires for the same model, and lets it fire when that is over', () => {
    const entries = [given(1, 0, 6), given(2, 1, 6), given(3, 2, 3), given(4, 3, 3), given(5, 4, 0)]
    const { firings } = engine(rules).observe([...entries, tick(6, 600)])
    // The outage's window loses its first complaint at 30 s; the detail's still holds then.
    expect(seen(firings)).toEqual(['outage 1', 'detail 30'])
  })

  it('is decided by the same complaint that makes the other one fire', () => {
    const both = `
      CREATE RULE detail AS SELECT COUNT(*) AS n FROM feedbacks GROUP BY product_model
        WINDOW SLIDING INTERVAL '10 seconds' HAVING COUNT(*) >= 2 INHIBITED BY outage ESCALATE TO team;
      CREATE RULE outage AS SELECT COUNT(*) AS n FROM feedbacks GROUP BY product_model
        WINDOW SLIDING INTERVAL '1 minute' HAVING COUNT(*) >= 2 ESCALATE TO plant;`
    const { firings } = engine(both).observe([given(1, 0, 6), given(2, 1, 6), tick(3, 600)])
    expect(seen(firings)).toEqual(['outage 1'])
  })

  it('does not reach over to another model or another tenant', () => {
    const entries = [
      given(1, 0, 6),
      given(2, 1, 6),
      given(3, 2, 3, 'B'),
      given(4, 3, 3, 'B'),
      given(5, 4, 3, 'A', 'other'),
      given(6, 5, 3, 'A', 'other'),
    ]
    expect(seen(engine(rules).observe(entries).firings)).toEqual(['outage 1', 'detail 3', 'detail 5'])
  })

  it('goes on after a restart', () => {
    const entries = [given(1, 0, 6), given(2, 1, 6), given(3, 2, 3), given(4, 3, 3), given(5, 4, 0)]
    for (let cut = 0; cut <= entries.length; cut++) {
      const through = engine(rules)
      const before = through.observe(entries.slice(0, cut)).firings
      const restored = engine(rules)
      restored.restore(JSON.parse(JSON.stringify(through.snapshot())))
      const after = restored.observe([...entries.slice(cut), tick(6, 600)]).firings
      expect(seen([...before, ...after])).toEqual(['outage 1', 'detail 30'])
    }
  })
})

describe('a comparison with NOW()', () => {
  it('takes a complaint out of the window when it ceases to hold', () => {
    const recent = `CREATE RULE r AS SELECT COUNT(*) AS n FROM feedbacks
      WHERE last_occurrence_time > NOW() - INTERVAL '10 seconds'
      WINDOW SLIDING INTERVAL '1 hour' HAVING COUNT(*) <= 1 ESCALATE TO t;`
    const happened = (seconds: number): string => new Date(start + seconds * 1000).toISOString()
    const { firings } = engine(recent).observe([
      complaint(1, 5, { lastOccurrenceTime: happened(5) }),
      complaint(2, 6, { lastOccurrenceTime: happened(0) }),
      complaint(3, 7, { lastOccurrenceTime: happened(7) }),
      tick(4, 600),
    ])
    // One at 5 s; three from 7 s on; the second leaves at 10 s, the first at 15 s.
    expect(firings.map(({ at, facts }) => [(at - start) / 1000, facts.n])).toEqual([
      [5, 1],
      [15, 1],
    ])
  })

  it('makes HAVING change by time alone', () => {
    const quiet = `CREATE RULE r AS SELECT MAX(received_at) AS latest FROM feedbacks GROUP BY product_model
      WINDOW SLIDING INTERVAL '1 hour' HAVING MAX(received_at) < NOW() - INTERVAL '10 minutes' ESCALATE TO t;`
    const { firings } = engine(quiet).observe([complaint(1, 0), complaint(2, 300), tick(3, 3000)])
    expect(firings.map(({ at }) => at - start)).toEqual([300_000 + 600_000 + 1])
  })
})
