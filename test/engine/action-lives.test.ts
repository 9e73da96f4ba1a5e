import type { Action, Andon } from '@andon/core'
import { type MemoryTarget, memoryTarget } from '@andon/testkit'
import { expect, it } from 'vitest'
import { advanceUntil, type Loop, runLoop, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'

const rules = `CREATE RULE grave AS SELECT component_batches.compressor AS batch FROM feedbacks WHERE severity_score > 9
  THEN material.hold (batch = batch, reason = 'grave report') ON mes;`
const signature = { name: 'A. Signer', meaning: 'approved' }
const second = { name: 'B. Signer', meaning: 'checked' }

/** Easy to hold; it takes two people to release. */
async function releasedByTwo(andon: Andon, id: string, reason: string): Promise<void> {
  await andon.actions.revert(id, reason, signature)
  await andon.actions.revert(id, reason, second)
  await andon.settled()
}

async function withAction(
  options: Parameters<typeof runLoop>[0] = {},
): Promise<Loop & { target: MemoryTarget; id: string; action: () => Promise<Action | undefined> }> {
  const target = memoryTarget({ name: 'mes' })
  const loop = await runLoop({ rules, targets: { mes: target }, ...options })
  await loop.andon.ingest(webPayload({ id: 'm-1', at: start, severity: 9.5 }))
  await loop.andon.settled()
  const [first] = await loop.andon.actions.list()
  const id = first?.id ?? ''
  return { ...loop, target, id, action: () => loop.andon.actions.get(id) }
}

it('in advise mode nothing happens until a person signs; the signature is kept', async () => {
  const { andon, target, id, action } = await withAction({ mode: 'advise' })
  expect((await action())?.status).toBe('awaiting-approval')
  expect(target.effects()).toEqual([])
  await andon.actions.approve(id, signature)
  await andon.settled()
  expect(await action()).toMatchObject({
    status: 'succeeded',
    signatures: [{ ...signature, at: new Date(start).toISOString() }],
  })
  expect(target.effects()).toHaveLength(1)
})

it('what is refused is never carried out, and cannot be approved any more', async () => {
  const { andon, target, id, action } = await withAction({ mode: 'advise' })
  await andon.actions.refuse(id, 'the batch is used up')
  expect(await action()).toMatchObject({ status: 'refused', note: { en: 'Refused: the batch is used up' } })
  await expect(andon.actions.approve(id, signature)).rejects.toMatchObject({ code: 'TRANSITION_REFUSED' })
  await andon.settled()
  expect(target.effects()).toEqual([])
})

it('in shadow mode everything is recorded and nothing done; a person may still approve one', async () => {
  const { andon, target, id, action } = await withAction({ mode: 'shadow' })
  expect((await action())?.status).toBe('shadow')
  await andon.actions.approve(id, signature)
  await andon.settled()
  expect(target.effects()).toHaveLength(1)
})

it('an approval is not lost when the process ends before it is carried out', async () => {
  const first = await withAction({ mode: 'advise' })
  await first.andon.actions.approve(first.id, signature)
  await first.andon.close()
  const { andon } = await runLoop({ rules, targets: { mes: first.target }, data: first.data, mode: 'advise' })
  await andon.settled()
  expect(await andon.actions.get(first.id)).toMatchObject({ status: 'succeeded' })
  expect(first.target.effects()).toHaveLength(1)
})

it('a target that is away is tried again, each time after up to twice as long', async () => {
  const target = memoryTarget({ name: 'mes' })
  target.failNext('unavailable', 'unavailable', 'unavailable')
  const loop = await runLoop({ rules, targets: { mes: target } })
  const waits: number[] = []
  loop.andon.on('action', ({ status, dueAt, updatedAt }) => {
    if (status === 'retrying') waits.push(dueAt - updatedAt)
  })
  await loop.andon.ingest(webPayload({ id: 'm-1', at: start, severity: 9.5 }))
  await advanceUntil(loop, () => target.effects().length > 0, 100)
  await loop.andon.settled()
  expect(waits).toHaveLength(3)
  for (const [index, wait] of waits.entries()) {
    expect(wait).toBeGreaterThan(0)
    expect(wait).toBeLessThanOrEqual(250 * 2 ** (index + 1))
  }
  expect(await loop.andon.actions.list()).toMatchObject([{ status: 'succeeded', attempts: 4 }])
})

it('a retry that was waiting when the process ended is made after the restart, when it is due', async () => {
  const target = memoryTarget({ name: 'mes' })
  target.failNext('unavailable')
  const first = await runLoop({ rules, targets: { mes: target } })
  await first.andon.ingest(webPayload({ id: 'm-1', at: start, severity: 9.5 }))
  await first.andon.settled()
  expect(await first.andon.actions.list()).toMatchObject([{ status: 'retrying' }])
  await first.andon.close()
  const second = await runLoop({ rules, targets: { mes: target }, data: first.data, clock: first.clock })
  await second.andon.settled()
  expect(target.effects()).toEqual([])
  await advanceUntil(second, () => target.effects().length > 0, 100)
  await second.andon.settled()
  expect(await second.andon.actions.list()).toMatchObject([{ status: 'succeeded', attempts: 2 }])
})

it('what succeeded can be reverted once', async () => {
  const { andon, target, id, action } = await withAction()
  await releasedByTwo(andon, id, 'the batch was not to blame')
  expect(await action()).toMatchObject({ status: 'reverted', revertReceipt: { proof: { reverted: true } } })
  expect(target.effectOf(id)?.reverted).toBeDefined()
  await expect(andon.actions.revert(id, 'again', signature)).rejects.toMatchObject({
    code: 'TRANSITION_REFUSED',
  })
})

it('one person alone cannot release a hold, and cannot be two', async () => {
  const { andon, target, id, action } = await withAction()
  await expect(andon.actions.revert(id, 'not to blame')).rejects.toMatchObject({ code: 'SIGNATURE_REFUSED' })
  await andon.actions.revert(id, 'not to blame', signature)
  await andon.settled()
  expect(await action()).toMatchObject({
    status: 'succeeded',
    reversal: { signatures: [signature], needs: 2 },
  })
  expect((await action())?.note?.en).toContain('Still missing: 1')
  await expect(
    andon.actions.revert(id, 'not to blame', { name: ' a.  signer', meaning: 'me again' }),
  ).rejects.toMatchObject({ code: 'SIGNATURE_REFUSED' })
  expect(target.effectOf(id)?.reverted).toBeUndefined()
})

it('a revert that fails says that the effect still stands, and can be asked for again', async () => {
  const { andon, target, id, action } = await withAction()
  target.failNext('refuse')
  await releasedByTwo(andon, id, 'the batch was not to blame')
  expect((await action())?.status).toBe('succeeded')
  expect((await action())?.note?.en).toContain('Not reverted')
  await releasedByTwo(andon, id, 'once more')
  expect((await action())?.status).toBe('reverted')
})

it('an action that is not there is NOT_FOUND', async () => {
  const { andon } = await withAction()
  await expect(andon.actions.approve('a_nothing', signature)).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

it('urgent actions go first', async () => {
  const target = memoryTarget({ name: 'mes' })
  const order: number[] = []
  const noting = {
    ...target,
    execute: async (...given: Parameters<typeof target.execute>) => {
      order.push(given[0].priority)
      return target.execute(...given)
    },
  }
  const { andon } = await runLoop({
    rules: [5, 1, 9, 3]
      .map(
        (priority) => `CREATE RULE p${priority} AS SELECT * FROM feedbacks
          THEN quality.notification (title = 'p') ON mes WITH PRIORITY ${priority};`,
      )
      .join('\n'),
    targets: { mes: noting },
    limits: { concurrency: 1 },
  })
  await andon.ingest(webPayload({ id: 'm-1', at: start }))
  await andon.settled()
  expect(order).toEqual([1, 3, 5, 9])
})

it('an escalation without any target goes to the host, as an event', async () => {
  const { andon } = await runLoop({
    rules:
      'CREATE RULE grave AS SELECT * FROM feedbacks WHERE severity_score > 9 ESCALATE TO production_team WITH PRIORITY 1;',
  })
  const heard: string[] = []
  andon.on('action', ({ kind, target, status, params }) =>
    heard.push(`${kind} ${target} ${status} ${params.to}`),
  )
  await andon.ingest(webPayload({ id: 'm-1', at: start, severity: 9.5 }))
  await andon.settled()
  expect(heard).toEqual([
    'escalate host approved production_team',
    'escalate host executing production_team',
    'escalate host succeeded production_team',
  ])
})
