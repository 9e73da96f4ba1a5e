import { sqliteStore } from '@andon/core'
import type { Action, Belief, JsonObject, Store, Subject } from '@andon/core/connector'
import { subjectKey } from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'
import { plantTarget, sampleAction, startPlant, virtualClock } from '@andon/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { honestTarget } from '../support/honest-target.js'
import { dataFolder, type Loop, type LoopOptions, runLoop, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'
import { plantedFloor } from '../support/planted-floor.mjs'

interface Given extends Loop {
  readonly store: Store
}

/** A loop whose store can be written from outside. */
async function given(options: LoopOptions): Promise<Given> {
  const clock = options.clock ?? virtualClock(start)
  const data = dataFolder()
  const store = sqliteStore({ path: `${data}/andon.db` })
  return { ...(await runLoop({ ...options, data, clock, store })), store }
}

const batch = (id: string): Subject => ({ kind: 'batch', id })

function belief(subject: Subject, fields: JsonObject, more: Partial<Belief> = {}): Belief {
  return { target: 'mes', tenant: 'default', subject, fields, actionId: 'a_1', changedAt: start, ...more }
}

const believe = (store: Store, ...beliefs: readonly Belief[]): Promise<void> =>
  store.transaction((transaction) => transaction.putBeliefs(beliefs))

const did = (store: Store, ...actions: readonly Action[]): Promise<unknown> =>
  store.transaction((transaction) => transaction.addActions(actions))

async function audited(store: Store, tenant = 'default'): Promise<{ what: string; data: JsonObject }[]> {
  return (await store.audit.read(tenant, 1, 10_000)).map(({ text }) => JSON.parse(text))
}

it('finds every one of 1,000 differences planted among 1,000,000 field pairs, and no other', async () => {
  const mes = honestTarget()
  const loop = await given({ targets: { mes } })
  const { planted } = await plantedFloor({
    store: loop.store,
    floor: mes.floor,
    pairs: 1_000_000,
    differences: 1000,
    seed: 4,
  })
  const result = await loop.andon.reconcile()
  expect(result.differences.map(({ subject, field }) => `${subjectKey(subject)} ${field}`).sort()).toEqual(
    planted,
  )
  expect(result).toMatchObject({
    compared: 1_000_000,
    matching: 999_000,
    share: 0.999,
    moreDifferences: 0,
    unresolved: [],
  })
}, 240_000)

it('tells at most so many differences in full, and counts the others', async () => {
  const mes = honestTarget()
  const loop = await given({ targets: { mes } })
  await plantedFloor({ store: loop.store, floor: mes.floor, pairs: 4000, differences: 100, seed: 5 })
  const result = await loop.andon.reconcile({ mostDifferences: 30 })
  expect(result).toMatchObject({ compared: 4000, matching: 3900, moreDifferences: 70 })
  expect(result.differences).toHaveLength(30)
})

it('a field of which the target says nothing is unresolved, a thing that it does not know differs', async () => {
  const mes = honestTarget()
  const loop = await given({ targets: { mes } })
  const parameter: Subject = { kind: 'parameter', equipment: 'IM-04', id: 'mould_temperature' }
  await believe(
    loop.store,
    belief(parameter, { value: 0.1 + 0.2, unit: 'Cel' }),
    belief(batch('B-1'), { held: true }),
  )
  // Nothing is believed of what is null.
  await believe(loop.store, belief(batch('B-2'), { held: null }))
  mes.floor.set(subjectKey(parameter), { value: 0.3 })
  const result = await loop.andon.reconcile()
  expect(result).toMatchObject({ compared: 2, matching: 1 })
  expect(result.unresolved).toMatchObject([
    { target: 'mes', subject: parameter, reason: { en: expect.stringContaining('unit') } },
  ])
  expect(result.differences).toMatchObject([
    { subject: batch('B-1'), field: 'held', believed: true, actionId: 'a_1' },
  ])
  expect(result.differences[0]?.found).toBeUndefined()
})

it.each([1, 2])('a change of ours that is settled during question %i is no difference', async (question) => {
  let asked = 0
  const mes = honestTarget(async () => {
    asked++
    mes.floor.set('batch:B-1', { held: true })
    const settled = belief(batch('B-1'), { held: true }, { actionId: 'a_2', changedAt: start + 1 })
    if (asked === question) await believe(loop.store, settled)
  })
  const loop: Given = await given({ targets: { mes } })
  await believe(loop.store, belief(batch('B-1'), { held: false }))
  mes.floor.set('batch:B-1', { held: false })
  const result = await loop.andon.reconcile()
  expect(result).toMatchObject({ compared: 1, matching: 1, differences: [], unresolved: [] })
  expect(asked).toBe(question + 1)
})

it('what an action is changing just now is unresolved, not different', async () => {
  const mes = honestTarget()
  const loop = await given({ targets: { mes }, limits: { maxAttempts: 1 } })
  await believe(loop.store, belief(batch('B-1'), { held: false }), belief(batch('B-2'), { held: false }))
  mes.floor.set('batch:B-1', { held: true })
  mes.floor.set('batch:B-2', { held: true })
  const params = { batch: 'B-1', reason: 'cooling' }
  await did(loop.store, sampleAction(1, { target: 'mes', status: 'executing', params, dueAt: start + 9e9 }))
  const result = await loop.andon.reconcile()
  expect(result.differences.map(({ subject }) => subject.id)).toEqual(['B-2'])
  expect(result.unresolved).toMatchObject([{ subject: batch('B-1') }])
})

it('a page that the target fails to answer is asked once more, then its things are unresolved', async () => {
  let failures = 1
  const mes = honestTarget(() => {
    if (failures-- > 0)
      throw new AndonError('TARGET_UNAVAILABLE', { details: { target: 'mes', problem: 'it is down' } })
  })
  const loop = await given({ targets: { mes } })
  await believe(loop.store, belief(batch('B-1'), { held: true }))
  mes.floor.set('batch:B-1', { held: true })
  expect(await loop.andon.reconcile()).toMatchObject({ compared: 1, matching: 1, unresolved: [] })
  failures = 2
  const result = await loop.andon.reconcile()
  expect(result).toMatchObject({ compared: 0, share: 1, differences: [] })
  expect(result.unresolved).toMatchObject([
    {
      subject: batch('B-1'),
      reason: { en: expect.stringContaining('it is down'), zh: expect.stringContaining('目标系统') },
    },
  ])
})

it('a target that is down is not asked for every page', async () => {
  let asked = 0
  const mes = honestTarget(() => {
    asked++
    throw new AndonError('TARGET_UNAVAILABLE', { details: { target: 'mes', problem: 'it is down' } })
  })
  const loop = await given({ targets: { mes } })
  await plantedFloor({ store: loop.store, floor: mes.floor, pairs: 20_000, differences: 0, seed: 6 })
  const result = await loop.andon.reconcile()
  expect(result.compared).toBe(0)
  expect(result.unresolved.length + result.moreUnresolved).toBe(15_000)
  expect(asked).toBeLessThan(20)
})

it('a target that cannot say how things stand is named once', async () => {
  const { observe: _, ...mute } = honestTarget()
  const loop = await given({ targets: { mes: mute } })
  await believe(loop.store, belief(batch('B-1'), { held: true }), belief(batch('B-2'), { held: true }))
  const result = await loop.andon.reconcile()
  expect(result.unresolved).toEqual([
    { target: 'mes', reason: { en: expect.any(String), zh: expect.any(String) } },
  ])
})

it('compares only the tenant and the targets asked for, and refuses unknown ones', async () => {
  const [mes, sap] = [honestTarget(), honestTarget()]
  const loop = await given({ targets: { mes, sap } })
  await believe(
    loop.store,
    belief(batch('B-1'), { held: true }, { tenant: 'a' }),
    belief(batch('B-1'), { held: true }, { tenant: 'b' }),
    belief(batch('B-1'), { held: true }, { tenant: 'a', target: 'sap' }),
  )
  expect((await loop.andon.reconcile()).compared).toBe(3)
  expect((await loop.andon.reconcile({ tenant: 'a' })).compared).toBe(2)
  expect((await loop.andon.reconcile({ tenant: 'a', targets: ['mes'] })).compared).toBe(1)
  await expect(loop.andon.reconcile({ targets: ['nowhere'] })).rejects.toMatchObject({ code: 'NOT_FOUND' })
  await expect(loop.andon.reconcile({ mostDifferences: 0 })).rejects.toMatchObject({
    code: 'OPTIONS_INVALID',
    message: expect.stringContaining('reconcile.mostDifferences'),
  })
})

it('writes every difference and one line of numbers into the audit log of its tenant', async () => {
  const mes = honestTarget()
  const loop = await given({ targets: { mes } })
  await believe(loop.store, belief(batch('B-1'), { held: true }), belief(batch('B-2'), { held: true }))
  await believe(loop.store, belief(batch('B-3'), { held: true }, { tenant: 'b' }))
  for (const [id, held] of [
    ['B-1', true],
    ['B-2', false],
    ['B-3', true],
  ] as const)
    mes.floor.set(`batch:${id}`, { held })
  await loop.andon.reconcile()
  expect(await audited(loop.store)).toMatchObject([
    {
      what: 'reconcile.difference',
      action: 'a_1',
      data: { target: 'mes', subject: 'batch:B-2', believed: true, found: false },
    },
    {
      what: 'reconcile.done',
      data: { compared: 2, matching: 1, differences: 1, unresolved: 0, proposals: 0 },
    },
  ])
  expect(await audited(loop.store, 'b')).toMatchObject([
    { what: 'reconcile.done', data: { compared: 1, matching: 1, differences: 0 } },
  ])
})

const hold = sampleAction(1, {
  id: 'a_hold',
  target: 'mes',
  status: 'succeeded',
  params: { serials: ['S-1', 'S-2', 'S-3'], reason: 'cooling' },
})
const adjust = sampleAction(2, {
  id: 'a_adjust',
  target: 'mes',
  kind: 'parameter.adjust',
  status: 'succeeded',
  params: {
    ...{
      equipment: 'IM-04',
      parameter: 'mould_temperature',
      from: 80,
      to: 82,
      unit: 'Cel',
      low: 70,
      high: 90,
    },
    max_step: 5,
  },
})

it('proposes what would restore the belief, for a person to approve, and does nothing by itself', async () => {
  const mes = honestTarget()
  const loop = await given({ targets: { mes }, mode: 'auto' })
  await did(loop.store, hold, adjust)
  const unit = (id: string): Subject => ({ kind: 'unit', id })
  const parameter: Subject = { kind: 'parameter', equipment: 'IM-04', id: 'mould_temperature' }
  const ours = { actionId: 'a_hold' }
  for (const id of ['S-1', 'S-3']) mes.floor.set(`unit:${id}`, { held: true })
  mes.floor.set('unit:S-2', { held: false })
  mes.floor.set(subjectKey(parameter), { value: 78, unit: 'Cel' })
  await believe(loop.store, ...['S-1', 'S-2', 'S-3'].map((id) => belief(unit(id), { held: true }, ours)))
  await believe(loop.store, belief(parameter, { value: 82, unit: 'Cel' }, { actionId: 'a_adjust' }))
  const { proposals } = await loop.andon.reconcile({ propose: true })
  const actions = await Promise.all(proposals.map((id) => loop.andon.actions.get(id)))
  expect(actions).toMatchObject([
    { kind: 'parameter.adjust', status: 'awaiting-approval', params: { to: 82 }, signalId: adjust.signalId },
    { kind: 'material.hold', status: 'awaiting-approval', params: { serials: ['S-2'], reason: 'cooling' } },
  ])
  expect(actions[0]?.params).not.toHaveProperty('from')
  expect(actions[1]?.decisions).toMatchObject([
    {
      by: 'engine',
      name: 'reconcile',
      text: {
        en: expect.stringMatching(
          /unit:S-2: the target says held = false, we believe held = true since 2026-03-01/,
        ),
      },
    },
  ])
  await loop.andon.settled()
  expect(await loop.andon.actions.list({ status: ['succeeded'] })).toHaveLength(2)
  expect((await audited(loop.store)).filter(({ what }) => what === 'action.proposed')).toHaveLength(2)
})

it('proposes the inverse when what is believed is the undoing', async () => {
  const mes = honestTarget()
  const loop = await given({ targets: { mes } })
  await did(
    loop.store,
    sampleAction(1, { id: 'a_1', target: 'mes', status: 'reverted', params: { batch: 'B-1', reason: 'x' } }),
  )
  await believe(loop.store, belief(batch('B-1'), { held: false }))
  mes.floor.set('batch:B-1', { held: true })
  const { proposals } = await loop.andon.reconcile({ propose: true })
  expect(await loop.andon.actions.get(proposals[0] ?? '')).toMatchObject({
    kind: 'material.release',
    params: { batch: 'B-1' },
    needs: { signatures: [{ count: 2 }] },
  })
})

it('does not propose the same again while the first proposal is open', async () => {
  const mes = honestTarget()
  const loop = await given({ targets: { mes } })
  await did(
    loop.store,
    sampleAction(1, { id: 'a_1', target: 'mes', status: 'succeeded', params: { batch: 'B-1', reason: 'x' } }),
  )
  await believe(loop.store, belief(batch('B-1'), { held: true }))
  mes.floor.set('batch:B-1', { held: false })
  const first = await loop.andon.reconcile({ propose: true })
  await loop.clock.advance(60_000)
  expect((await loop.andon.reconcile({ propose: true })).proposals).toEqual(first.proposals)
  await loop.andon.actions.refuse(first.proposals[0] ?? '', 'the plant is right')
  await loop.clock.advance(60_000)
  expect((await loop.andon.reconcile({ propose: true })).proposals).not.toEqual(first.proposals)
})

it('counts differences for which nothing can be proposed', async () => {
  const mes = honestTarget()
  const loop = await given({ targets: { mes } })
  await believe(loop.store, belief(batch('B-1'), { held: true }, { actionId: 'a_unknown' }))
  const result = await loop.andon.reconcile({ propose: true })
  expect(result).toMatchObject({ proposals: [], withoutProposal: 1 })
})

it('reconciles with a real plant over HTTP', async () => {
  const plant = await startPlant({ batches: [{ batch: 'C-1', component: 'compressor' }, { batch: 'C-2' }] })
  onTestFinished(() => plant.close())
  const target = plantTarget({ name: 'mes', url: plant.url })
  const loop = await given({ targets: { mes: target } })
  const known = Object.values(plant.state().batches).map((one) => ({
    id: one.batch,
    held: one.status === 'held',
  }))
  const [odd] = known
  await believe(
    loop.store,
    ...known.map(({ id, held }) => belief(batch(id), { held: id === odd?.id ? !held : held })),
    belief(batch('NO-SUCH'), { held: true }),
  )
  const result = await loop.andon.reconcile()
  expect(result.differences.map(({ subject }) => subject.id).sort()).toEqual([odd?.id, 'NO-SUCH'].sort())
  expect(result.compared).toBe(known.length + 1)
})

it('reports nothing while actions change what it compares, again and again', async () => {
  const turns = async (count: number): Promise<void> => {
    for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve))
  }
  const mes = honestTarget(() => turns(2))
  const execute = async (action: Action): Promise<{ reference: string }> => {
    await turns(3)
    mes.floor.set(subjectKey(batch(String(action.params.batch))), { held: true })
    await turns(60)
    return { reference: action.id }
  }
  const rules = `CREATE RULE lot AS SELECT component_batches.compressor AS batch FROM feedbacks
    THEN material.hold (batch = batch, reason = 'cooling') ON mes;`
  const revert = async ({ id }: Action): Promise<{ reference: string }> => ({ reference: id })
  const loop = await given({ rules, targets: { mes: { ...mes, execute, revert } } })
  const lots = Array.from({ length: 100 }, (_, index) => `C-${index}`)
  for (const lot of lots) mes.floor.set(subjectKey(batch(lot)), { held: false })
  await believe(loop.store, ...lots.map((lot) => belief(batch(lot), { held: false })))
  await loop.andon.ingest(
    lots.map((compressor, index) => webPayload({ id: `m-${index}`, at: start, compressor })),
  )
  let [rounds, changing] = [0, true]
  const settled = loop.andon.settled().then(() => {
    changing = false
  })
  while (changing) {
    const { differences } = await loop.andon.reconcile()
    expect(differences).toEqual([])
    rounds++
  }
  await settled
  expect(rounds).toBeGreaterThan(2)
  expect(await loop.andon.reconcile()).toMatchObject({ compared: 100, matching: 100, unresolved: [] })
})

it('ends when Andon is closed, before the store is', async () => {
  const asked = Promise.withResolvers<void>()
  const mes = honestTarget(() => {
    asked.resolve()
    return new Promise(() => undefined)
  })
  const loop = await given({ targets: { mes } })
  await believe(loop.store, belief(batch('B-1'), { held: true }))
  const ended = expect(loop.andon.reconcile()).rejects.toMatchObject({ code: 'ABORTED' })
  await asked.promise
  await loop.andon.close()
  await ended
  await expect(loop.andon.reconcile()).rejects.toMatchObject({ code: 'NOT_STARTED' })
})
