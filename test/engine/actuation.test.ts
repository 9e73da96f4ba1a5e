import { join } from 'node:path'
import { type Action, sqliteStore } from '@andon/core'
import { memoryTarget, virtualClock } from '@andon/testkit'
import { expect, it } from 'vitest'
import { auto, complain, hold, withHold } from '../support/grave-report.js'
import { advanceUntil, type Loop, type LoopOptions, loopOptions, runLoop, start } from '../support/loop.js'
import { type Machines, machines, type Trouble } from '../support/machines.js'
import { webPayload } from '../support/payloads.mjs'

const signature = { name: 'A. Signer', meaning: 'approved' }

const adjust = (more = '', equipment = 'IM-04'): string =>
  `parameter.adjust (equipment = '${equipment}', parameter = 'temperature', to = 58, unit = 'Cel', low = 50, high = 70,
    max_step = 3${more}, reason = 'grinding doors') ON mes`
const rule = (...actions: readonly string[]): string =>
  `CREATE RULE cooler AS SELECT * FROM feedbacks WHERE severity_score > 9 THEN ${actions.join(', ')};`

async function withMachines(
  rules: string,
  given: Partial<Parameters<typeof machines>[0]> = {},
  options: LoopOptions = {},
): Promise<Loop & { plant: Machines; actions: () => Promise<readonly Action[]> }> {
  const clock = virtualClock(start)
  const values = { 'IM-04': { temperature: 60 }, 'IM-05': { temperature: 60 } }
  const plant = machines({ values, now: () => clock.now(), ...given })
  const loop = await runLoop({ rules, targets: { mes: plant.target }, clock, ...options })
  return { ...loop, plant, actions: () => loop.andon.actions.list() }
}

it('within its grace time a leader can cancel what would happen by itself', async () => {
  const { andon, clock, target, id, action } = await withHold({ policy: auto({ graceMs: 15_000 }) })
  expect(await action()).toMatchObject({ status: 'approved', dueAt: start + 15_000 })
  await clock.advance(14_000)
  await andon.settled()
  expect(target.effects()).toEqual([])
  await andon.actions.cancel(id, 'the line leader looked: not this batch', 'L. Leader')
  await clock.advance(60_000)
  await andon.settled()
  expect(await action()).toMatchObject({
    status: 'cancelled',
    note: { en: expect.stringContaining('not this batch') },
  })
  expect(target.effects()).toEqual([])
})

it('when nobody cancels it within the grace time, it happens', async () => {
  const { andon, clock, target, action } = await withHold({ policy: auto({ graceMs: 15_000 }) })
  await clock.advance(15_000)
  await andon.settled()
  expect(await action()).toMatchObject({ status: 'succeeded' })
  expect(target.effects()).toHaveLength(1)
})

it('what has not begun by its deadline is dead, and says why', async () => {
  const policy = auto({ graceMs: 30_000, deadlineMs: 20_000 })
  const { andon, clock, target, action } = await withHold({ policy })
  await clock.advance(25_000)
  await andon.settled()
  expect(await action()).toMatchObject({ status: 'dead', note: { en: expect.stringContaining('deadline') } })
  await clock.advance(60_000)
  await andon.settled()
  expect(target.effects()).toEqual([])
})

it('a parameter whose time is over goes back by itself', async () => {
  const loop = await withMachines(rule(adjust(", expiry = '10 minutes'")))
  await complain(loop)
  expect(loop.plant.value('IM-04', 'temperature')).toBe(58)
  await loop.clock.advance(599_000)
  await loop.andon.settled()
  expect(loop.plant.value('IM-04', 'temperature')).toBe(58)
  await advanceUntil(loop, async () => (await loop.actions())[0]?.status === 'reverted')
  expect(loop.plant.value('IM-04', 'temperature')).toBe(60)
  expect(await loop.actions()).toMatchObject([{ reversal: { cause: 'expiry' } }])
})

it('an expiry is not lost with the process', async () => {
  const first = await withMachines(rule(adjust(", expiry = '10 minutes'")))
  await complain(first)
  await first.andon.close()
  await first.clock.advance(3_600_000)
  const { clock, data, plant } = first
  const { andon } = await runLoop({ rules: rule(adjust()), targets: { mes: plant.target }, clock, data })
  await advanceUntil({ andon, clock }, () => plant.value('IM-04', 'temperature') === 60)
  expect(plant.changes).toHaveLength(2)
})

