import { isAndonError } from '@andon/core/errors'
import { type Mes, type MesOptions, startMes, virtualClock } from '@andon/testkit'
import { afterEach, describe, expect, it } from 'vitest'

const open: Mes[] = []
afterEach(async () => {
  for (const running of open.splice(0)) await running.close()
})

async function started(options: MesOptions = {}): Promise<Mes> {
  const running = await startMes({
    batches: [{ batch: 'C-1', component: 'compressor', quantity: 10 }],
    orders: [
      { id: 'O-1', model: 'KX-500' },
      { id: 'O-2', model: 'KX-500', status: 'released' },
    ],
    units: [{ serial: 'U-1', model: 'KX-500', componentBatches: { compressor: 'C-1' } }],
    equipment: [
      {
        id: 'IM-7',
        parameters: {
          temperature: { value: 50, unit: 'Cel', low: 40, high: 60, maxStep: 3, dwellSeconds: 600 },
        },
      },
    ],
    ...options,
  })
  open.push(running)
  return running
}

interface Told {
  readonly status: number
  readonly type: string | null
  readonly replayed: boolean
  readonly body: unknown
}

async function ask(
  running: Mes,
  method: string,
  path: string,
  body?: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<Told> {
  const response = await fetch(`${running.url}${path}`, {
    method,
    headers: { ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    replayed: response.headers.get('idempotent-replay') === 'true',
    body: await response.json(),
  }
}

let made = 0
const write = (
  running: Mes,
  method: string,
  path: string,
  body: unknown,
  id = `a-${++made}`,
): Promise<Told> => ask(running, method, path, body, { 'idempotency-key': encodeURIComponent(id) })

const refusal = (status: number, code: string): object => ({
  ...{ status, type: 'application/problem+json' },
  body: expect.objectContaining({ code, detail: expect.any(String) }),
})

describe('what is asked of the simulated MES', () => {
  it('must be of the contract: each other field, type and length is refused by its name', async () => {
    const running = await started()
    for (const [body, field] of [
      [{}, 'reason'],
      [{ reason: '' }, 'reason'],
      [{ reason: 'x', colour: 'red' }, 'colour'],
      [{ reason: 'x', component: 7 }, 'component'],
      [{ reason: 'x', quotes: [{ text: 'hot' }] }, 'quotes.0'],
    ] as const) {
      const told = await write(running, 'POST', '/lots/C-1/hold', body)
      expect(told).toMatchObject(refusal(422, 'invalid'))
      expect(JSON.stringify(told.body)).toContain(field)
    }
    expect(running.state().batches[0]?.status).toBe('free')
  })

  it('must have an action id, JSON, and an operation that there is', async () => {
    const running = await started({ without: ['sendMessage'] })
    expect(await ask(running, 'POST', '/lots/C-1/hold', { reason: 'x' })).toMatchObject(
      refusal(400, 'malformed'),
    )
    const text = await ask(running, 'POST', '/lots/C-1/hold', undefined, { 'idempotency-key': 'a' })
    expect(text).toMatchObject(refusal(400, 'malformed'))
    expect(await write(running, 'POST', '/messages', { to: 'x', text: 'y' })).toMatchObject(
      refusal(404, 'no_such_operation'),
    )
    expect(await ask(running, 'GET', '/lots')).toMatchObject(refusal(404, 'no_such_operation'))
    expect(await ask(running, 'GET', '/actions/%E0%A4%A')).toMatchObject(refusal(400, 'malformed'))
  })

  it('must come from somebody it knows', async () => {
    const running = await started({ auth: { bearer: 'token-0815', basic: { user: 'u', password: 'p' } } })
    expect(await ask(running, 'GET', '/status')).toMatchObject(refusal(401, 'unauthorized'))
    const wrong = { authorization: 'Bearer token-0816' }
    expect(await ask(running, 'GET', '/status', undefined, wrong)).toMatchObject({ status: 401 })
    for (const authorization of ['Bearer token-0815', `Basic ${Buffer.from('u:p').toString('base64')}`]) {
      expect(await ask(running, 'GET', '/status', undefined, { authorization })).toMatchObject({
        status: 200,
      })
    }
  })

  it('is refused in the language that was asked for', async () => {
    const running = await started()
    const told = await ask(running, 'GET', '/actions/none', undefined, { 'accept-language': 'zh' })
    expect(told).toMatchObject({
      status: 404,
      body: { code: 'unknown_action', detail: '该 id 下没有执行任何操作' },
    })
  })
})

describe('an action id', () => {
  it('takes effect once: again it gets the answer of then, and for something else a no', async () => {
    const running = await started()
    const first = await write(running, 'POST', '/lots/C-1/hold', { reason: 'x' }, '动作/1')
    expect(first).toMatchObject({ status: 200, replayed: false, body: { lot: { lot: 'C-1', held: true } } })
    await write(running, 'POST', '/lots/C-1/release', { reason: 'x' })
    const again = await write(running, 'POST', '/lots/C-1/hold', { reason: 'x' }, '动作/1')
    expect(again).toEqual({ ...first, replayed: true })
    expect(running.state().batches[0]?.status).toBe('free')
    expect(await write(running, 'POST', '/messages', { to: 'a', text: 'b' }, '动作/1')).toMatchObject(
      refusal(409, 'action_id_reused'),
    )
    expect(running.deed('动作/1')).toMatchObject({ effects: 1, undone: 1 })
  })

  it('is looked up with the answer of then', async () => {
    const running = await started()
    expect(await ask(running, 'GET', '/actions/r-1')).toMatchObject(refusal(404, 'unknown_action'))
    const { body } = await write(running, 'POST', '/rework-orders', { lot: 'C-1', reason: 'x' }, 'r-1')
    expect(await ask(running, 'GET', '/actions/r-1')).toMatchObject({
      body: { actionId: 'r-1', operation: 'scheduleRework', reference: 'RW-000001', result: body },
    })
  })

  it('that was refused leaves nothing behind', async () => {
    const running = await started()
    expect(await write(running, 'POST', '/lots/none/hold', { reason: 'x' }, 'n-1')).toMatchObject(
      refusal(404, 'unknown'),
    )
    expect(await ask(running, 'GET', '/actions/n-1')).toMatchObject({ status: 404 })
    expect(running.deed('n-1')).toBeUndefined()
  })
})

describe('its rules are the floor’s', () => {
  it('a held lot is a gate for the people at the line', async () => {
    const running = await started()
    const consume = () =>
      fetch(`${running.terminalUrl}/orders/O-2/consume`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ batch: 'C-1' }),
      })
    expect((await consume()).status).toBe(200)
    await write(running, 'POST', '/lots/C-1/hold', { reason: 'x' })
    expect((await consume()).status).toBe(409)
  })

  it('limits, the largest step, the dwell, the unit and what was expected keep the veto', async () => {
    const clock = virtualClock()
    const running = await started({ clock })
    const path = '/equipment/IM-7/parameters/temperature'
    const change = (more: object) =>
      write(running, 'PUT', path, { value: 52, unit: 'Cel', reason: 'x', ...more })
    expect(await change({ value: 61 })).toMatchObject(refusal(422, 'out_of_limits'))
    expect(await change({ value: 54 })).toMatchObject(refusal(422, 'step_too_large'))
    expect(await change({ bounds: { maxStep: 1 } })).toMatchObject(refusal(422, 'step_too_large'))
    expect(await change({ bounds: { high: 51 } })).toMatchObject(refusal(422, 'out_of_limits'))
    expect(await change({ unit: 'K' })).toMatchObject(refusal(422, 'unit_differs'))
    expect(await change({ expects: 49 })).toMatchObject(refusal(409, 'value_differs'))
    expect(await change({ expects: 50 })).toMatchObject({
      body: { previousValue: 50, parameter: { value: 52 } },
    })
    expect(await change({ value: 53 })).toMatchObject(refusal(409, 'dwell'))
    await clock.advance(600_000)
    expect(await change({ value: 53 })).toMatchObject({ status: 200 })
  })

  it('only what is planned is moved or cancelled, and what is gone is said to be gone', async () => {
    const running = await started()
    const moved = await write(running, 'PUT', '/orders/O-2/priority', { priority: 1, reason: 'x' })
    expect(moved).toMatchObject(refusal(409, 'order_not_planned'))
    await write(running, 'POST', '/rework-orders', { lot: 'C-1', reason: 'x' })
    const cancel = () => write(running, 'POST', '/rework-orders/RW-000001/cancel', { reason: 'x' })
    expect(await cancel()).toMatchObject({ body: { order: { status: 'cancelled' } } })
    expect(await cancel()).toMatchObject(refusal(409, 'nothing_left'))
    expect(await write(running, 'POST', '/lots/C-1/release', { reason: 'x' })).toMatchObject(
      refusal(409, 'not_held'),
    )
  })

  it('a write may be acknowledged and not done', async () => {
    const running = await started()
    running.deceive(1)
    const told = await write(running, 'POST', '/lots/C-1/hold', { reason: 'x' }, 'd-1')
    expect(told).toMatchObject({ status: 200, body: { lot: { held: true } } })
    expect(running.state().batches[0]?.status).toBe('free')
    expect(running.deed('d-1')?.effects).toBe(0)
  })
})

