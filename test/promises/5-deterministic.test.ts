import { type Action, type Andon, parseRules, type Signal } from '@andon/core'
import { virtualClock } from '@andon/testkit'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { advanceUntil, runLoop, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'

const minute = 60_000

const rules = `
CREATE RULE many AS
SELECT product_model AS model, COUNT(*) AS reports, SUM(severity_score) AS weight FROM feedbacks
GROUP BY product_model WINDOW SLIDING INTERVAL '10 minutes' HAVING COUNT(*) >= 3 ESCALATE TO quality;
CREATE RULE worse AS
SELECT region, AVG(severity_score) AS mean FROM feedbacks
GROUP BY region WINDOW SLIDING INTERVAL '7 minutes' HAVING AVG(severity_score) > 5.5 ESCALATE TO quality;
CREATE RULE quarter AS
SELECT fault_code AS fault, COUNT(*) AS reports FROM feedbacks
GROUP BY fault_code WINDOW TUMBLING INTERVAL '15 minutes' HAVING COUNT(*) >= 2 ESCALATE TO quality;
CREATE RULE insisting AS
SELECT product_model AS model, MAX(severity_score) AS worst FROM feedbacks
GROUP BY product_model WINDOW SLIDING INTERVAL '20 minutes' HAVING COUNT(*) >= 2
ONCE PER INTERVAL '4 minutes' ESCALATE TO quality;
CREATE RULE single AS SELECT * FROM feedbacks WHERE severity_score > 6.5 ONCE PER INTERVAL '5 minutes' ESCALATE TO quality;
CREATE RULE fresh AS SELECT * FROM feedbacks
WHERE severity_score > 8 AND last_occurrence_time > NOW() - INTERVAL '1 hour' ESCALATE TO quality;
CREATE RULE lasting AS
SELECT region, COUNT(*) AS reports FROM feedbacks
GROUP BY region WINDOW SLIDING INTERVAL '12 minutes' HAVING COUNT(*) >= 2
FOR INTERVAL '3 minutes' KEEP FIRING FOR INTERVAL '5 minutes' ESCALATE TO quality;
CREATE RULE lesser AS
SELECT region, fault_code AS fault FROM feedbacks
GROUP BY region, fault_code WINDOW SLIDING INTERVAL '20 minutes' HAVING COUNT(*) >= 2
INHIBITED BY lasting ESCALATE TO quality;
CREATE RULE again AS
SELECT b.product_model AS model, b.severity_score - a.severity_score AS worse FROM feedbacks
MATCH (a, b) WHERE b.product_model = a.product_model AND b.severity_score > a.severity_score
WITHIN INTERVAL '10 minutes' ESCALATE TO quality;
CREATE RULE unanswered AS
SELECT fault_code AS fault FROM feedbacks WHERE severity_score > 7
WITHOUT (reply) WHERE reply.fault_code = fault_code AND reply.severity_score < 4
WITHIN INTERVAL '8 minutes' ESCALATE TO quality;
CREATE RULE happened AS
SELECT product_model AS model, COUNT(*) AS reports FROM feedbacks
GROUP BY product_model WINDOW SLIDING INTERVAL '10 minutes' ON EVENT TIME LATENESS INTERVAL '6 minutes'
HAVING COUNT(*) >= 3 ESCALATE TO quality;
CREATE RULE final AS
SELECT region, COUNT(*) AS reports FROM feedbacks
GROUP BY region WINDOW TUMBLING INTERVAL '10 minutes' ON EVENT TIME LATENESS INTERVAL '6 minutes' EMIT FINAL
ESCALATE TO quality;`

const ruleNames = parseRules(rules).map(({ name }) => name)

interface Report {
  /** Minutes after the report before. */
  readonly wait: number
  /** Minutes between what happened and its report. */
  readonly delay: number
  readonly model: string
  readonly region: string
  readonly fault: string
  readonly severity: number
}

const reports = fc.array(
  fc.record<Report>({
    wait: fc.oneof(fc.constant(0), fc.nat(3), fc.nat(12)),
    delay: fc.oneof(fc.constant(0), fc.nat(9)),
    model: fc.constantFrom('KX-500', 'KX-520'),
    region: fc.constantFrom('CN-GD', 'DE-BY'),
    fault: fc.constantFrom('E-1', 'E-2', 'E-3'),
    // Decimals that no double holds.
    severity: fc.integer({ min: 10, max: 99 }).map((tenths) => tenths / 10),
  }),
  { minLength: 5, maxLength: 40 },
)

/** How one journal is brought in: payloads a call, steps of the clock between, restarts. */
interface Way {
  readonly perCall: number
  readonly stepMs: number
  readonly settles: boolean
  readonly restartEvery: number
  readonly snapshotEvery: number
}

const ways = fc.record<Way>({
  perCall: fc.integer({ min: 1, max: 50 }),
  stepMs: fc.constantFrom(1000, 7 * 1000, minute, 60 * minute),
  settles: fc.boolean(),
  restartEvery: fc.constantFrom(0, 0, 7, 13),
  snapshotEvery: fc.constantFrom(1, 5, 1000),
})

interface Outcome {
  readonly signals: readonly Signal[]
  readonly actions: readonly (Omit<Action, 'updatedAt' | 'decisions'> & {
    readonly decisions: readonly Omit<Action['decisions'][number], 'at'>[]
  })[]
}

async function outcomeOf(stream: readonly Report[], way: Way): Promise<Outcome> {
  const clock = virtualClock(start)
  const options = { rules, clock, limits: { snapshotEvery: way.snapshotEvery } }
  let { andon, data } = await runLoop(options)
  let at = start
  let waiting: { body: string }[] = []
  const flush = async (): Promise<void> => {
    for (let from = 0; from < waiting.length; from += way.perCall) {
      await andon.ingest(waiting.slice(from, from + way.perCall))
      if (way.settles) await andon.settled()
    }
    waiting = []
  }
  const goTo = async (instant: number): Promise<void> => {
    while (clock.now() < instant) {
      await clock.advance(Math.min(way.stepMs, instant - clock.now()))
      if (way.settles) await andon.settled()
    }
  }
  for (const [index, { wait, delay, ...report }] of stream.entries()) {
    if (wait > 0) {
      await flush()
      at += wait * minute
      await goTo(at)
    }
    waiting.push(webPayload({ id: `m-${index}`, at: at - delay * minute, ...report }))
    if (way.restartEvery > 0 && index % way.restartEvery === way.restartEvery - 1) {
      await flush()
      await andon.close()
      ;({ andon, data } = await runLoop({ ...options, data }))
    }
  }
  await flush()
  await goTo(at + 60 * minute)
  // Ticks may still be on their way to the disk; a last report, of no interest to any rule, moves time as well.
  const last = { model: 'none', region: 'none', fault: 'none', severity: 0 }
  await andon.ingest(webPayload({ id: 'the-last', at, ...last }))
  await andon.settled()
  const found = await findingsOf(andon)
  await andon.close()
  return found
}

/** When an action was carried out is the clock's business; everything else is the journal's. */
async function findingsOf(andon: Andon): Promise<Outcome> {
  const actions = await andon.actions.list({ limit: 10_000 })
  return {
    signals: await andon.signals.list({ limit: 10_000 }),
    // When a target has done it depends on when it was asked.
    actions: actions.map(({ updatedAt: _, decisions, ...action }) => ({
      ...action,
      decisions: decisions.map(({ at: _at, ...decision }) => decision),
    })),
  }
}

const seed = 5_2026

it(`the same journal gives the same signals and actions, however it is cut, ticked and restarted (seed ${seed})`, async () => {
  const usual: Way = { perCall: 50, stepMs: minute, settles: true, restartEvery: 0, snapshotEvery: 1000 }
  const told = new Set<string>()
  await fc.assert(
    fc.asyncProperty(reports, ways, async (stream, way) => {
      const expected = await outcomeOf(stream, usual)
      for (const { rule } of expected.signals) told.add(rule)
      expect(await outcomeOf(stream, way)).toEqual(expected)
    }),
    // On a core that is broken on purpose nobody wants to know the smallest example.
    { seed, numRuns: 25, endOnFailure: process.env.ANDON_BROKEN_CORE !== undefined },
  )
  expect([...told].sort()).toEqual(ruleNames.toSorted())
})

it('time is the journal’s: every instant of a finding is one of the injected clock', async () => {
  const loop = await runLoop({
    rules: `CREATE RULE twice AS SELECT product_model AS model FROM feedbacks
      GROUP BY product_model WINDOW SLIDING INTERVAL '1 hour' HAVING COUNT(*) >= 2 ESCALATE TO quality;`,
  })
  const { andon, clock } = loop
  await andon.ingest(webPayload({ id: 'm-1', at: start }))
  await clock.advance(10 * minute)
  await andon.ingest(webPayload({ id: 'm-2', at: start }))
  await andon.settled()
  const [signal] = await andon.signals.list()
  const second = start + 10 * minute
  expect(signal).toMatchObject({ openedAt: second, lastSeenAt: second, updatedAt: second })
  expect(await andon.actions.list()).toMatchObject([{ createdAt: second, updatedAt: second }])
})

it('what falls due by time alone fires at its own instant, whenever the tick comes', async () => {
  const rule = `CREATE RULE mean AS SELECT AVG(severity_score) AS mean FROM feedbacks
    GROUP BY product_model WINDOW SLIDING INTERVAL '10 minutes' HAVING AVG(severity_score) > 7 ESCALATE TO quality;`
  const seen: number[] = []
  for (const lateMs of [1000, 47 * minute]) {
    const loop = await runLoop({ rules: rule, clock: virtualClock(start) })
    await loop.andon.ingest(webPayload({ id: 'm-1', at: start, severity: 2 }))
    await loop.clock.advance(5 * minute)
    await loop.andon.ingest(webPayload({ id: 'm-2', at: start, severity: 8 }))
    // The low score leaves the window ten minutes after it came; then the mean is 8.
    await loop.clock.advance(5 * minute - 500)
    expect(await loop.andon.signals.list()).toEqual([])
    await advanceUntil(loop, async () => (await loop.andon.signals.list()).length > 0, lateMs)
    seen.push((await loop.andon.signals.list())[0]?.openedAt ?? 0)
  }
  expect(seen).toEqual([start + 10 * minute, start + 10 * minute])
})

it('feedback that comes later than LATENESS allows changes no window, and health says how many', async () => {
  const { andon, clock } = await runLoop({
    rules: `CREATE RULE happened AS SELECT COUNT(*) AS reports FROM feedbacks
      GROUP BY product_model WINDOW TUMBLING INTERVAL '10 minutes' ON EVENT TIME LATENESS INTERVAL '5 minutes'
      HAVING COUNT(*) >= 2 ESCALATE TO quality;`,
  })
  const reported = (id: string, minutesAgo: number) =>
    andon.ingest(webPayload({ id, at: clock.now() - minutesAgo * minute }))
  await clock.advance(9 * minute)
  await reported('m-1', 4)
  await reported('too-late', 5)
  await andon.settled()
  expect(await andon.signals.list()).toEqual([])
  const { warnings } = await andon.health()
  expect(warnings).toMatchObject([{ code: 'late-feedback' }])
  expect(warnings[0]?.text.en).toMatch(/happened.* 1 feedback/)
  expect(warnings[0]?.text.zh).toMatch(/happened.* 1 /)
  await reported('in-time', 4)
  await andon.settled()
  expect(await andon.signals.list()).toMatchObject([{ facts: { reports: 2 } }])
})

it('a rule is silent while another one inhibits it, over a restart too, and speaks at the instant when that ends', async () => {
  const rules = `CREATE RULE grave AS SELECT COUNT(*) AS reports FROM feedbacks WHERE severity_score > 8
      GROUP BY region WINDOW SLIDING INTERVAL '10 minutes' HAVING COUNT(*) >= 1 ESCALATE TO quality;
    CREATE RULE many AS SELECT COUNT(*) AS reports FROM feedbacks
      GROUP BY region WINDOW SLIDING INTERVAL '1 hour' HAVING COUNT(*) >= 2 INHIBITED BY grave ESCALATE TO quality;`
  const first = await runLoop({ rules })
  const { clock, data } = first
  await first.andon.ingest(webPayload({ id: 'm-1', at: start, severity: 9 }))
  await clock.advance(minute)
  await first.andon.ingest(webPayload({ id: 'm-2', at: start, severity: 5 }))
  await first.andon.settled()
  await first.andon.close()
  const loop = await runLoop({ rules, clock, data })
  await clock.advance(minute)
  await loop.andon.ingest(webPayload({ id: 'm-3', at: start, severity: 5 }))
  await loop.andon.settled()
  const opened = async () =>
    (await loop.andon.signals.list()).map(({ rule, openedAt }) => ({ rule, after: openedAt - start }))
  expect(await opened()).toEqual([{ rule: 'grave', after: 0 }])
  await advanceUntil(loop, async () => (await opened()).length > 1, minute)
  expect(await opened()).toContainEqual({ rule: 'many', after: 10 * minute })
})
