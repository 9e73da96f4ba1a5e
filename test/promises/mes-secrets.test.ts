import { inspect } from 'node:util'
import { type MesAuth, mes, mesAlarms } from '@andon/connector-mes'
import { startMes } from '@andon/testkit'
import { trace } from '@opentelemetry/api'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { advanceUntil, runLoop, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'
import { recordingProvider } from '../support/spans.js'

const rules = `
CREATE RULE grave AS SELECT * FROM feedbacks WHERE severity_score > 9
THEN quality.notification (title = 'grave report') ON mes;`

const marker = 'MARKER-0815-geheim'
const clientSecret = `client ${marker}`

const { provider, ended } = recordingProvider()
beforeAll(() => {
  trace.setGlobalTracerProvider(provider)
})
afterAll(() => trace.disable())

/** A marker as it is, and in the forms in which credentials travel. */
const forms = (secret: string): readonly string[] => [
  ...[secret, encodeURIComponent(secret), new URLSearchParams({ secret }).toString().slice('secret='.length)],
  ...[Buffer.from(secret), Buffer.from(`andon:${secret}`)].map((bytes) => bytes.toString('base64')),
]

describe.each<readonly [string, (tokenUrl: string) => MesAuth]>([
  ['bearer', () => ({ kind: 'bearer', token: marker })],
  ['a bearer that is asked for', () => ({ kind: 'bearer', token: async () => marker })],
  ['basic', () => ({ kind: 'basic', username: 'andon', password: marker })],
  ['api-key', () => ({ kind: 'api-key', key: marker })],
  ['oauth2', (tokenUrl) => ({ kind: 'oauth2', tokenUrl, clientId: 'andon', clientSecret })],
  [
    'oauth2 in the body',
    (tokenUrl) => ({ kind: 'oauth2', tokenUrl, clientId: 'andon', clientSecret, clientAuth: 'body' }),
  ],
])('credentials of the kind "%s"', (kind, authOf) => {
  it('are never seen: not in logs, errors, receipts, the audit log or traces, whatever goes wrong', async () => {
    const before = ended.length
    const seen: unknown[] = []
    const note = (...said: unknown[]): void => void seen.push(said)
    const logger = { trace: note, debug: note, info: note, warn: note, error: note }
    const admission =
      kind === 'basic'
        ? { basic: { user: 'andon', password: marker } }
        : kind === 'api-key'
          ? { apiKey: { key: marker } }
          : kind.startsWith('oauth2')
            ? { oauth: { clientId: 'andon', clientSecret } }
            : { bearer: marker }
    const running = await startMes({ auth: admission, echo: true })
    onTestFinished(() => running.close())
    const auth = authOf(running.tokenUrl)
    const target = mes({ url: running.url, auth, timeoutMs: 100 })
    const alarms = mesAlarms({ url: running.url, auth, timeoutMs: 100, waitSeconds: 0 })
    const { andon, clock } = await runLoop({ rules, targets: { mes: target }, sources: { alarms }, logger })
    for (const event of ['error', 'warning', 'action', 'signal'] as const) andon.on(event, note)

    const faults = ['401', '403', '500', 'cut-after', 'html-instead-of-json', 'truncated', '429'] as const
    for (const [index, fault] of faults.entries()) {
      running.faults.next(fault, { method: 'POST' })
      await andon.ingest(webPayload({ id: `m-${index}`, at: start, severity: 9.5 }))
      await andon.settled()
    }
    running.faults.set({ down: true })
    seen.push(await target.check(), await alarms.check())
    running.faults.clear()
    await advanceUntil({ andon, clock }, async () => {
      const open = await andon.actions.list()
      return open.every(({ status }) => ['succeeded', 'dead', 'refused'].includes(status))
    })
    const actions = await andon.actions.list()
    expect(actions.filter(({ status }) => status === 'succeeded').length).toBeGreaterThan(3)
    for await (const line of andon.audit.export('default')) seen.push(line)
    seen.push(actions, ended.slice(before), target, alarms, running.state())
    // Hidden members and the whole chain of causes count: loggers print them.
    const shown = inspect(seen, { depth: 14, showHidden: true, maxStringLength: null, maxArrayLength: null })
    expect(shown.length).toBeGreaterThan(10_000)
    expect(shown).toContain('•••')
    const said = `${shown}\n${JSON.stringify(seen)}`
    for (const secret of [marker, clientSecret]) {
      for (const form of forms(secret)) expect(said).not.toContain(form)
    }
    for (const token of tokensOf(running.requests)) expect(said).not.toContain(token)
  })
})

/** The tokens that were fetched: they are as secret as what they were fetched with. */
const tokensOf = (requests: readonly { readonly answer?: string }[]): readonly string[] =>
  requests.flatMap(({ answer = '' }) => /"access_token":"([^"]+)"/.exec(answer)?.[1] ?? [])