it('a hold whose time is over is not released by itself: it waits for two people', async () => {
  const { andon, clock, target, id, action } = await withHold({ policy: auto({ expiryMs: 60_000 }) })
  await clock.advance(61_000)
  await andon.settled()
  expect(await action()).toMatchObject({ status: 'succeeded', reversal: { cause: 'expiry', needs: 2 } })
  expect(target.effectOf(id)?.reverted).toBeUndefined()
  await andon.actions.revert(id, 'examined and good', signature)
  await andon.actions.revert(id, 'examined and good', { name: 'B. Signer', meaning: 'checked' })
  await andon.settled()
  expect((await action())?.status).toBe('reverted')
})

it('two changes of one machine never run at once; those of two machines do', async () => {
  const { promise, resolve } = Promise.withResolvers<void>()
  const work = async (): Promise<void> => {
    await Promise.race([promise, new Promise((done) => setTimeout(done, 20))])
  }
  const rules = rule(adjust(), adjust(), adjust('', 'IM-05'), adjust('', 'IM-05'))
  const loop = await withMachines(rules, { work })
  await complain(loop)
  resolve()
  expect(loop.plant.most).toEqual({ perMachine: 1, all: 2 })
  expect((await loop.actions()).map(({ status }) => status)).toEqual(Array(4).fill('succeeded'))
})

it('what has waited for another longer than its lease lasts is done once', async () => {
  const two = rule(adjust(), adjust().replace('to = 58', 'to = 59'))
  const loop = await withMachines(two, {}, { limits: { maxAttempts: 100 } })
  loop.plant.trouble(() => (loop.clock.now() < start + 600_000 ? 'down' : undefined))
  await complain(loop)
  await advanceUntil(loop, async () => (await loop.actions()).every(({ status }) => status === 'succeeded'))
  expect(loop.plant.changes.map(({ to }) => to).sort()).toEqual([58, 59])
  const second = loop.plant.changes[1]?.action
  expect(loop.plant.begun.filter((id) => id === second)).toHaveLength(1)
})

it('what is cancelled while its machine is looked at stays cancelled when the look fails', async () => {
  const { promise: looks, resolve: looking } = Promise.withResolvers<void>()
  const { promise: answer, reject: fail } = Promise.withResolvers<never>()
  const clock = virtualClock(start)
  const plant = machines({ values: { 'IM-04': { temperature: 60 } }, now: () => clock.now() })
  let isFirst = true
  const observe: typeof plant.target.observe = async (subjects, context) => {
    looking()
    if (isFirst) await answer
    return (await plant.target.observe?.(subjects, context)) ?? []
  }
  const loop = await runLoop({ rules: rule(adjust()), targets: { mes: { ...plant.target, observe } }, clock })
  await loop.andon.ingest(webPayload({ id: 'looked-at', at: start, severity: 9.5 }))
  await looks
  const [action] = await loop.andon.actions.list()
  await loop.andon.actions.cancel(action?.id ?? '', 'not this machine')
  isFirst = false
  fail(new Error('the connection broke'))
  await clock.advance(3_600_000)
  await loop.andon.settled()
  expect(await loop.andon.actions.list()).toMatchObject([{ status: 'cancelled' }])
  expect(plant.changes).toEqual([])
})

/** A store whose first word that an action is to be tried again is on disk, and heard only after `over()`. */
function slowToHear(store: ReturnType<typeof sqliteStore>) {
  const { promise: overtaken, resolve: over } = Promise.withResolvers<void>()
  let isFirst = true
  const transaction: typeof store.transaction = async (work) => {
    let retries = false
    const done = await store.transaction((inside) =>
      work({
        ...inside,
        putActions: (actions) => {
          retries ||= actions.some(({ status }) => status === 'retrying')
          return inside.putActions(actions)
        },
      }),
    )
    if (retries && isFirst) {
      isFirst = false
      await overtaken
    }
    return done
  }
  const slow = new Proxy(store, {
    get: (given, name) => (name === 'transaction' ? transaction : Reflect.get(given, name)),
  })
  return { store: slow, over }
}

async function withSlowRetry() {
  const target = memoryTarget({ name: 'mes' })
  target.failNext('unavailable')
  const options = loopOptions({ rules: hold, targets: { mes: target } })
  const { store, over } = slowToHear(sqliteStore({ path: join(options.data, 'andon.db') }))
  const loop = await runLoop({ ...options, rules: hold, store })
  await loop.andon.ingest(webPayload({ id: 'retried', at: start, severity: 9.5, compressor: 'C-1' }))
  await reached(async () => (await loop.andon.actions.list({ status: ['retrying'] })).length === 1)
  await loop.clock.advance(1000)
  return { ...loop, target, over }
}

