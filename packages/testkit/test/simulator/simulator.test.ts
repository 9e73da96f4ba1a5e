import { afterEach, describe, expect, it } from 'vitest'
import { jsonAnswer } from '../../src/simulator/exchange.js'
import { faultKinds, type SimulatorFault } from '../../src/simulator/fault-kinds.js'
import { oauthSchema, oauthServer } from '../../src/simulator/oauth.js'
import type { SimulatedSystem } from '../../src/simulator/simulated-system.js'
import {
  type Simulator,
  type SimulatorOptions,
  simulatorSchema,
  startSimulator,
} from '../../src/simulator/start-simulator.js'
import { virtualClock } from '../../src/virtual-clock.js'

let opened: Simulator | undefined
afterEach(() => opened?.close())

/** A counter: POST adds one, GET shows it. */
async function counter(options: SimulatorOptions = {}, more: Partial<SimulatedSystem> = {}) {
  const state = { count: 0 }
  const simulator = await startSimulator(
    {
      handle({ method }) {
        if (method === 'POST') state.count += 1
        return jsonAnswer(200, { count: state.count })
      },
      problem: (status) => jsonAnswer(status, { problem: status }),
      ...more,
    },
    simulatorSchema.parse(options),
  )
  opened = simulator
  const ask = (method: string, path = '/count', waitMs = 200) =>
    fetch(`${simulator.url}${path}`, { method, signal: AbortSignal.timeout(waitMs) })
  return { state, simulator, ask }
}

/** What a caller sees of each fault, and how often the work was done. */
const seen: Partial<Record<SimulatorFault, { readonly sees: string; readonly done: number }>> = {
  '401': { sees: '401 {"problem":401}', done: 0 },
  '409': { sees: '409 {"problem":409}', done: 0 },
  '428': { sees: '428 {"problem":428}', done: 0 },
  '429': { sees: '429 {"problem":429}', done: 0 },
  '500': { sees: '500 {"problem":500}', done: 0 },
  'timeout-before-work': { sees: 'TimeoutError', done: 0 },
  'timeout-after-work': { sees: 'TimeoutError', done: 1 },
  'cut-before': { sees: 'TypeError', done: 0 },
  'cut-after': { sees: 'TypeError', done: 1 },
  'error-after-work': { sees: '504 <!DOCTYPE html>', done: 1 },
  'html-instead-of-json': { sees: '200 <!DOCTYPE html>', done: 0 },
  'wrong-content-type': { sees: '200 {"count":1}', done: 1 },
  truncated: { sees: 'TypeError', done: 1 },
  'half-json': { sees: '200 {"cou', done: 1 },
  slow: { sees: '200 {"count":1}', done: 1 },
}

