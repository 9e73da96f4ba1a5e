import { memoryStorage, memoryStore, memoryTarget } from '@andon/testkit'
import { expect, it } from 'vitest'
import { advanceUntil, runLoop } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'

const hour = 3_600_000
const rules = 'CREATE RULE grave AS SELECT * FROM feedbacks WHERE severity_score > 9 ESCALATE TO team ON mes;'

it('a target is down from the try that it does not answer until the one that it does', async () => {
  const mes = memoryTarget({ name: 'mes' })
  const loop = await runLoop({ rules, targets: { mes } })
  await loop.clock.advance(hour)
  mes.failNext('unavailable', 'unavailable')
  const from = loop.clock.now()
  await loop.andon.ingest(webPayload({ id: 'm-1', at: loop.clock.now(), severity: 9.5 }))
  await advanceUntil(loop, () => mes.effects().length === 1)
  const { availability } = await loop.andon.health()
  const down = availability['actuation/mes']?.downMs ?? 0
  expect(down).toBeGreaterThan(0)
  expect(down).toBeLessThanOrEqual(loop.clock.now() - from)
  expect(availability).toMatchObject({
    intake: { share: 1, downMs: 0 },
    analysis: { share: 1, downMs: 0 },
    actuation: { downMs: down },
    'actuation/host': { share: 1 },
    verification: { share: 1 },
  })
})

it('a refusal is an answer: the target is up', async () => {
  const mes = memoryTarget({ name: 'mes' })
  const loop = await runLoop({ rules, targets: { mes } })
  mes.failNext('refuse')
  await loop.andon.ingest(webPayload({ id: 'm-1', at: loop.clock.now(), severity: 9.5 }))
  await loop.andon.settled()
  await loop.clock.advance(hour)
  expect((await loop.andon.health()).availability['actuation/mes']).toMatchObject({ downMs: 0 })
})

it('intake and analysis are down while the store is', async () => {
  let broken: string[] = []
  const store = memoryStore({
    storage: memoryStorage(),
    fault: (operation) => (broken.includes(operation) ? new Error('the disk is full') : undefined),
  })
  const loop = await runLoop({ rules, targets: { mes: memoryTarget({ name: 'mes' }) }, store })
  await loop.clock.advance(hour)
  broken = ['append']
  await expect(loop.andon.ingest(webPayload({ id: 'm-1', at: loop.clock.now() }))).rejects.toMatchObject({
    code: 'STORE_FAILED',
  })
  await loop.clock.advance(hour)
  broken = ['transaction']
  await loop.andon.ingest(webPayload({ id: 'm-2', at: loop.clock.now(), severity: 9.5 }))
  await loop.clock.advance(hour)
  broken = []
  await loop.clock.advance(1000)
  await advanceUntil(
    loop,
    async () => (await loop.andon.actions.list({ status: ['succeeded'] })).length === 1,
  )
  const { availability } = await loop.andon.health()
  expect(availability.intake).toMatchObject({ downMs: hour })
  expect(availability.analysis?.downMs).toBeGreaterThanOrEqual(hour)
  expect(availability.analysis?.downMs).toBeLessThan(1.1 * hour)
  expect(availability.intake?.share).toBeLessThan(0.7)
})

it('outlives a restart; the time in between is not known and does not count', async () => {
  const mes = memoryTarget({ name: 'mes' })
  const first = await runLoop({ rules, targets: { mes } })
  await first.clock.advance(2 * hour)
  await first.andon.close()
  await first.clock.advance(5 * hour)
  const second = await runLoop({ rules, targets: { mes }, data: first.data, clock: first.clock })
  await second.clock.advance(hour)
  expect((await second.andon.health()).availability.intake).toMatchObject({ totalMs: 3 * hour, share: 1 })
})
