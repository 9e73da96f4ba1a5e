import { join } from 'node:path'
import { type Signal, sqliteStore } from '@andon/core'
import { memoryTarget, type Plant, plantTarget, startPlant } from '@andon/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { advanceUntil, dataFolder, type Loop, type LoopOptions, runLoop } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'

const rules = `CREATE RULE cooling AS SELECT component_batches.compressor AS batch, COUNT(*) AS reports FROM feedbacks
  GROUP BY component_batches.compressor WINDOW SLIDING INTERVAL '12 hours' HAVING COUNT(*) >= 3
  ONCE PER INTERVAL '1 day' ESCALATE TO team;
CREATE RULE model AS SELECT product_model, COUNT(*) AS reports FROM feedbacks
  GROUP BY product_model WINDOW SLIDING INTERVAL '12 hours' HAVING COUNT(*) >= 3
  ONCE PER INTERVAL '1 day' ESCALATE TO team;`

const unit = (serial: string, compressor: string, batch: string, location: string) => ({
  ...{ serial, batch, location, model: 'KX-500', line: 'line 3' },
  componentBatches: { compressor, mainboard: `M-${serial}` },
})

/** Three units in customers' hands and three others, one of which has another compressor lot. */
async function openPlant(): Promise<Plant> {
  const plant = await startPlant({
    batches: [
      { batch: 'C-1', component: 'compressor', quantity: 40, location: 'store 2' },
      { batch: 'C-2', component: 'compressor' },
      { batch: 'F-1' },
    ],
    units: [
      ...['SN-1', 'SN-2', 'SN-3'].map((serial) => unit(serial, 'C-1', 'F-1', 'shipped')),
      ...[unit('SN-4', 'C-1', 'F-2', 'warehouse'), unit('SN-5', 'C-1', 'F-2', 'line 3')],
      unit('SN-6', 'C-2', 'F-2', 'warehouse'),
    ],
  })
  onTestFinished(() => plant.close())
  return plant
}

interface Complained extends Loop {
  readonly plant: Plant
  readonly signalOf: (rule: string) => Promise<Signal>
}

interface Given extends Partial<LoopOptions> {
  readonly serials?: readonly string[]
  /** What the customers say; empty: nothing. */
  readonly compressor?: string
}

async function complained({
  serials = ['SN-1', 'SN-2', 'SN-3'],
  compressor = 'C-1',
  ...options
}: Given = {}): Promise<Complained> {
  const plant = await openPlant()
  const mes = plantTarget({ name: 'mes', url: plant.url })
  const loop = await runLoop({ rules, mode: 'advise', targets: { mes }, ...options })
  await loop.andon.ingest(
    serials.map((serial, index) =>
      webPayload({ id: `m-${index}`, at: loop.clock.now(), serial, compressor }),
    ),
  )
  await loop.andon.settled()
  const signalOf = async (rule: string): Promise<Signal> => {
    const signal = (await loop.andon.signals.list()).find((one) => one.rule === rule)
    if (signal === undefined) throw new Error(`no signal of ${rule}`)
    return signal
  }
  return { ...loop, plant, signalOf }
}

const serialsOf = (units: readonly { readonly serial: string }[]): string[] =>
  units.map(({ serial }) => serial).sort()
const request = { name: 'Li Wei', meaning: 'containment of cooling failures', reason: 'it does not cool' }

it('finds the lot that the rule groups by, every unit that has it, and where they are', async () => {
  const { andon, signalOf } = await complained()
  const trace = await andon.trace.affected((await signalOf('cooling')).id)
  expect(trace.batches).toMatchObject([
    {
      ...{ batch: 'C-1', component: 'compressor', share: 1, reports: 3, because: 'rule' },
      known: [{ target: 'mes', location: 'store 2', quantity: 40, held: false, nameOnly: false }],
    },
  ])
  expect(serialsOf(trace.units)).toEqual(['SN-1', 'SN-2', 'SN-3', 'SN-4', 'SN-5'])
  expect(trace.locations).toEqual([
    { location: 'shipped', units: 3 },
    { location: 'warehouse', units: 1 },
    { location: 'line 3', units: 1 },
  ])
  expect(trace).toMatchObject({ unresolved: [], cut: false })
})