/** For what takes turns of the disk and no time of the clock. */
async function reached(holds: () => Promise<boolean> | boolean): Promise<void> {
  while (!(await holds())) await new Promise((resolve) => setTimeout(resolve, 5))
}

it('what falls due again while its failed try is written down is not forgotten', async () => {
  const { target, over, ...loop } = await withSlowRetry()
  over()
  await advanceUntil(loop, () => target.effects().length === 1, 100)
  expect(loop.clock.now()).toBeLessThan(start + 5000)
})

it('what is to be tried again is not forgotten when the outbox is looked through before its last try is over', async () => {
  const { target, over, ...loop } = await withSlowRetry()
  await loop.andon.ingest(webPayload({ id: 'next', at: start, severity: 9.5, compressor: 'C-2' }))
  await reached(() => target.effects().length === 1)
  over()
  await advanceUntil(loop, () => target.effects().length === 2, 100)
  expect(loop.clock.now()).toBeLessThan(start + 5000)
})

it('a change that the machine acknowledges and does not make is a failed action', async () => {
  const loop = await withMachines(rule(adjust()))
  loop.plant.trouble(() => 'not-done')
  const [action] = await complain(loop)
  expect(action).toMatchObject({ status: 'dead', receipt: { reference: 'C-1' } })
  expect(action?.note?.en).toContain('value is 60, not 58')
  expect(action?.note?.zh).toContain('回读')
})

it('a parameter is stepped from where the machine says that it stands, not from where a rule believes', async () => {
  const loop = await withMachines(rule(adjust()))
  loop.plant.set('IM-04', 'temperature', 66)
  const [action] = await complain(loop)
  expect(action?.status).toBe('refused')
  expect(action?.note?.en).toMatch(/66/)
  expect(loop.plant.changes).toEqual([])
})

it('a second change waits until the first has stood for the dwell', async () => {
  const loop = await withMachines(rule(adjust(", dwell = '5 minutes'")))
  await complain(loop)
  loop.plant.set('IM-04', 'temperature', 60)
  await complain(loop)
  const times = () => loop.plant.changes.map(({ at }) => at - start)
  expect(times()).toEqual([0])
  await advanceUntil(loop, () => loop.plant.changes.length === 2)
  expect(times()[1]).toBeGreaterThanOrEqual(300_000)
  expect(times()[1]).toBeLessThan(302_000)
})

it('a reversal waits for the dwell, too', async () => {
  const loop = await withMachines(rule(adjust(", dwell = '5 minutes'")))
  const [action] = await complain(loop)
  await loop.andon.actions.revert(action?.id ?? '', 'worse than before')
  await loop.andon.settled()
  expect(loop.plant.value('IM-04', 'temperature')).toBe(58)
  await advanceUntil(loop, async () => (await loop.actions())[0]?.status === 'reverted')
  expect(loop.plant.changes.map(({ to, at }) => [to, at - start])).toEqual([
    [58, 0],
    [60, expect.closeTo(300_000, -4)],
  ])
})

it('a target that is down is left in peace, asked how it is, and served again when it is well', async () => {
  const target = memoryTarget({ name: 'mes' })
  let well = false
  let asked = 0
  const sick = {
    ...target,
    execute: async (...given: Parameters<typeof target.execute>) => {
      if (!well) target.failNext('unavailable')
      return target.execute(...given)
    },
    check: async () => {
      asked += 1
      return { ok: well }
    },
  }
  const titles = Array.from({ length: 30 }, (_, index) => `quality.notification (title = 't${index}') ON mes`)
  const loop = await runLoop({ rules: rule(...titles), targets: { mes: sick }, limits: { maxAttempts: 3 } })
  await complain(loop)
  for (let minute = 0; minute < 60; minute++) {
    await loop.clock.advance(60_000)
    await loop.andon.settled()
  }
  const attempts = (await loop.andon.actions.list()).reduce((sum, action) => sum + action.attempts, 0)
  // An hour of being down costs no action its tries.
  expect(attempts).toBeLessThan(30)
  expect(asked).toBeGreaterThan(10)
  well = true
  await advanceUntil(loop, () => target.effects().length === 30)
  expect((await loop.andon.actions.list()).every(({ status }) => status === 'succeeded')).toBe(true)
})

