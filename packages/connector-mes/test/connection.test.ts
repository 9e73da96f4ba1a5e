import { createServer } from 'node:http'
import { inspect } from 'node:util'
import { isAndonError } from '@andon/core/errors'
import { type Mes, type MesAdmission, virtualClock } from '@andon/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { createRedactor } from '../src/http/redactor.js'
import { type MesAuth, mes } from '../src/index.js'
import { actionOf, client, contextOf, richMes, targetOf } from './support/given.js'

const open: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of open.splice(0).reverse()) await close()
})

async function started(auth?: MesAdmission): Promise<Mes> {
  const running = await richMes(auth === undefined ? {} : { auth })
  open.push(() => running.close())
  return running
}

function targetFor(running: Mes, auth?: MesAuth): ReturnType<typeof mes> {
  const target = mes({ url: running.url, timeoutMs: 1_000, ...(auth && { auth }) })
  open.push(() => target.close())
  return target
}

/** A system that answers everything with the same. */
async function answering(status: number, contentType: string, body: string): Promise<string> {
  const server = createServer((_, response) => {
    response.writeHead(status, { 'content-type': contentType }).end(body)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  open.push(async () => {
    server.close()
    server.closeAllConnections()
  })
  const address = server.address()
  return `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
}

const failure = (attempt: Promise<unknown>): Promise<unknown> =>
  attempt.then(
    () => undefined,
    (error: unknown) => error,
  )

describe('credentials', () => {
  it.each<[MesAuth, MesAdmission]>([
    [{ kind: 'bearer', token: 'token-0815' }, { bearer: 'token-0815' }],
    [{ kind: 'bearer', token: async () => 'token-0815' }, { bearer: 'token-0815' }],
    [
      { kind: 'basic', username: 'andon', password: 'pässword' },
      { basic: { user: 'andon', password: 'pässword' } },
    ],
    [{ kind: 'api-key', key: 'key-0815' }, { apiKey: { key: 'key-0815' } }],
    [
      { kind: 'api-key', header: 'X-Plant-Key', key: () => 'key-0815' },
      { apiKey: { header: 'x-plant-key', key: 'key-0815' } },
    ],
  ])('of %j let it in', async (auth, admission) => {
    const target = targetFor(await started(admission), auth)
    expect(await target.execute(actionOf('notify', 1), contextOf())).toMatchObject({
      proof: { confirmed: true },
    })
    expect(await target.check()).toEqual({ ok: true })
  })

  it.each(['header', 'body'] as const)(
    'of a token server, in its %s, are asked for once',
    async (clientAuth) => {
      const running = await started({ oauth: client })
      const target = targetFor(running, { kind: 'oauth2', tokenUrl: running.tokenUrl, clientAuth, ...client })
      await Promise.all([1, 2, 3, 4].map((index) => target.execute(actionOf('notify', index), contextOf())))
      expect(running.tokensIssued).toBe(1)
    },
  )

  it('are fetched anew before they end, by the clock of the call', async () => {
    const running = await started({ oauth: { ...client, expiresInSeconds: 600 } })
    const target = targetFor(running, { kind: 'oauth2', tokenUrl: running.tokenUrl, ...client })
    const clock = virtualClock()
    await target.execute(actionOf('notify', 1), contextOf(1, { clock }))
    await clock.advance(530_000)
    await target.execute(actionOf('notify', 2), contextOf(1, { clock }))
    expect(running.tokensIssued).toBe(1)
    await clock.advance(20_000)
    await target.execute(actionOf('notify', 3), contextOf(1, { clock }))
    expect(running.tokensIssued).toBe(2)
  })

  it('that were changed are asked for again, once', async () => {
    const running = await started({ bearer: 'new-token' })
    const given = ['old-token', 'new-token', 'newer-token']
    let asked = 0
    const target = targetFor(running, { kind: 'bearer', token: () => given[asked++] ?? 'none' })
    await target.execute(actionOf('notify', 1), contextOf())
    await target.execute(actionOf('notify', 2), contextOf())
    expect(asked).toBe(2)
  })

  it('that are wrong are an error to be tried again: people will put them right', async () => {
    const running = await started({ oauth: client })
    const secret = 'wrong-secret-0815'
    const { tokenUrl } = running
    const auth = { kind: 'oauth2', tokenUrl, clientId: client.clientId, clientSecret: secret } as const
    const error = await failure(targetFor(running, auth).execute(actionOf('notify', 1), contextOf()))
    expect(error).toMatchObject({
      code: 'TARGET_UNAVAILABLE',
      message: expect.stringContaining('invalid_client'),
    })
    expect(inspect(error, { depth: 12, showHidden: true })).not.toContain(secret)
    const refused = await failure(
      targetFor(running, { kind: 'bearer', token: secret }).execute(actionOf('notify', 1), contextOf()),
    )
    expect(refused).toMatchObject({ code: 'TARGET_UNAVAILABLE', message: expect.stringContaining('401') })
  })

  it('that cannot be read are an error, and what their vault says stays there', async () => {
    const running = await started({ bearer: 'token-0815' })
    const token = (): Promise<string> => Promise.reject(new RangeError('vault token hvs.planted-4711'))
    const error = await failure(
      targetFor(running, { kind: 'bearer', token }).execute(actionOf('notify', 1), contextOf()),
    )
    expect(error).toMatchObject({
      code: 'TARGET_UNAVAILABLE',
      message: expect.stringContaining('the secret could not be read'),
      cause: { message: expect.stringContaining('RangeError') },
    })
    expect(inspect(error, { depth: 12, showHidden: true })).not.toContain('planted')
    expect(running.requestCount).toBe(40)
  })

  it('go nowhere else: a redirect is not followed', async () => {
    const elsewhere = await answering(200, 'application/json', '{}')
    const server = createServer((_, response) => response.writeHead(307, { location: elsewhere }).end())
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    open.push(async () => server.close())
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const target = mes({ url: `http://127.0.0.1:${port}`, auth: { kind: 'bearer', token: 'token-0815' } })
    open.push(() => target.close())
    const error = await failure(target.execute(actionOf('notify', 1), contextOf()))
    expect(error).toMatchObject({ code: 'TARGET_UNAVAILABLE', message: expect.stringContaining('HTTP 307') })
  })
})

