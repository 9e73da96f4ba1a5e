import type { Action, JsonObject, MetricSource, Signal } from '@andon/core/connector'
import { memoryTarget } from '@andon/testkit'
import { expect, it } from 'vitest'
import { advanceUntil, type Loop, type LoopOptions, runLoop, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'

const hour = 3_600_000
const many = `CREATE RULE many AS SELECT component_batches.compressor AS batch, COUNT(*) AS reports FROM feedbacks
  GROUP BY component_batches.compressor WINDOW SLIDING INTERVAL '12 hours' HAVING COUNT(*) >= 6 THEN`
const inspect = `${many} inspection.request (batch = batch, reason = '{reports} reports') ON mes;`
const hold = `${many} material.hold (batch = batch, reason = '{reports} reports') ON mes;`

const proxy = {
  metric: 'fpy_fallout',
  direction: 'down',
  minimum_effect: 0.4,
  settle: 0,
  window: '2 hours',
} as const
const complaints = { ...proxy, metric: 'complaint rate', settle: '1 hours', window: '6 hours' } as const
const policyWith = (...tests: readonly object[]): NonNullable<LoopOptions['policy']> =>
  ({ version: 1, name: 'line', rules: [{ name: 'all', mode: 'auto', tests }] }) as never

/** Fallout of 400 units an hour: 5 % before `from`, `after` from then on. */
const fallout = (from: () => number, after: number): MetricSource => ({
  metrics: ['fpy_fallout'],
  measure: async (_, __, begin, end) => {
    const readings = []
    for (let at = begin; at < end; at += hour)
      readings.push({ at, value: at < from() ? 0.05 : after, n: 400 })
    return readings
  },
})

let made = 0
async function complain(loop: Loop, count: number): Promise<void> {
  await loop.andon.ingest(
    Array.from({ length: count }, () => webPayload({ id: `e-${made++}`, at: loop.clock.now() })),
  )
  await loop.andon.settled()
}
const signalOf = async (loop: Loop): Promise<Signal | undefined> => (await loop.andon.signals.list())[0]
const actionOf = async (loop: Loop): Promise<Action | undefined> => (await loop.andon.actions.list())[0]

async function contained(options: LoopOptions): Promise<Loop> {
  const loop = await runLoop({ targets: { mes: memoryTarget({ name: 'mes' }) }, ...options })
  for (let report = 0; report < 6; report++) {
    if (report > 0) await loop.clock.advance(hour)
    await complain(loop, 1)
  }
  expect((await signalOf(loop))?.status).toBe('contained')
  return loop
}
const standsAt = (loop: Loop, status: Signal['status']): Promise<void> =>
  advanceUntil(loop, async () => (await signalOf(loop))?.status === status, hour / 2)
const actionIs = (loop: Loop, status: Action['status']): Promise<void> =>
  advanceUntil(loop, async () => (await actionOf(loop))?.status === status, hour / 2)

interface Line extends JsonObject {
  readonly what: string
  readonly data: JsonObject
}
async function auditLines(loop: Loop): Promise<readonly Line[]> {
  const lines: Line[] = []
  for await (const line of loop.andon.audit.export('default')) lines.push(JSON.parse(line))
  return lines
}

it('what will be judged stands in the audit log before anything runs, proxies of the line first', async () => {
  const policy = policyWith({ ...complaints, on_failure: 'reopen' }, { ...proxy, on_failure: 'reopen' })
  const loop = await contained({ rules: inspect, policy, metrics: fallout(() => 0, 0.05) })
  const lines = await auditLines(loop)
  const proposed = lines.findIndex(({ what }) => what === 'action.proposed')
  expect(proposed).toBeLessThan(lines.findIndex(({ what }) => what === 'action.executing'))
  expect(lines[proposed]?.data.tests).toMatchObject([
    { metric: 'fpy_fallout', minimumEffect: 0.4, windowMs: 2 * hour },
    { metric: 'complaint rate', settleMs: hour, windowMs: 6 * hour },
  ])
})

it('a production action without tests of its own is judged by its complaints', async () => {
  const verification = { settleMs: hour, windowMs: 4 * hour, minimumEffect: 0.5 }
  const loop = await contained({ rules: hold, verification })
  const test = { metric: 'complaint rate', direction: 'down', ...verification, onFailure: 'reopen' }
  expect((await actionOf(loop))?.tests).toEqual([test])
  expect((await signalOf(loop))?.verification?.trials).toMatchObject([{ test, state: 'registered' }])
})

it('a proxy that proves the effect goes on to complaints, and they close the signal', async () => {
  const policy = policyWith({ ...proxy, on_failure: 'revert' }, { ...complaints, on_failure: 'reopen' })
  let doneAt = Number.POSITIVE_INFINITY
  const loop = await contained({ rules: inspect, policy, metrics: fallout(() => doneAt, 0.01) })
  doneAt = loop.clock.now()
  await standsAt(loop, 'verifying')
  await advanceUntil(
    loop,
    async () => (await signalOf(loop))?.verification?.trials[0]?.state === 'judged',
    hour / 2,
  )
  expect(await signalOf(loop)).toMatchObject({
    status: 'verifying',
    verification: { trials: [{ verdict: 'effective' }, { state: 'running' }] },
  })
  await standsAt(loop, 'closed')
  const action = await actionOf(loop)
  expect(action?.status).toBe('succeeded')
  expect(action?.decisions.filter(({ name }) => name === 'verification').map(({ text }) => text.en)).toEqual([
    expect.stringContaining('Test of “fpy_fallout”: effective. 0.05 before, 0.01 after'),
    expect.stringContaining('Test of “complaint rate”: effective.'),
  ])
  const verdicts = (await auditLines(loop)).filter(({ what }) => what === 'verification.verdict')
  expect(verdicts.map(({ data }) => data)).toMatchObject([
    { verdict: 'effective', numbers: { countBefore: 40, countAfter: 8 } },
    { verdict: 'effective', numbers: { countBefore: 5, countAfter: 0 } },
  ])
})

it('an action whose proxy shows nothing is taken back where its policy says so, and complaints are not awaited', async () => {
  const policy = policyWith({ ...proxy, on_failure: 'revert' }, { ...complaints, on_failure: 'reopen' })
  const target = memoryTarget({ name: 'mes' })
  const loop = await contained({
    rules: inspect,
    policy,
    metrics: fallout(() => 0, 0.05),
    targets: { mes: target },
  })
  await actionIs(loop, 'reverted')
  expect(target.effects()).toMatchObject([{ reverted: expect.any(String) }])
  expect(await actionOf(loop)).toMatchObject({ reversal: { cause: 'verification', reason: 'not effective' } })
  expect(await signalOf(loop)).toMatchObject({
    status: 'open',
    verification: { verdict: 'not effective', trials: [{ state: 'judged' }, { state: 'dropped' }] },
  })
})

it('an action that did harm is taken back whatever its policy says of failure', async () => {
  const policy = policyWith({ ...proxy, on_failure: 'reopen' })
  let doneAt = Number.POSITIVE_INFINITY
  const loop = await contained({ rules: inspect, policy, metrics: fallout(() => doneAt, 0.12) })
  doneAt = loop.clock.now()
  await actionIs(loop, 'reverted')
  expect(await signalOf(loop)).toMatchObject({ status: 'open', verification: { verdict: 'harmful' } })
})

it('a hold without effect stays until two people release it; the problem is open again meanwhile', async () => {
  const policy = policyWith({ ...proxy, on_failure: 'revert' })
  const loop = await contained({ rules: hold, policy, metrics: fallout(() => 0, 0.05) })
  await standsAt(loop, 'verifying')
  await standsAt(loop, 'open')
  const action = await actionOf(loop)
  expect(action).toMatchObject({ status: 'succeeded', reversal: { cause: 'verification', needs: 2 } })
  expect(action?.note?.en).toContain('needs the signatures of 2 people')
  for (const name of ['Li Wei', 'Anna Berg']) {
    await loop.andon.actions.revert(action?.id ?? '', 'no effect', { name, meaning: 'released' })
  }
  await actionIs(loop, 'reverted')
})

it('while the line cannot be measured nothing is concluded; the verdict comes when it can', async () => {
  const policy = policyWith({ ...proxy, on_failure: 'revert' })
  let isDown = true
  let doneAt = Number.POSITIVE_INFINITY
  const metrics = fallout(() => doneAt, 0.01)
  const loop = await contained({
    rules: inspect,
    policy,
    metrics: {
      measure: (...asked) =>
        isDown ? Promise.reject(new Error('the line is down')) : metrics.measure(...asked),
    },
  })
  doneAt = loop.clock.now()
  const failures: string[] = []
  loop.andon.on('error', ({ message }) => failures.push(message))
  await standsAt(loop, 'verifying')
  await advanceUntil(loop, () => failures.length >= 3, hour / 2)
  expect((await signalOf(loop))?.status).toBe('verifying')
  isDown = false
  await standsAt(loop, 'closed')
  expect(failures.every((message) => message.includes('the line is down'))).toBe(true)
})

it('a policy whose tests nobody measures is refused at the door; one that comes later is told and dropped', async () => {
  const policy = policyWith({ ...proxy, on_failure: 'revert' })
  await expect(
    runLoop({ rules: inspect, policy, targets: { mes: memoryTarget({ name: 'mes' }) } }),
  ).rejects.toThrow(/rule "all" of the policy tests "fpy_fallout", which nothing measures/)
  const warnings: string[] = []
  const note = { en: 'Yes.', zh: '是。' }
  const test = {
    metric: 'scrap',
    direction: 'down',
    minimumEffect: 0.4,
    settleMs: 0,
    windowMs: hour,
  } as const
  const loop = await contained({
    rules: inspect,
    policy: () => ({ status: 'approved', note, tests: [{ ...test, onFailure: 'revert' }] }),
  })
  loop.andon.on('warning', ({ code }) => warnings.push(code))
  await standsAt(loop, 'open')
  expect(warnings).toEqual(['metric-unmeasured'])
  expect((await actionOf(loop))?.status).toBe('succeeded')
})

it('a judge of one’s own gives the verdicts', async () => {
  const asked: JsonObject[] = []
  const loop = await contained({
    rules: inspect,
    verification: { settleMs: hour, windowMs: 2 * hour },
    judge: ({ test, before, after }) => {
      asked.push({ metric: test.metric, before: before.length, after: after.length })
      return { verdict: 'effective', text: { en: 'I say so', zh: '如此判定' }, numbers: { mine: 1 } }
    },
  })
  await standsAt(loop, 'verifying')
  await standsAt(loop, 'closed')
  // The two hours before and that of the action itself; two hours after the settling time.
  expect(asked).toEqual([{ metric: 'complaint rate', before: 3, after: 2 }])
})

it('when the action behind a closed signal is taken back, the signal is open again', async () => {
  const loop = await contained({ rules: inspect, verification: { settleMs: hour, windowMs: 8 * hour } })
  await standsAt(loop, 'verifying')
  await standsAt(loop, 'closed')
  await loop.andon.actions.revert((await actionOf(loop))?.id ?? '', 'the line needs it')
  await actionIs(loop, 'reverted')
  expect(await signalOf(loop)).toMatchObject({
    status: 'open',
    verification: { trials: [{ state: 'dropped' }] },
  })
})

it('complaints that are still being counted when a test falls due count, however many come at once', async () => {
  const loop = await contained({ rules: hold, verification: { settleMs: hour, windowMs: 4 * hour } })
  await standsAt(loop, 'verifying')
  await loop.clock.advance(hour)
  await complain(loop, 40)
  await standsAt(loop, 'open')
  expect(await signalOf(loop)).toMatchObject({ verification: { verdict: 'harmful', rateAfter: 10 } })
})

it('of thousands of actions for one signal some are tested, and of the others it is said', async () => {
  const each =
    "CREATE RULE each AS SELECT * FROM feedbacks THEN inspection.request (batch = component_batches.compressor, reason = 'reported') ON mes;"
  const loop = await runLoop({ rules: each, targets: { mes: memoryTarget({ name: 'mes' }) } })
  await complain(loop, 50)
  const [signal, ...others] = await loop.andon.signals.list()
  expect(others).toEqual([])
  expect(await loop.andon.actions.list({ status: ['succeeded'] })).toHaveLength(50)
  expect(signal?.verification?.trials).toHaveLength(8)
  const skipped = (await auditLines(loop)).filter(({ what }) => what === 'verification.dropped')
  expect(skipped.map(({ data }) => data)).toEqual(Array(42).fill({ why: 'enough of its signal are tested' }))
})

it('a source of metrics that never answers holds nobody up', async () => {
  const policy = policyWith({ ...proxy, on_failure: 'revert' })
  let answers = false
  const good = fallout(() => start + 5 * hour, 0.01)
  const loop = await contained({
    rules: inspect,
    policy,
    metrics: { measure: (...asked) => (answers ? good.measure(...asked) : new Promise(() => undefined)) },
  })
  const codes: string[] = []
  loop.andon.on('error', ({ code }) => codes.push(code))
  await loop.clock.advance(2 * hour)
  for (let step = 0; step < 100 && codes.length === 0; step++) await loop.clock.advance(10_000)
  expect(codes).toEqual(['TARGET_TIMEOUT'])
  answers = true
  await advanceUntil(loop, async () => (await signalOf(loop))?.status === 'closed', hour / 2)
})

it('a judge that gives no verdict is told to be wrong, and nothing is done', async () => {
  const loop = await contained({
    rules: inspect,
    verification: { settleMs: 0, windowMs: hour },
    judge: () => ({ verdict: 'perhaps' }) as never,
  })
  const codes: string[] = []
  loop.andon.on('error', ({ code }) => codes.push(code))
  await advanceUntil(loop, () => codes.length > 0, hour / 2)
  expect(codes[0]).toBe('PLUGIN_INVALID')
  expect((await signalOf(loop))?.status).toBe('verifying')
})