it('a policy can ask for several signatures, by role and in order', async () => {
  const needs = {
    signatures: [
      { role: 'quality', count: 1 },
      { role: 'production', count: 1 },
    ],
    ordered: true,
  }
  const { andon, target, id, action } = await withHold({
    policy: auto({ status: 'awaiting-approval', needs }),
  })
  const sign = (name: string, role?: string) =>
    andon.actions.approve(id, { name, meaning: 'agreed', ...(role === undefined ? {} : { role }) })
  await expect(sign('P. Production', 'production')).rejects.toMatchObject({ code: 'SIGNATURE_REFUSED' })
  await expect(sign('N. Nobody')).rejects.toMatchObject({ code: 'SIGNATURE_REFUSED' })
  await sign('Q. Quality', 'quality')
  await andon.settled()
  expect(await action()).toMatchObject({
    status: 'awaiting-approval',
    note: { en: expect.stringContaining('1 × production'), zh: expect.stringContaining('1 × production') },
  })
  await expect(sign('Q. Quality', 'production')).rejects.toMatchObject({ code: 'SIGNATURE_REFUSED' })
  expect(target.effects()).toEqual([])
  await sign('P. Production', 'production')
  await andon.settled()
  expect((await action())?.status).toBe('succeeded')
})

it('every step of an action is a line of the audit chain, from the raw message to the read-back', async () => {
  const data: string[] = []
  const loop = await withMachines(rule(adjust()))
  data.push(loop.data)
  const [action] = await complain(loop)
  await loop.andon.actions.revert(action?.id ?? '', 'worse than before', signature)
  await loop.andon.settled()
  await loop.andon.close()
  const store = sqliteStore({ path: `${loop.data}/andon.db` })
  await store.open()
  const all = (await store.audit.read('default', 1, 100)).map(({ text }) => JSON.parse(text))
  const lines = all.filter(({ action }) => action !== undefined)
  const feedback = await store.journal.find(action?.quotes[0]?.feedbackId ?? '')
  await store.close()
  expect(lines.map(({ what }) => what)).toEqual([
    'action.proposed',
    'action.executing',
    'action.succeeded',
    'action.revert-asked',
    'action.reverting',
    'action.reverted',
  ])
  const moves = all.filter(({ action }) => action === undefined).map(({ what }) => what)
  expect(moves).toEqual(['signal.opened', 'signal.contained', 'signal.reopened'])
  expect(lines[0].data.evidence[0].sha256).toBe(feedback?.raw.sha256)
  expect(lines[2].data.readBack[0].fields.value).toBe(58)
  expect(lines[3].data.signatures).toMatchObject([signature])
  expect(lines[5].data.readBack[0].fields.value).toBe(60)
})

it('what is under way cannot be cancelled; what is being retried is looked up, and taken back if it was done', async () => {
  const loop = await withMachines(rule(adjust()))
  const troubles: (Trouble | undefined)[] = ['done-but-silent']
  loop.plant.trouble(() => troubles.shift())
  // The look before the change meets no trouble, the change does.
  troubles.unshift(undefined)
  const [action] = await complain(loop)
  expect(action).toMatchObject({ status: 'retrying' })
  expect(loop.plant.value('IM-04', 'temperature')).toBe(58)
  await loop.andon.actions.cancel(action?.id ?? '', 'not this machine', 'L. Leader')
  await advanceUntil(loop, async () => (await loop.actions())[0]?.status === 'reverted')
  expect(loop.plant.value('IM-04', 'temperature')).toBe(60)
  expect(loop.plant.changes.map(({ to }) => to)).toEqual([58, 60])
})

it('what is being retried and had no effect is cancelled, and never done', async () => {
  const loop = await withMachines(rule(adjust()))
  const troubles: (Trouble | undefined)[] = [undefined, 'down']
  loop.plant.trouble(() => troubles.shift())
  const [action] = await complain(loop)
  expect(action).toMatchObject({ status: 'retrying' })
  await loop.andon.actions.cancel(action?.id ?? '', 'not this machine', 'L. Leader')
  await advanceUntil(loop, async () => (await loop.actions())[0]?.status === 'cancelled')
  await loop.clock.advance(600_000)
  await loop.andon.settled()
  expect(loop.plant.changes).toEqual([])
})