describe('answers that are none', () => {
  it.each([
    ['nothing', 200, 'application/json', ''],
    ['a list', 200, 'application/json', '[]'],
    ['another object', 200, 'application/json', '{"reference":"R-1"}'],
    ['a page', 404, 'text/html', '<html>no such page</html>'],
    ['a problem without a code', 422, 'application/problem+json', '{"detail":"no"}'],
    ['another JSON', 404, 'application/json', '{"error":"not found"}'],
  ])('%s is no answer: the outcome is unknown', async (_, status, contentType, body) => {
    const target = mes({ url: await answering(status, contentType, body) })
    open.push(() => target.close())
    const error = await failure(target.execute(actionOf('notify', 1), contextOf()))
    expect(error).toMatchObject({ code: 'TARGET_UNAVAILABLE', retryable: true })
    expect(await failure(target.lookUp(actionOf('notify', 1), contextOf()))).toMatchObject({
      retryable: true,
    })
    expect(await target.check()).toMatchObject({ ok: false })
  })

  it('an answer that is too large is not read to its end', async () => {
    const url = await answering(200, 'application/json', JSON.stringify({ reference: 'x'.repeat(50_000) }))
    const target = mes({ url, maxAnswerBytes: 10_000 })
    open.push(() => target.close())
    const error = await failure(target.execute(actionOf('notify', 1), contextOf()))
    expect(error).toMatchObject({ code: 'TARGET_UNAVAILABLE', message: expect.stringContaining('10000') })
  })

  it('what an MES says of a secret is not repeated', async () => {
    const problem = { code: 'invalid', detail: 'who is Bearer token-0815-geheim?' }
    const url = await answering(422, 'application/problem+json', JSON.stringify(problem))
    const target = mes({ url, auth: { kind: 'bearer', token: 'token-0815-geheim' } })
    open.push(() => target.close())
    const error = await failure(target.execute(actionOf('notify', 1), contextOf()))
    expect(error).toMatchObject({ code: 'TARGET_REFUSED', message: expect.stringContaining('Bearer •••') })
    expect(inspect(error, { depth: 12, showHidden: true })).not.toContain('token-0815-geheim')
  })
})

