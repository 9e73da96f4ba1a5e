import { inspect } from 'node:util'
import { type SapAuth, s4hana } from '@andon/connector-sap'
import { isAndonError } from '@andon/core/errors'
import { type S4HanaOptions, sampleAction, startS4Hana } from '@andon/testkit'
import { trace } from '@opentelemetry/api'
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest'
import { advanceUntil, runLoop, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'
import { recordingProvider } from '../support/spans.js'

/** Whatever must never be seen has this in it. */
const planted = 'planted-7f3a'
const password = `${planted}-password/+=`
const clientSecret = `${planted}$secret!`
const apiKey = `${planted}-key`

const { provider, ended } = recordingProvider()
beforeAll(() => {
  trace.setGlobalTracerProvider(provider)
})
afterAll(() => trace.disable())

interface Logon {
  readonly simulator: S4HanaOptions
  readonly auth: (tokenUrl: string) => SapAuth
}

const logons: Readonly<Record<string, Logon>> = {
  'a password': {
    simulator: { basic: { user: 'ANDON', password } },
    auth: () => ({ kind: 'basic', username: 'ANDON', password: () => password }),
  },
  'client credentials': {
    simulator: { oauth: { clientId: 'sb-andon!b1', clientSecret } },
    auth: (tokenUrl) => ({ kind: 'oauth2', tokenUrl, clientId: 'sb-andon!b1', clientSecret }),
  },
  'an API key': { simulator: { apiKey }, auth: () => ({ kind: 'api-key', key: apiKey }) },
}

const rules = `CREATE RULE grave AS
SELECT component_batches.compressor AS batch FROM feedbacks WHERE severity_score > 9
THEN material.hold (batch = batch, reason = 'grave report') ON sap;`

/** The secrets in every form in which they may go over the wire, tokens and sessions of the system with them. */
function secretsOf(
  requests: readonly { readonly rawHeaders: readonly string[]; readonly answer?: string }[],
): readonly string[] {
  const own = [password, clientSecret, apiKey].flatMap((secret) => [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ s: secret }).toString().slice(2),
    Buffer.from(secret).toString('base64'),
    Buffer.from(`ANDON:${secret}`).toString('base64'),
  ])
  const sent = requests.flatMap(({ rawHeaders }) =>
    rawHeaders.flatMap((value, index) => {
      const name = rawHeaders[index - 1]?.toLowerCase()
      if (index % 2 === 0 || name === undefined) return []
      if (name === 'authorization') return [value.split(' ')[1] ?? '']
      if (name === 'x-csrf-token') return [value]
      return name === 'cookie' ? value.split('; ').map((pair) => pair.slice(pair.indexOf('=') + 1)) : []
    }),
  )
  return [...own, ...sent].filter((secret) => secret.length >= 8)
}

it.each(Object.entries(logons))(
  'with %s no secret is in logs, errors, receipts, the audit log or spans',
  async (_, { simulator, auth }) => {
    const sap = await startS4Hana({ batches: [{ material: 'COMPRESSOR', batch: 'C-1' }], ...simulator })
    onTestFinished(() => sap.close())
    const target = s4hana({
      ...{
        name: 'sap',
        url: sap.url,
        auth: auth(sap.tokenUrl),
        client: '100',
        plant: '1010',
        timeoutMs: 30_000,
      },
    })
    const logged: unknown[] = []
    const log = (...line: readonly unknown[]): void => {
      logged.push(line)
    }
    const loop = await runLoop({
      rules,
      targets: { sap: target },
      logger: { debug: log, info: log, warn: log, error: log },
    })
    // A bad day: every sort of failure before it works.
    const writes = { writes: true }
    for (const fault of ['500', 'cut-before', 'html-instead-of-json', 'cut-after'] as const) {
      sap.faults.next(fault, writes)
    }
    await loop.andon.ingest(webPayload({ id: 'm-1', at: start, severity: 9.5 }))
    await advanceUntil(
      loop,
      async () => (await loop.andon.actions.list({ status: ['succeeded', 'dead'] })).length > 0,
    )
    const actions = await loop.andon.actions.list()
    expect(actions).toMatchObject([{ status: 'succeeded' }])

    const errors: unknown[] = []
    const context = {
      attempt: 1,
      signal: new AbortController().signal,
      clock: loop.clock,
      logger: { debug: log, info: log, warn: log, error: log },
    }
    for (const fault of [
      '401',
      '401',
      '403',
      '404',
      '409',
      '429',
      '500',
      'cut-before',
      'truncated',
      'half-json',
      'wrong-content-type',
    ] as const) {
      sap.faults.next(fault)
      const action = sampleAction(1, { id: `a-${errors.length}` })
      await target.execute(action, context).catch((error: unknown) => errors.push(error))
    }
    expect(errors.length).toBeGreaterThan(8)
    expect(errors.every((error) => isAndonError(error))).toBe(true)

    const audit: unknown[] = []
    for await (const line of loop.andon.audit.export('default')) audit.push(line)
    const shown = inspect(
      [
        logged,
        errors,
        errors.map((error) =>
          isAndonError(error) ? [error.message, error.describe('zh'), error.stack, error.details] : [],
        ),
        actions,
        audit,
        ended,
        await target.check(),
      ],
      {
        depth: 20,
        showHidden: true,
        maxStringLength: null,
        maxArrayLength: null,
      },
    )
    const secrets = secretsOf(sap.requests)
    expect(secrets.length).toBeGreaterThan(10)
    expect(audit.length).toBeGreaterThan(0)
    expect(ended.length).toBeGreaterThan(0)
    expect(secrets.filter((secret) => shown.includes(secret))).toEqual([])
    expect(shown).not.toContain(planted)
  },
)