it('finds the lot when customers know nothing but their serial number', async () => {
  const { andon, signalOf } = await complained({ compressor: '' })
  const trace = await andon.trace.affected((await signalOf('model')).id)
  expect(trace.feedback).toHaveLength(3)
  expect(trace.feedback[0]).toMatchObject({
    batch: 'F-1',
    line: 'line 3',
    componentBatches: { compressor: 'C-1' },
  })
  expect(trace.batches).toMatchObject([
    { batch: 'C-1', component: 'compressor', share: 1, because: 'shared' },
  ])
  expect(serialsOf(trace.units)).toEqual(['SN-1', 'SN-2', 'SN-3', 'SN-4', 'SN-5'])
})

it('holds exactly the lot and the units traced, with the signature of the person who asked', async () => {
  const { andon, plant, signalOf } = await complained()
  const { id } = await signalOf('cooling')
  const { actions, trace } = await andon.trace.hold(id, request)
  await andon.settled()
  const { batches, units } = plant.state()
  const held = [...batches.filter(({ status }) => status === 'held').map(({ batch }) => batch)]
  expect(held).toEqual(['C-1'])
  expect(serialsOf(units.filter((one) => one.held))).toEqual(serialsOf(trace.units))
  for (const action of actions) {
    expect(await andon.actions.get(action.id)).toMatchObject({
      ...{ status: 'succeeded', kind: 'material.hold', signalId: id, priority: 1 },
      signatures: [{ name: 'Li Wei', meaning: request.meaning }],
    })
  }
  expect(actions.map(({ params }) => params)).toMatchObject([
    { batch: 'C-1', component: 'compressor', reason: 'it does not cool' },
    { serials: ['SN-1', 'SN-2', 'SN-3', 'SN-4', 'SN-5'] },
  ])
  expect(await andon.signals.get(id)).toMatchObject({ status: 'contained' })
})

it('asked again it holds only what has come on top, and after a release it holds again', async () => {
  const { andon, signalOf } = await complained()
  const { id } = await signalOf('cooling')
  const first = await andon.trace.hold(id, request)
  const second = await andon.trace.hold(id, request)
  expect(second.actions).toEqual([])
  expect(second.standing.map((one) => one.id).sort()).toEqual(first.actions.map((one) => one.id).sort())
  await andon.settled()
  const lot = first.actions[0]?.id ?? ''
  await andon.actions.revert(lot, 'found good', { name: 'Wang Fang', meaning: 'release' })
  await andon.actions.revert(lot, 'found good', { name: 'Zhao Min', meaning: 'release' })
  await andon.settled()
  const third = await andon.trace.hold(id, request)
  expect(third.actions.map(({ params }) => params)).toMatchObject([{ batch: 'C-1' }])
  expect(third.actions[0]?.id).not.toBe(lot)
})

it('says which serial numbers nobody knows, in the trace and with every hold', async () => {
  const { andon, signalOf } = await complained({ serials: ['SN-1', 'SN-2', 'SN-404'] })
  const { id } = await signalOf('cooling')
  const { actions, trace, unresolved } = await andon.trace.hold(id, request)
  expect(trace.unresolved).toMatchObject([{ what: 'serial', id: 'SN-404' }])
  expect(unresolved).toEqual(trace.unresolved)
  for (const { decisions } of actions) {
    expect(decisions).toMatchObject([
      {
        by: 'engine',
        name: 'trace',
        text: { en: expect.stringContaining('SN-404'), zh: expect.stringContaining('SN-404') },
      },
      { by: 'person', name: 'Li Wei' },
    ])
  }
})

it('tells when the report and the plant disagree about a lot', async () => {
  const { andon, signalOf } = await complained({ serials: ['SN-1', 'SN-2', 'SN-6'] })
  const trace = await andon.trace.affected((await signalOf('cooling')).id)
  expect(trace.unresolved).toMatchObject([
    { what: 'serial', id: 'SN-6', reason: { en: expect.stringContaining('C-2') } },
  ])
})