describe('secrets', () => {
  const planted = 'geheim-7f3a/+='
  const forms = [
    planted,
    encodeURIComponent(planted),
    new URLSearchParams({ s: planted }).toString().slice(2),
    Buffer.from(planted).toString('base64'),
    Buffer.from(`andon:${planted}`).toString('base64'),
    Buffer.from(`andon:${encodeURIComponent(planted)}`).toString('base64'),
  ]

  it.each<[MesAuth['kind'], MesAdmission, (tokenUrl: string) => MesAuth]>([
    ['bearer', { bearer: planted }, () => ({ kind: 'bearer', token: planted })],
    [
      'basic',
      { basic: { user: 'andon', password: planted } },
      () => ({ kind: 'basic', username: 'andon', password: () => planted }),
    ],
    [
      'api-key',
      { apiKey: { header: 'x-plant-key', key: planted } },
      () => ({ kind: 'api-key', header: 'X-Plant-Key', key: planted }),
    ],
    [
      'oauth2',
      { oauth: { clientId: 'andon', clientSecret: planted } },
      (tokenUrl) => ({ kind: 'oauth2', tokenUrl, clientId: 'andon', clientSecret: planted }),
    ],
  ])('of kind %s that an MES repeats in what it says are not shown', async (kind, admission, authOf) => {
    const running = await richMes({ auth: admission, echo: true })
    open.push(() => running.close())
    const target = targetFor(running, authOf(running.tokenUrl))
    await target.execute(actionOf('notify', 1), contextOf())
    const shown: unknown[] = []
    for (const fault of ['401', '403', '409', '429', '500', 'html-instead-of-json', 'half-json'] as const) {
      running.faults.next(fault, { writes: true })
      if (fault === '401') running.faults.next(fault, { writes: true })
      shown.push(await failure(target.execute(actionOf('notify', 2), contextOf())))
      running.faults.clear()
    }
    expect(shown.filter((error) => isAndonError(error)).length).toBeGreaterThan(5)
    const sent = running.requests.flatMap(({ rawHeaders }) =>
      rawHeaders.flatMap((name, index) => {
        const value = rawHeaders[index + 1] ?? ''
        return /^(authorization|x-plant-key)$/i.test(name) ? [value.split(' ').at(-1) ?? ''] : []
      }),
    )
    const secrets = [...new Set([...forms, ...sent])].filter((secret) => secret !== '')
    const answers = running.requests.map(({ answer = '' }) => answer).join('\n')
    expect(secrets.filter((secret) => answers.includes(secret)).length, kind).toBeGreaterThan(0)
    const text = inspect(shown, { depth: 12, showHidden: true, maxStringLength: null })
    expect(text).toContain('•••')
    expect(secrets.filter((secret) => text.includes(secret))).toEqual([])
  })

  it.each(forms.slice(0, 4))(
    'are not shown as %s, in the code and in the detail of a problem',
    async (form) => {
      const problem = { code: `invalid_${form}`, detail: `who is ${form}?` }
      const url = await answering(422, 'application/problem+json', JSON.stringify(problem))
      const target = mes({ url, auth: { kind: 'api-key', key: planted } })
      open.push(() => target.close())
      const error = await failure(target.execute(actionOf('notify', 1), contextOf()))
      expect(error).toMatchObject({ message: expect.stringContaining('invalid_•••, who is •••?') })
      expect(inspect(error, { depth: 12, showHidden: true })).not.toContain(form)
    },
  )

  it('that are tokens make room for newer ones, and never for the client secret', () => {
    const { keep, redact } = createRedactor()
    keep(planted, 'credential')
    for (let index = 0; index < 1_000; index += 1) keep(`token-${index}`, 'token')
    expect(redact(`${planted} token-0 token-999`)).toBe('••• token-0 •••')
  })
})

