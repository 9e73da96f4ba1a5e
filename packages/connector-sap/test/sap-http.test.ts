import assert from 'node:assert/strict'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { inspect } from 'node:util'
import { type AndonError, isAndonError } from '@andon/core/errors'
import { virtualClock } from '@andon/testkit'
import { afterEach, describe, it } from 'vitest'
import type { SapAuth } from '../src/http/auth.js'
import { type SapHttp, type SapHttpOptions, sapHttp } from '../src/http/sap-http.js'
import { actionOf, context, type Given, given } from './support/s4-given.js'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

type Handler = (request: IncomingMessage, response: ServerResponse) => void

/** A server that answers as it is told, and a client of it. */
async function serving(
  handler: Handler,
  more: Partial<SapHttpOptions> = {},
): Promise<SapHttp & { readonly url: string }> {
  const server = createServer((request, response) => {
    request.resume()
    handler(request, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  const http = sapHttp({
    ...{
      name: 'sap',
      url,
      auth: { kind: 'certificate' },
      timeoutMs: 5_000,
      maxBytes: 10_000,
      connections: 4,
    },
    ...more,
  })
  closers.push(() => {
    http.close()
    server.close()
    server.closeAllConnections()
  })
  return { ...http, url }
}

const json = (response: ServerResponse, body: unknown, status = 200): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

async function failure(work: Promise<unknown>): Promise<AndonError> {
  try {
    await work
  } catch (error) {
    assert.ok(isAndonError(error), `not an AndonError: ${String(error)}`)
    return error
  }
  return assert.fail('it did not fail')
}

const get = { method: 'GET', path: '/x' } as const

describe('what is not an answer', () => {
  const html = '<html><body>Sign on</body></html>'
  it.each([
    ['HTML with 200', 200, 'text/html', html],
    ['HTML with 404', 404, 'text/html', html],
    ['JSON with another type', 200, 'text/plain', '{}'],
    ['no type at all', 200, undefined, '{}'],
    ['half of JSON', 200, 'application/json', '{"d":'],
    ['nothing', 200, 'application/json', ''],
  ] as const)('%s is TARGET_UNAVAILABLE and never an empty result', async (_, status, type, text) => {
    const http = await serving((_request, response) => {
      response.writeHead(status, type === undefined ? {} : { 'content-type': type }).end(text)
    })
    const error = await failure(http.send(get, context()))
    assert.deepEqual([error.code, error.retryable], ['TARGET_UNAVAILABLE', true])
  })

  it('a redirect is not followed: a sign-on page is no answer', async () => {
    let asked = 0
    const http = await serving((_request, response) => {
      asked += 1
      response.writeHead(302, { location: '/saml/login' }).end()
    })
    assert.match((await failure(http.send(get, context()))).message, /elsewhere/)
    assert.equal(asked, 1)
  })

  it('more bytes than maxBytes are not read', async () => {
    const http = await serving((_request, response) => json(response, { d: 'x'.repeat(20_000) }))
    assert.equal((await failure(http.send(get, context()))).code, 'TARGET_UNAVAILABLE')
  })

  it('a request of more bytes than maxBytes is refused before it is sent', async () => {
    let asked = 0
    const http = await serving((_request, response) => {
      asked += 1
      json(response, {})
    })
    const error = await failure(
      http.send({ method: 'POST', path: '/x', body: { text: 'x'.repeat(10_000) } }, context()),
    )
    assert.deepEqual([error.code, asked], ['TARGET_REFUSED', 0])
  })
})

describe('an answer', () => {
  it('with an error status is the caller’s to judge, but for 401, 429 and 5xx', async () => {
    const http = await serving((request, response) =>
      json(response, { error: { code: 'X', message: 'm' } }, Number(request.url?.slice(1))),
    )
    for (const status of [400, 403, 404, 409, 412, 428]) {
      assert.equal((await http.send({ method: 'GET', path: `/${status}` }, context())).status, status)
    }
    for (const status of [401, 429, 500, 503])
      await failure(http.send({ method: 'GET', path: `/${status}` }, context()))
  })

  it('comes to a call with the trace that it goes on', async () => {
    const seen: (string | undefined)[] = []
    const http = await serving((request, response) => {
      seen.push(request.headers.traceparent?.toString())
      json(response, {})
    })
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    await http.send(get, context(1, { traceparent }))
    assert.deepEqual(seen, [traceparent])
  })
})

describe('the end of patience', () => {
  it('is counted on the clock of the call', async () => {
    const clock = virtualClock()
    let asked = 0
    const http = await serving(() => {
      asked += 1
    })
    const error = failure(http.send(get, context(1, { clock })))
    while (asked === 0) await new Promise(setImmediate)
    await clock.advance(5_000)
    assert.deepEqual([(await error).code, (await error).details.milliseconds], ['TARGET_TIMEOUT', 5_000])
    assert.equal(clock.pending(), 0, 'a timer is left')
  })

  it('before anything was sent says so', async () => {
    const http = await serving((_request, response) => json(response, {}))
    const error = await failure(http.send(get, context(1, { signal: AbortSignal.abort() })))
    assert.match(error.message, /before anything was sent/)
  })

  it('comes with close(), for what waits and for what comes later', async () => {
    let asked = 0
    const http = await serving(() => {
      asked += 1
    })
    const waiting = failure(http.send(get, context()))
    while (asked === 0) await new Promise(setImmediate)
    http.close()
    assert.equal((await waiting).code, 'TARGET_UNAVAILABLE')
    assert.match((await failure(http.send(get, context()))).message, /closed/)
  })
})

describe('a password', () => {
  const counting = async (auth: SapAuth, accepted: string) => {
    const seen: string[] = []
    const http = await serving(
      (request, response) => {
        const pair = Buffer.from(request.headers.authorization?.slice(6) ?? '', 'base64').toString()
        seen.push(pair)
        json(response, {}, pair === accepted ? 200 : 401)
      },
      { auth },
    )
    return { http, seen }
  }

  it('that is not accepted is not tried twice: SAP locks a user after some', async () => {
    const { http, seen } = await counting({ kind: 'basic', username: 'U', password: 'wrong' }, 'U:right')
    assert.equal((await failure(http.send(get, context()))).code, 'TARGET_REFUSED')
    assert.deepEqual(seen, ['U:wrong'])
  })

  it('that is not accepted any more is tried once more, without the session, and then once for each action', async () => {
    const all = await given()
    closers.push(all.close)
    await all.target.execute(actionOf('material.hold', 1), context())
    const tries = async (index: number): Promise<number> => {
      const before = all.sap.requestCount
      const error = await failure(all.target.execute(actionOf('material.hold', index), context()))
      assert.deepEqual([error.code, error.details.status], ['TARGET_REFUSED', 401])
      return all.sap.requestCount - before
    }
    all.sap.faults.set({ rates: { '401': 1 } })
    assert.equal(await tries(2), 2)
    assert.deepEqual([await tries(3), await tries(4)], [1, 1])
    all.sap.faults.clear()
    await all.target.execute(actionOf('material.hold', 2), context())
  })

  it('of a function is asked for once, and anew when it is turned away', async () => {
    const passwords = ['old', 'new']
    let asked = 0
    const password = (): string => passwords[asked++] ?? 'new'
    const { http, seen } = await counting({ kind: 'basic', username: 'U', password }, 'U:new')
    await http.send(get, context())
    await http.send(get, context())
    assert.deepEqual(seen, ['U:old', 'U:new', 'U:new'])
  })

  it('that cannot be had is TARGET_UNAVAILABLE, and what its vault says stays there', async () => {
    const password = (): never => {
      throw new Error('vault token hvs.planted-vault-token')
    }
    const { http, seen } = await counting({ kind: 'basic', username: 'U', password }, '')
    const error = await failure(http.send(get, context()))
    assert.equal(error.code, 'TARGET_UNAVAILABLE')
    assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes('planted-vault-token'))
    assert.deepEqual(seen, [])
  })
})

describe('an access token', () => {
  const oauth = { clientId: 'sb-andon!b1|dmc', clientSecret: 'planted$secret=' }
  const start = async (): Promise<Given & { readonly clock: ReturnType<typeof virtualClock> }> => {
    const clock = virtualClock('2026-03-01T08:00:00Z')
    const all = await given(
      { timeoutMs: 300 },
      { clock, basic: undefined, oauth: { ...oauth, expiresInSeconds: 600 } },
    )
    closers.push(all.close)
    return { ...all, clock }
  }
  const auth = ({ sap }: Given): SapAuth => ({ kind: 'oauth2', tokenUrl: sap.tokenUrl, ...oauth })
  const tokens = ({ sap }: Given): number =>
    sap.requests.filter(({ target }) => target === '/oauth/token').length

  it('is fetched once for all calls that wait for it, and replaced before it ends', async () => {
    const all = await start()
    const target = all.another({ auth: auth(all) })
    const look = () => target.observe([{ kind: 'batch', id: 'C-1' }], context(1, { clock: all.clock }))
    await Promise.all([look(), look(), look()])
    assert.equal(tokens(all), 1)
    await all.clock.advance(500_000)
    await look()
    assert.equal(tokens(all), 1, 'it is good for 540 s')
    await all.clock.advance(50_000)
    await look()
    assert.equal(tokens(all), 2)
    assert.ok(!all.sap.requests.some(({ outcome }) => outcome === 401), 'an old token was used')
  })

  it('that the system takes back is fetched anew once, and the write is made once', async () => {
    const all = await start()
    const target = all.another({ auth: auth(all) })
    const action = actionOf('quality.notification', 1)
    all.sap.faults.next('token-expired', { method: 'POST', path: '/QualityNotification' })
    await target.execute(action, context(1, { clock: all.clock }))
    assert.equal(all.sap.state().notifications.length, 1)
    assert.equal(tokens(all), 2)
  })

  it('is refused with the words of the token server when the client is not accepted', async () => {
    const all = await start()
    const target = all.another({ auth: { ...auth(all), clientSecret: 'planted-wrong' } as SapAuth })
    const error = await failure(target.observe([{ kind: 'batch', id: 'C-1' }], context()))
    assert.deepEqual([error.code, error.details.sapCode], ['TARGET_REFUSED', 'invalid_client'])
    assert.ok(!inspect(error, { depth: 9, showHidden: true }).includes('planted'))
  })

  it('is not lost for others when one of them gives up', async () => {
    const all = await start()
    const target = all.another({ auth: auth(all) })
    all.sap.faults.set({ slowMs: 200 })
    all.sap.faults.next('slow', { path: '/oauth/token' })
    const stopper = new AbortController()
    const look = (signal: AbortSignal) =>
      target.observe([{ kind: 'batch', id: 'C-1' }], context(1, { clock: all.clock, signal }))
    const impatient = failure(look(stopper.signal))
    const patient = look(new AbortController().signal)
    while (tokens(all) === 0) await new Promise(setImmediate)
    stopper.abort()
    assert.equal((await impatient).code, 'TARGET_TIMEOUT')
    await all.clock.advance(100)
    all.sap.faults.clear()
    await all.clock.advance(100)
    assert.equal((await patient).length, 1)
  })
})

describe('a CSRF token', () => {
  const hold = (target: Given['target'], index: number) =>
    target.execute(actionOf('material.hold', index), context())

  it('comes with the look-up, and serves all writes of its service', async () => {
    const all = await given()
    closers.push(all.close)
    for (const index of [1, 2, 3]) await hold(all.target, index)
    assert.equal(all.sap.tokensFetched, 2, 'one for notifications, one for batches')
    assert.ok(!all.sap.requests.some(({ method }) => method === 'HEAD'))
  })

  it('is fetched once by many writers at the same time', async () => {
    const all = await given()
    closers.push(all.close)
    await Promise.all([1, 2, 3, 4, 5].map((index) => hold(all.target, index)))
    assert.ok(all.sap.tokensFetched <= 4, `${all.sap.tokensFetched} tokens`)
  })

  it('that is not accepted twice in a row is no refusal of the write', async () => {
    const all = await given()
    closers.push(all.close)
    const writes = { method: 'POST', path: '/QualityNotification' }
    all.sap.faults.next('csrf-expired', writes)
    all.sap.faults.next('csrf-expired', writes)
    const error = await failure(hold(all.target, 1))
    assert.deepEqual([error.code, error.retryable], ['TARGET_UNAVAILABLE', true])
    await hold(all.target, 1)
  })

  it('and its session stay where only the access token has to be replaced', async () => {
    const all = await given({}, { basic: undefined, oauth: { clientId: 'c', clientSecret: 'a-secret' } })
    closers.push(all.close)
    const target = all.another({
      auth: { kind: 'oauth2', tokenUrl: all.sap.tokenUrl, clientId: 'c', clientSecret: 'a-secret' },
    })
    all.sap.faults.next('token-expired', { method: 'POST', path: '/QualityNotification' })
    await hold(target, 1)
    assert.equal(all.sap.tokensFetched, 2, 'another CSRF token was fetched')
  })

  it('is fetched for each write where it is not kept', async () => {
    const all = await given({ csrfCache: false })
    closers.push(all.close)
    for (const index of [1, 2, 3]) await hold(all.target, index)
    assert.equal(all.sap.tokensFetched, 6)
  })
})
