import { AndonError } from '@andon/core'
import { memoryTarget } from '@andon/testkit'
import { expect, it } from 'vitest'
import { advanceUntil, runLoop, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'

const rules = `CREATE RULE grave AS SELECT * FROM feedbacks WHERE severity_score > 9
  THEN quality.notification (title = 'grave report') ON mes;`

it('a quarantined payload that is corrected becomes feedback, and its record goes', async () => {
  const { andon } = await runLoop()
  const good = webPayload({ id: 'm-1', at: start })
  const [bad] = await andon.ingest({ body: good.body.slice(1) })
  expect(bad?.status).toBe('quarantined')

  const [stillBad] = await andon.quarantine.replay(bad?.id ?? '')
  expect(stillBad?.status).toBe('quarantined')
  expect(await andon.quarantine.list()).toHaveLength(1)

  const [replayed] = await andon.quarantine.replay(bad?.id ?? '', good)
  expect(replayed?.status).toBe('accepted')
  expect(await andon.quarantine.list()).toEqual([])
  expect((await andon.feedback(replayed?.id ?? ''))?.feedback.sourceMessageId).toBe('m-1')
})

it('a quarantined payload survives a restart and is replayed as the same request, bytes and all', async () => {
  const bytes = new Uint8Array([0xff, 0xfe, 0x00, 0x41])
  const first = await runLoop()
  const [result] = await first.andon.ingest({
    body: bytes,
    tenant: 'north',
    source: 'upstream',
    contentType: 'text/plain',
    headers: { 'x-platform': 'shop', authorization: 'Bearer not-to-be-kept' },
  })
  await first.andon.close()

  const { andon } = await runLoop({ data: first.data })
  const record = await andon.quarantine.get(result?.id ?? '')
  expect(record).toMatchObject({
    tenant: 'north',
    source: 'upstream',
    raw: { payload: Buffer.from(bytes).toString('base64'), encoding: 'base64' },
    envelope: { contentType: 'text/plain', headers: { 'x-platform': 'shop' } },
  })
  expect(JSON.stringify(record)).not.toContain('not-to-be-kept')
  // The same request is the same record: not a second one beside the first.
  expect(await andon.quarantine.replay(result?.id ?? '')).toMatchObject([{ id: result?.id }])
  expect(await andon.quarantine.list()).toHaveLength(1)
})

it('replaying what is not there says so', async () => {
  const { andon } = await runLoop()
  await expect(andon.quarantine.replay('q_nothing')).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

it('an action that a target refuses is dead with the reason in both languages, shows in health, and is replayable', async () => {
  const target = memoryTarget({ name: 'mes' })
  target.failNext('refuse')
  const { andon } = await runLoop({ rules, targets: { mes: target } })
  await andon.ingest(webPayload({ id: 'm-1', at: start, severity: 9.5 }))
  await andon.settled()
  const [dead] = await andon.actions.list({ status: ['dead'] })
  expect(dead?.note?.en).toContain('refused')
  expect(dead?.note?.zh).toContain('拒绝')
  const health = await andon.health()
  expect(health.ok).toBe(false)
  expect(health.warnings).toMatchObject([{ code: 'target-failing' }])
  expect(health.warnings[0]?.text.en).toContain(dead?.id)

  await andon.actions.replay(dead?.id ?? '')
  await andon.settled()
  expect(await andon.actions.get(dead?.id ?? '')).toMatchObject({ status: 'succeeded' })
  expect(target.effects()).toHaveLength(1)
  expect((await andon.health()).ok).toBe(true)
})

it('an action whose target stays away is tried as often as allowed, then dead and replayable after a restart', async () => {
  const target = memoryTarget({ name: 'mes' })
  target.failNext('unavailable', 'unavailable', 'unavailable')
  const loop = await runLoop({ rules, targets: { mes: target }, limits: { maxAttempts: 3 } })
  await loop.andon.ingest(webPayload({ id: 'm-1', at: start, severity: 9.5 }))
  await advanceUntil(loop, async () => (await loop.andon.actions.list({ status: ['dead'] })).length > 0)
  const [dead] = await loop.andon.actions.list()
  expect(dead).toMatchObject({ status: 'dead', attempts: 3 })
  expect(dead?.note?.en).toContain('it is down')
  await loop.andon.close()

  const { andon } = await runLoop({ data: loop.data, clock: loop.clock, rules, targets: { mes: target } })
  await andon.settled()
  expect(target.effects()).toEqual([])
  await andon.actions.replay(dead?.id ?? '')
  await andon.settled()
  expect(await andon.actions.get(dead?.id ?? '')).toMatchObject({ status: 'succeeded' })
})

it('a target that throws anything at all loses no action', async () => {
  const target = memoryTarget({ name: 'mes' })
  let times = 0
  const moody = {
    ...target,
    execute: async (...given: Parameters<typeof target.execute>) => {
      times += 1
      if (times === 1) throw new TypeError('undefined is not a function')
      if (times === 2) throw new AndonError('ABORTED')
      return target.execute(...given)
    },
  }
  const loop = await runLoop({ rules, targets: { mes: moody } })
  await loop.andon.ingest(webPayload({ id: 'm-1', at: start, severity: 9.5 }))
  await advanceUntil(loop, async () => (await loop.andon.actions.list({ status: ['dead'] })).length > 0)
  expect((await loop.andon.actions.list())[0]?.note?.en).toContain('cancelled')
  await loop.andon.actions.replay((await loop.andon.actions.list())[0]?.id ?? '')
  await loop.andon.settled()
  expect(target.effects()).toHaveLength(1)
})