describe('a target', () => {
  it('tells the limits of a machine, and what it says no to, in the language asked for', async () => {
    const running = await started({ oauth: client })
    const target = mes({
      ...{ url: running.url, language: 'zh' },
      auth: { kind: 'oauth2', tokenUrl: running.tokenUrl, ...client },
    })
    open.push(() => target.close())
    const change = {
      equipment: 'E-1',
      parameter: 'mould/temperature',
      unit: 'Cel',
      low: 0,
      high: 300,
      max_step: 90,
    }
    const action = actionOf('parameter.adjust', 1, { params: { ...change, to: 260 } })
    const error = await failure(target.execute(action, contextOf()))
    expect(error).toMatchObject({
      ...{ code: 'TARGET_REFUSED', retryable: false },
      message: expect.stringContaining('out_of_limits, 260 超出范围 200…240 Cel'),
    })
    expect(isAndonError(error) ? error.describe('zh') : '').toContain('拒绝执行：out_of_limits，260 超出范围')
    const dwelling = actionOf('parameter.adjust', 1, { id: 'first', params: { ...change, to: 222 } })
    await target.execute(dwelling, contextOf())
    const soon = actionOf('parameter.adjust', 1, { id: 'second', params: { ...change, to: 224 } })
    expect(await failure(target.execute(soon, contextOf()))).toMatchObject({
      code: 'TARGET_REFUSED',
      message: expect.stringContaining('dwell'),
    })
  })

  it('reads a parameter back: a write that was only acknowledged is not confirmed', async () => {
    const running = await started({ oauth: client })
    const target = targetOf(running, 1_000)
    open.push(() => target.close())
    running.deceive(1)
    const receipt = await target.execute(actionOf('parameter.adjust', 1), contextOf())
    expect(receipt.proof).toMatchObject({ value: 220, previousValue: 220, readBack: true, confirmed: false })
  })

  it('says which of its operations an MES does not have', async () => {
    const running = await richMes({
      auth: { bearer: 'token-0815' },
      without: ['adjustParameter', 'holdUnits'],
    })
    open.push(() => running.close())
    const auth = { kind: 'bearer', token: 'token-0815' } as const
    const target = targetFor(running, auth)
    expect(await target.check()).toEqual({ ok: false, detail: 'it has no holdUnits, adjustParameter' })
    const error = await failure(target.execute(actionOf('parameter.adjust', 1), contextOf()))
    expect(error).toMatchObject({ code: 'TARGET_REFUSED' })
    const some = mes({ url: running.url, auth, kinds: ['schedule.prioritise', 'notify'] })
    open.push(() => some.close())
    expect(some.handles).toEqual(['schedule.prioritise', 'notify'])
    expect(await some.check()).toEqual({ ok: true })
    expect(
      isAndonError(await failure(some.execute(actionOf('material.hold', 1), contextOf())), 'TARGET_REFUSED'),
    ).toBe(true)
  })

  it('asks for five hundred states at a time', async () => {
    const running = await started({ oauth: client })
    const target = targetOf(running, 5_000)
    open.push(() => target.close())
    const subjects = Array.from(
      { length: 1_001 },
      (_, index) => ({ kind: 'batch', id: `C-${index % 40}` }) as const,
    )
    const before = running.requestCount
    const seen = await target.observe?.(subjects, contextOf())
    expect(seen).toHaveLength(1_001)
    expect(seen?.every(({ found, fields }) => found && fields.held === false)).toBe(true)
    // A token and three questions.
    expect(running.requestCount - before).toBe(4)
  })

  it.each([
    ['material.hold', { reason: 'nothing named' }, 'params.batch'],
    ['schedule.rework', { reason: 'nothing named' }, 'params.order'],
    ['inspection.request', { reason: 'nothing named' }, 'params.batch'],
    ['parameter.adjust', { equipment: 'E-1' }, 'params.parameter'],
    ['schedule.prioritise', { order: 'O-1', priority: 10 }, 'params.priority'],
  ])('refuses %s whose parameters are not valid before it asks anything', async (kind, params, named) => {
    const running = await started({ oauth: client })
    const target = targetOf(running)
    open.push(() => target.close())
    const before = running.requestCount
    const error = await failure(target.execute(actionOf(kind, 1, { params }), contextOf()))
    expect(error).toMatchObject({ code: 'TARGET_REFUSED', message: expect.stringContaining(named) })
    expect(running.requestCount).toBe(before)
  })
})