describe('a simulator', () => {
  it.each(Object.entries(seen))('meets %s once, and is well again', async (fault, { sees, done }) => {
    const { simulator, ask, state } = await counter({ faults: { slowMs: 5 } })
    const kind = faultKinds.find((one) => one === fault) ?? expect.fail()
    simulator.faults.next(kind)
    const answer = await ask('POST')
      .then(async (response) => `${response.status} ${await response.text()}`)
      .catch((error: unknown) => (error instanceof Error ? error.name : 'nothing'))
    expect(answer.slice(0, sees.length)).toBe(sees)
    expect(state.count).toBe(done)
    expect(simulator.requests.map((request) => request.fault)).toEqual([fault])
    expect((await ask('POST')).status).toBe(200)
  })

  it('with echo repeats the credentials of what it refuses, and of nothing else', async () => {
    const problem = (status: number) => jsonAnswer(status, { code: 'X', message: 'No', details: [] })
    const { simulator } = await counter({ echo: true }, { problem })
    const pair = Buffer.from('ANDON:pass+word').toString('base64')
    const ask = async (body?: URLSearchParams) => {
      const headers = { authorization: `Basic ${pair}`, cookie: 'session=s-4711', accept: '*/*' }
      const response = await fetch(simulator.url, { method: 'POST', headers, ...(body && { body }) })
      return response.text()
    }
    expect(await ask()).toBe('{"count":1}')
    simulator.faults.next('403')
    expect(JSON.parse(await ask())).toMatchObject({
      ...{ code: 'X', details: [] },
      message: expect.stringMatching(/^No \(.*Basic .*s-4711.*ANDON:pass\+word/),
    })
    simulator.faults.next('html-instead-of-json')
    expect(await ask()).toMatch(/^[^\n]*ANDON:pass\+word[^\n]*\n<!DOCTYPE/)
    simulator.faults.next('500')
    expect(await ask(new URLSearchParams({ client_secret: 'a+b c' }))).toMatch(/a%2Bb\+c \| a\+b c/)
  })

  it('lets a fault wait for the request it is meant for', async () => {
    const { simulator, ask } = await counter()
    simulator.faults.next('500', { method: 'POST', path: "Batch('A 1')?x=1" })
    simulator.faults.next('409', { writes: false })
    expect((await ask('POST')).status).toBe(200)
    expect((await ask('GET')).status).toBe(409)
    expect(simulator.faults.waiting).toBe(1)
    expect((await ask('POST', "/Batch('A%201')?x=1")).status).toBe(500)
    expect(simulator.faults.waiting).toBe(0)
  })

  it('asks the system for what only the system can make, and waits where the request is none for it', async () => {
    const made: string[] = []
    const { simulator, ask } = await counter(
      {},
      {
        upset: (fault, { path }) => {
          if (path !== '/entity') return false
          made.push(fault)
          return true
        },
      },
    )
    simulator.faults.next('etag-stale')
    await ask('POST')
    expect(made).toEqual([])
    await ask('POST', '/entity')
    expect(made).toEqual(['etag-stale'])
  })

  it('repeats its faults from the same seed', async () => {
    const run = async (): Promise<readonly (string | undefined)[]> => {
      const { simulator, ask } = await counter({ seed: 7, faults: { rates: { '500': 0.3, '409': 0.3 } } })
      for (let i = 0; i < 12; i++) await ask('POST')
      const faults = simulator.requests.map(({ fault }) => fault)
      await simulator.close()
      return faults
    }
    const first = await run()
    expect(new Set(first)).toEqual(new Set([undefined, '500', '409']))
    expect(await run()).toEqual(first)
  })

  it('counts requests in a second of its own clock, and says when to come back', async () => {
    const clock = virtualClock()
    const { ask } = await counter({ clock, faults: { requestsPerSecond: 1 } })
    expect((await ask('GET')).status).toBe(200)
    const refused = await ask('GET')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
    await clock.advance(1000)
    expect((await ask('GET')).status).toBe(200)
  })

  it('is gone while it is down, and does nothing', async () => {
    const { simulator, ask, state } = await counter()
    simulator.faults.set({ down: true })
    await expect(ask('POST')).rejects.toThrow()
    simulator.faults.clear()
    expect(state.count).toBe(0)
    expect((await ask('POST')).status).toBe(200)
  })

  it('remembers the latest requests byte for byte, and counts all', async () => {
    const { simulator, ask } = await counter({ requestLog: 2 })
    for (const path of ['/a', '/b?$filter=x', '/c']) await ask('GET', path)
    expect(simulator.requests.map(({ target, outcome, answer }) => [target, outcome, answer])).toEqual([
      ['/b?$filter=x', 200, '{"count":0}'],
      ['/c', 200, '{"count":0}'],
    ])
    expect(simulator.requestCount).toBe(3)
  })

  it('names the fault option that is wrong', async () => {
    const { simulator } = await counter()
    expect(() => simulator.faults.set({ rates: { '500': 2 } })).toThrow(
      expect.objectContaining({
        code: 'OPTIONS_INVALID',
        details: expect.objectContaining({ option: 'rates.500' }),
      }),
    )
  })
})

describe('the token server', () => {
  const form = 'grant_type=client_credentials&client_id=andon&client_secret=s3cret'
  const given = async () => {
    const clock = virtualClock()
    const oauth = oauthServer(
      oauthSchema.parse({ clientId: 'andon', clientSecret: 's3cret', expiresInSeconds: 60 }),
    )
    const { simulator } = await counter(
      { clock },
      {
        handle: (request) =>
          request.path === '/oauth/token'
            ? oauth.token(request)
            : jsonAnswer(oauth.admits(request) ? 200 : 401, {}),
        upset: (_fault, request) => oauth.expireAll(request),
      },
    )
    const token = async (body: string, headers: Record<string, string> = {}) => {
      const type = { 'content-type': 'application/x-www-form-urlencoded' }
      return fetch(`${simulator.url}/oauth/token`, { method: 'POST', body, headers: { ...type, ...headers } })
    }
    const bearer = async (): Promise<string> => {
      const answer: unknown = await (await token(form)).json()
      expect(answer).toMatchObject({ token_type: 'bearer', expires_in: 60 })
      return String(Object(answer).access_token)
    }
    const use = async (value: string): Promise<number> =>
      (await fetch(simulator.url, { headers: { authorization: `Bearer ${value}` } })).status
    return { clock, simulator, token, bearer, use }
  }

  it('gives tokens that end by the clock', async () => {
    const { clock, bearer, use } = await given()
    const value = await bearer()
    expect(await use(value)).toBe(200)
    await clock.advance(59_999)
    expect(await use(value)).toBe(200)
    await clock.advance(1)
    expect(await use(value)).toBe(401)
    expect(await use(await bearer())).toBe(200)
  })

  it('can end all tokens at once, at a request that carries one', async () => {
    const { simulator, bearer, use } = await given()
    const value = await bearer()
    simulator.faults.next('token-expired')
    expect(await use('none')).toBe(401)
    expect(simulator.faults.waiting).toBe(1)
    expect(await use(value)).toBe(401)
    expect(simulator.faults.waiting).toBe(0)
    expect(await use(await bearer())).toBe(200)
  })

  it('refuses a wrong secret, another grant and another content type', async () => {
    const { token } = await given()
    expect((await token(form.replace('s3cret', 'guess'))).status).toBe(401)
    expect((await token(form.replace('client_credentials', 'password'))).status).toBe(400)
    expect((await token(form, { 'content-type': 'application/json' })).status).toBe(415)
    const authorization = `Basic ${Buffer.from('andon:s3cret').toString('base64')}`
    expect((await token('grant_type=client_credentials', { authorization })).status).toBe(200)
  })
})