it('a target that does not answer is named, and the reports still tell the lot', async () => {
  const { andon, plant, signalOf } = await complained()
  plant.setFaults({ down: true })
  const trace = await andon.trace.affected((await signalOf('cooling')).id)
  expect(trace.batches).toMatchObject([{ batch: 'C-1', known: [] }])
  expect(trace.units).toEqual([])
  expect(trace.unresolved.map(({ what, id }) => `${what} ${id}`)).toEqual([
    'target mes',
    ...['serial SN-1', 'serial SN-2', 'serial SN-3', 'batch C-1'],
  ])
})

it('without a target that can trace it says so, and holds the lot that the reports tell', async () => {
  const { trace: _, ...mes } = memoryTarget({ name: 'mes' })
  const { andon, signalOf } = await complained({ targets: { mes } })
  const { actions, trace } = await andon.trace.hold((await signalOf('cooling')).id, request)
  expect(actions.map(({ params }) => params)).toMatchObject([{ batch: 'C-1', component: 'compressor' }])
  expect(trace.unresolved).toContainEqual({
    what: 'target',
    id: '',
    reason: { en: expect.stringContaining('trace()'), zh: expect.stringContaining('trace()') },
  })
})

it('a hold that is asked for while the plant is down is carried out when it is back', async () => {
  const loop = await complained()
  const { id } = await loop.signalOf('cooling')
  loop.plant.setFaults({ down: true })
  const { actions } = await loop.andon.trace.hold(id, request)
  expect(actions.map(({ params }) => params)).toMatchObject([{ batch: 'C-1' }])
  loop.plant.setFaults({})
  await advanceUntil(loop, () => loop.plant.state().batches.some(({ status }) => status === 'held'))
  const { actions: more } = await loop.andon.trace.hold(id, request)
  expect(more.map(({ params }) => params)).toMatchObject([
    { serials: ['SN-1', 'SN-2', 'SN-3', 'SN-4', 'SN-5'] },
  ])
})

it('traces and holds by serial number when the reports are not kept any more', async () => {
  const loop = await complained({ retention: { rawDays: 1 } })
  const { id } = await loop.signalOf('cooling')
  const old = (await loop.signalOf('cooling')).quotes[0]?.feedbackId ?? ''
  await advanceUntil(loop, async () => (await loop.andon.feedback(old)) === undefined, 3_600_000)
  const { actions, trace } = await loop.andon.trace.hold(id, request)
  expect(trace.unresolved.map(({ what }) => what)).toEqual(['feedback', 'feedback', 'feedback'])
  expect(trace.batches).toMatchObject([{ batch: 'C-1' }])
  expect(actions.map(({ status }) => status)).toEqual(['approved', 'approved'])
})

it('says when there are more units than were asked for', async () => {
  const { andon, signalOf } = await complained()
  const trace = await andon.trace.affected((await signalOf('cooling')).id, { mostUnits: 4 })
  expect(trace).toMatchObject({ cut: true, unresolved: [{ what: 'target', id: 'mes' }] })
  expect(trace.units).toHaveLength(4)
})

it('writes what was traced and who asked for it into the audit log', async () => {
  const data = dataFolder()
  const store = sqliteStore({ path: join(data, 'andon.db') })
  const { andon, signalOf } = await complained({ data, store })
  const { id } = await signalOf('cooling')
  await andon.trace.hold(id, request)
  const lines = (await store.audit.read('default', 1, 1000)).map(({ text }) => JSON.parse(text))
  const traced = lines.filter(({ what, data }) => what === 'trace.done' || data.kind === 'material.hold')
  expect(traced).toMatchObject([
    { what: 'trace.done', signal: id, data: { units: 5, holds: 2, signature: { name: 'Li Wei' } } },
    { what: 'action.proposed', signal: id, data: { target: 'mes', status: 'approved', by: 'person' } },
    { what: 'action.proposed', signal: id },
  ])
})

it.each([
  ['name', { ...request, name: '' }],
  ['reason', { ...request, reason: ' ' }],
  ['mostUnits', { ...request, mostUnits: 0 }],
])('a hold without a proper %s is refused', async (option, wrong) => {
  const { andon, signalOf } = await complained()
  await expect(andon.trace.hold((await signalOf('cooling')).id, wrong)).rejects.toMatchObject({
    code: 'OPTIONS_INVALID',
    message: expect.stringContaining(`trace.hold.${option}`),
  })
  await expect(andon.trace.affected('s_none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
})
