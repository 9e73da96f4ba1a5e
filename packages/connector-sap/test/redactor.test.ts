import assert from 'node:assert/strict'
import { createServer, type RequestListener } from 'node:http'
import { inspect } from 'node:util'
import { afterEach, describe, it } from 'vitest'
import type { SapAuth } from '../src/http/auth.js'
import { csrfSession } from '../src/http/csrf.js'
import { createRedactor } from '../src/http/redactor.js'
import { sapHttp } from '../src/http/sap-http.js'
import { actionOf, context, type Given, given } from './support/s4-given.js'

const closers: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0)) await close()
})

describe('a secret', () => {
  const password = 'päss "+/=word'
  it.each([
    ['as it is', password],
    ['percent-encoded', encodeURIComponent(password)],
    ['as a form has it', new URLSearchParams({ s: password }).toString().slice(2)],
    ['as JSON has it', JSON.stringify({ password })],
    ['in base64', Buffer.from(password).toString('base64')],
  ])('is not shown %s', (_, text) => {
    const { keep, redact } = createRedactor()
    keep(password, 'credential')
    assert.match(redact(`it said: ${text}!`), /^it said: (\{"password":")?\[secret\]("\})?!$/)
  })

  it('goes wholly also where a shorter one is its beginning', () => {
    const { keep, redact } = createRedactor()
    keep('token', 'credential')
    keep('token-4711', 'session')
    assert.equal(redact('token-4711 token'), '[secret] [secret]')
  })

  it.each(['credential', 'token'] as const)('that is a %s outlives any number of sessions', (use) => {
    const { keep, redact } = createRedactor()
    keep('planted-password', use)
    for (let index = 0; index < 1_000; index += 1) keep(`session-${index}`, 'session')
    assert.equal(redact('planted-password session-999'), '[secret] [secret]')
  })

  it('of a session makes room for newer ones: no process remembers all that it has seen', () => {
    const { keep, redact } = createRedactor()
    for (let index = 0; index < 1_000; index += 1) keep(`session-${index}`, 'session')
    assert.equal(redact('session-0 session-900'), 'session-0 [secret]')
  })
})