describe('its alarms', () => {
  const alarm = (conditionId: string) => ({
    ...{ conditionId, active: true, message: 'low' },
    time: '2026-03-01T00:00:00Z',
  })

  it('come in pages, in their order, from a cursor on', async () => {
    const running = await started({ alarmHistory: 3 })
    for (const id of ['1', '2', '3', '4']) running.raise(alarm(id))
    // The oldest is not kept any more.
    const first = await ask(running, 'GET', '/alarms?limit=2')
    expect(first.body).toEqual({ alarms: [alarm('2'), alarm('3')], next: 'a3' })
    expect((await ask(running, 'GET', '/alarms?after=a3')).body).toEqual({ alarms: [alarm('4')], next: 'a4' })
    expect((await ask(running, 'GET', '/alarms?after=a0&limit=1')).body).toEqual({
      alarms: [alarm('2')],
      next: 'a2',
    })
    expect((await ask(running, 'GET', '/alarms?after=end')).body).toEqual({ alarms: [], next: 'a4' })
    expect(running.alarmsTold).toBe(4)
  })

  it('are waited for, and no longer than was asked', async () => {
    const clock = virtualClock()
    const running = await started({ clock })
    const waiting = ask(running, 'GET', '/alarms?after=a0&waitSeconds=30')
    while (running.requestCount === 0) await new Promise((resolve) => setTimeout(resolve, 5))
    running.raise(alarm('1'))
    expect((await waiting).body).toEqual({ alarms: [alarm('1')], next: 'a1' })
    const vain = ask(running, 'GET', '/alarms?after=a1&waitSeconds=30')
    while (running.requestCount === 1) await new Promise((resolve) => setTimeout(resolve, 5))
    await clock.advance(30_000)
    expect((await vain).body).toEqual({ alarms: [], next: 'a1' })
  })

  it('are refused at a place that is none', async () => {
    const running = await started()
    for (const query of ['after=a9', 'after=x', 'limit=0', 'waitSeconds=61']) {
      expect(await ask(running, 'GET', `/alarms?${query}`)).toMatchObject(refusal(422, 'invalid'))
    }
    const bad = () => running.raise({ ...alarm('1'), time: 'yesterday' })
    expect(bad).toThrow(/time/)
  })
})

it('names the option that is wrong', async () => {
  const error = await startMes({ auth: { bearer: '' } }).catch((thrown: unknown) => thrown)
  expect(isAndonError(error, 'OPTIONS_INVALID')).toBe(true)
  expect(error).toMatchObject({ details: { option: 'auth.bearer' } })
})
