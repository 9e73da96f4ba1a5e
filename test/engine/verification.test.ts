import type { Signal } from '@andon/core'
import { memoryTarget } from '@andon/testkit'
import { expect, it } from 'vitest'
import { advanceUntil, type Loop, runLoop } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'

const hour = 3_600_000
const rules = `CREATE RULE many AS SELECT component_batches.compressor AS batch, COUNT(*) AS reports FROM feedbacks
  GROUP BY component_batches.compressor WINDOW SLIDING INTERVAL '12 hours' HAVING COUNT(*) >= 4
  THEN material.hold (batch = batch, reason = '{reports} reports') ON mes;`
const plan = { settleMs: hour, windowMs: 4 * hour, minimumEffect: 0.5 }

let made = 0
async function complain(loop: Loop, count: number): Promise<void> {
  await loop.andon.ingest(
    Array.from({ length: count }, () => webPayload({ id: `m-${made++}`, at: loop.clock.now() })),
  )
  await loop.andon.settled()
}

const signalOf = async (loop: Loop): Promise<Signal | undefined> => (await loop.andon.signals.list())[0]

async function contained(): Promise<Loop> {
  const loop = await runLoop({ rules, targets: { mes: memoryTarget({ name: 'mes' }) }, verification: plan })
  for (let report = 0; report < 4; report++) {
    await complain(loop, 1)
    if (report < 3) await loop.clock.advance(hour)
  }
  expect(await signalOf(loop)).toMatchObject({ status: 'contained', occurrences: 4 })
  return loop
}

const standsAt = (loop: Loop, status: Signal['status']): Promise<void> =>
  advanceUntil(loop, async () => (await signalOf(loop))?.status === status, hour / 4)

it('a signal whose complaints fall after the action is closed', async () => {
  const loop = await contained()
  const since = loop.clock.now() + plan.settleMs
  expect((await signalOf(loop))?.verification).toMatchObject({ since, dueAt: since + plan.windowMs })
  await standsAt(loop, 'verifying')
  await standsAt(loop, 'closed')
  expect(await signalOf(loop)).toMatchObject({ verification: { verdict: 'effective', rateAfter: 0 } })
})

it('a signal whose complaints go on is opened again', async () => {
  const loop = await contained()
  await standsAt(loop, 'verifying')
  for (let report = 0; report < 3; report++) {
    await complain(loop, 2)
    await loop.clock.advance(hour)
  }
  await standsAt(loop, 'open')
  expect(await signalOf(loop)).toMatchObject({ verification: { verdict: 'not effective' } })
})

it('complaints of the settling time do not count against the action', async () => {
  const loop = await contained()
  await loop.clock.advance(hour / 4)
  await complain(loop, 5)
  await standsAt(loop, 'verifying')
  await standsAt(loop, 'closed')
})

it('a closed signal that fires again is open again, and its regression is counted', async () => {
  const loop = await contained()
  await standsAt(loop, 'verifying')
  await standsAt(loop, 'closed')
  await loop.clock.advance(24 * hour)
  await complain(loop, 4)
  expect(await signalOf(loop)).toMatchObject({ regressions: 1, firings: 2, status: 'contained' })
})

it('the verdict comes after a restart, too', async () => {
  const loop = await contained()
  await loop.andon.close()
  const again = await runLoop({
    rules,
    targets: { mes: memoryTarget({ name: 'mes' }) },
    verification: plan,
    data: loop.data,
    clock: loop.clock,
  })
  await standsAt(again, 'verifying')
  await standsAt(again, 'closed')
})

it('a person may acknowledge, close and dismiss; a dismissed signal gathers evidence but acts no more', async () => {
  const loop = await runLoop({
    rules: rules.replace('HAVING COUNT(*) >= 4', ''),
    targets: { mes: memoryTarget({ name: 'mes' }) },
    mode: 'advise',
  })
  await complain(loop, 1)
  const id = (await signalOf(loop))?.id ?? ''
  expect((await loop.andon.signals.acknowledge(id)).status).toBe('acknowledged')
  expect((await loop.andon.signals.dismiss(id)).status).toBe('dismissed')
  await expect(loop.andon.signals.acknowledge(id)).rejects.toMatchObject({ code: 'TRANSITION_REFUSED' })
  await complain(loop, 1)
  expect(await signalOf(loop)).toMatchObject({ status: 'dismissed', firings: 2, occurrences: 2 })
  expect(await loop.andon.actions.list()).toHaveLength(1)
})