describe('a system that repeats what it was sent', () => {
  const planted = 'planted-7f3a+/='
  const logons: Readonly<Record<string, Parameters<typeof given>[1] & object>> = {
    'the password': { basic: { user: 'ANDON', password: planted } },
    'the key': { basic: undefined, apiKey: planted },
    'the client secret and its token': {
      basic: undefined,
      oauth: { clientId: 'sb-andon!b1', clientSecret: planted },
    },
  }
  const authOf = (name: string, { sap }: Given): SapAuth => {
    if (name === 'the password') return { kind: 'basic', username: 'ANDON', password: planted }
    if (name === 'the key') return { kind: 'api-key', key: planted }
    const { tokenUrl } = sap
    return { kind: 'oauth2', tokenUrl, clientId: 'sb-andon!b1', clientSecret: planted }
  }

  it.each(Object.entries(logons))('does not show %s after more than 70 sessions', async (name, logon) => {
    const all = await given({}, { ...logon, echo: true })
    closers.push(all.close)
    const target = all.another({ auth: authOf(name, all), csrfCache: false })
    for (let index = 0; index < 38; index += 1) {
      await target.execute(actionOf('quality.notification', index % 20, { id: `n-${index}` }), context())
      await target.execute(actionOf('material.hold', index % 20, { id: `h-${index}` }), context())
    }
    assert.ok(all.sap.tokensFetched > 70, `${all.sap.tokensFetched} sessions`)
    all.sap.faults.next('500', { method: 'POST' })
    const action = actionOf('quality.notification', 1, { id: 'the last' })
    const error: unknown = await target.execute(action, context()).catch((thrown: unknown) => thrown)
    const [refusal] = all.sap.requests.filter(({ fault }) => fault === '500')
    const value = (header: string): string =>
      refusal?.rawHeaders[refusal.rawHeaders.findIndex((one) => one.toLowerCase() === header) + 1] ?? ''
    const credential = value(name === 'the key' ? 'apikey' : 'authorization').replace(/^\w+ /, '')
    assert.ok(refusal?.answer?.includes(credential), 'it did not repeat it')
    const shown = inspect(error, { depth: 9, showHidden: true, maxStringLength: null })
    assert.match(shown, /HTTP 500.*\[secret\]/)
    for (const secret of [planted, credential, Buffer.from(planted).toString('base64')]) {
      assert.ok(!shown.includes(secret), 'a secret is shown')
    }
  })

  /** A server that answers as it is told, and a client of it. */
  async function serving(handler: RequestListener) {
    const server = createServer(handler)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const http = sapHttp({
      ...{ name: 'sap', url: `http://127.0.0.1:${port}`, timeoutMs: 5_000, maxBytes: 10_000, connections: 1 },
      auth: { kind: 'basic', username: 'U', password: planted },
    })
    closers.push(() => {
      http.close()
      server.close()
      server.closeAllConnections()
    })
    return http
  }

  it('does not show half of it where the text is cut', async () => {
    const http = await serving((_request, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end(`${'x'.repeat(290)}${planted}`)
    })
    const call = http.send({ method: 'GET', path: '/' }, context())
    const error: unknown = await call.catch((thrown: unknown) => thrown)
    const shown = inspect(error, { depth: 9, showHidden: true, maxStringLength: null })
    assert.match(shown, /x{290}\[secret\]/)
    assert.ok(!shown.includes(planted.slice(0, 7)), 'half of it is shown')
  })

  it('does not show a session that lasts while a hundred others come and go', async () => {
    let opened = 0
    const http = await serving(({ method, url, headers }, response) => {
      const asks = headers['x-csrf-token'] === 'Fetch'
      if (asks) opened += 1
      response.writeHead(url === '/lasting/broken' ? 500 : 200, {
        'content-type': 'application/json',
        ...(asks && {
          'x-csrf-token': `token-of-${opened}-`,
          'set-cookie': `s=cookie-of-${opened}-; path=/`,
        }),
      })
      const message = `${headers.cookie} ${headers['x-csrf-token']}`
      response.end(method === 'HEAD' ? '' : JSON.stringify({ error: { code: 'X', message } }))
    })
    const sessionOf = (name: string, cache: boolean) =>
      csrfSession(http, { name: 'sap', root: `/${name}`, tokenPath: `/${name}`, cache })
    const [lasting, passing] = [sessionOf('lasting', true), sessionOf('passing', false)]
    const write = (path: string) => ({ method: 'POST', path, body: {} }) as const
    for (let index = 0; index < 120; index += 1) {
      await lasting(write('/lasting/fine'), context())
      await passing(write('/passing/fine'), context())
    }
    assert.equal(opened, 121)
    const call = lasting(write('/lasting/broken'), context())
    const error: unknown = await call.catch((thrown: unknown) => thrown)
    const shown = inspect(error, { depth: 9, showHidden: true, maxStringLength: null })
    assert.match(shown, /s=\[secret\] \[secret\]/)
    assert.ok(!/(token|cookie)-of-1-/.test(shown), 'the session is shown')
  })

  it('does not show what a token server repeats of the client secret', async () => {
    const all = await given(
      {},
      { basic: undefined, oauth: { clientId: 'c', clientSecret: 'right' }, echo: true },
    )
    closers.push(all.close)
    const { tokenUrl } = all.sap
    const auth = { kind: 'oauth2', tokenUrl, clientId: 'c', clientSecret: planted } as const
    const look = all.another({ auth }).observe([{ kind: 'batch', id: 'C-1' }], context())
    const error: unknown = await look.catch((thrown: unknown) => thrown)
    const shown = inspect(error, { depth: 9, showHidden: true, maxStringLength: null })
    assert.match(shown, /invalid_client.*\[secret\]/)
    assert.ok(!shown.includes(planted) && !shown.includes(encodeURIComponent(planted)))
  })
})
