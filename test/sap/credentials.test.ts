import { inspect } from 'node:util'
import { digitalManufacturing, type SapAuth, s4hana, sapNotifications } from '@andon/connector-sap'
import type { Logger, Target } from '@andon/core/connector'
import { isAndonError } from '@andon/core/errors'
import {
  type S4HanaOptions,
  type Simulator,
  sampleAction,
  startDigitalManufacturing,
  startS4Hana,
} from '@andon/testkit'
import { trace } from '@opentelemetry/api'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
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

const client = { clientId: 'sb-andon!b1|dmc', clientSecret }

const rules = `CREATE RULE grave AS
SELECT component_batches.compressor AS batch FROM feedbacks WHERE severity_score > 9
THEN material.hold (batch = batch, component = 'compressor', reason = 'grave report') ON sap;`

interface System {
  readonly system: Simulator
  readonly target: Target
}

/** An S/4HANA that repeats whatever it is sent. */
async function s4({ simulator, auth }: Logon): Promise<System & { readonly tokenUrl: string }> {
  const system = await startS4Hana({
    batches: [{ material: 'COMPRESSOR', batch: 'C-1' }],
    echo: true,
    ...simulator,
  })
  const { url, tokenUrl } = system
  const materials = { compressor: 'COMPRESSOR' }
  const options = { name: 'sap', url, client: '100', plant: '1010', materials, timeoutMs: 30_000 }
  return { system, tokenUrl, target: s4hana({ ...options, auth: auth(tokenUrl) }) }
}

/** A Digital Manufacturing that repeats whatever it is sent. */
async function dm(): Promise<System> {
  const system = await startDigitalManufacturing({
    floor: { stocks: [{ inventoryId: 'INV-1', material: 'MAT-COMPRESSOR', batchNumber: 'C-1' }] },
    oauth: client,
    echo: true,
  })
  const { url, tokenUrl, plant } = system
  const target = digitalManufacturing({
    ...{ name: 'sap', url, plant, timeoutMs: 30_000, auth: { kind: 'oauth2', tokenUrl, ...client } },
    ...{
      nonconformance: { code: 'ANDON', wordsFields: [] },
      stock: { materials: { compressor: 'MAT-COMPRESSOR' } },
    },
  })
  return { system, target }
}

const systems: readonly (readonly [string, () => Promise<System>])[] = [
  ...Object.entries(logons).map(([name, logon]) => [`S/4HANA with ${name}`, () => s4(logon)] as const),
  ['Digital Manufacturing', dm],
]

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

/** Keeps whatever is logged. */
function keeping(): { readonly logged: unknown[]; readonly logger: Logger } {
  const logged: unknown[] = []
  const log = (...line: readonly unknown[]): void => void logged.push(line)
  return { logged, logger: { debug: log, info: log, warn: log, error: log } }
}

/** All that people and programs get to see holds no secret, although the system has said them. */
function expectNoSecretIn(seen: readonly unknown[], { requests }: Simulator): void {
  // Hidden members and the whole chain of causes count: loggers print them.
  const options = { depth: 20, showHidden: true, maxStringLength: null, maxArrayLength: null }
  const shown = inspect(seen, options)
  const secrets = secretsOf(requests)
  expect(secrets.length).toBeGreaterThan(10)
  const answers = requests.map(({ answer = '' }) => answer)
  const repeated = answers.filter((answer) => secrets.some((secret) => answer.includes(secret)))
  expect(repeated.length, 'the system repeats no secret').toBeGreaterThan(4)
  expect(shown, 'nothing that was said is shown').toContain('[secret]')
  expect(secrets.filter((secret) => shown.includes(secret))).toEqual([])
  expect(shown).not.toContain(planted)
}

describe.each(systems)('%s: no secret', (_, open) => {
  it('is in logs, errors, receipts, the audit log or spans', async () => {
    const before = ended.length
    const { system, target } = await open()
    onTestFinished(() => system.close())
    const { logged, logger } = keeping()
    const loop = await runLoop({ rules, targets: { sap: target }, logger })
    // A bad day: every sort of failure before it works.
    const writes = { writes: true }
    for (const fault of ['500', 'cut-before', 'html-instead-of-json', 'cut-after'] as const) {
      system.faults.next(fault, writes)
    }
    await loop.andon.ingest(webPayload({ id: 'm-1', at: start, severity: 9.5 }))
    await advanceUntil(
      loop,
      async () => (await loop.andon.actions.list({ status: ['succeeded', 'dead'] })).length > 0,
    )
    const actions = await loop.andon.actions.list()
    expect(actions).toMatchObject([{ status: 'succeeded' }])

    const errors: unknown[] = []
    const signal = new AbortController().signal
    const context = { attempt: 1, signal, clock: loop.clock, logger }
    for (const fault of [
      ...(['401', '401', '403', '404', '409', '429', '500'] as const),
      ...(['cut-before', 'truncated', 'half-json', 'wrong-content-type'] as const),
    ]) {
      system.faults.next(fault)
      const action = sampleAction(1, { id: `a-${errors.length}` })
      await target.execute(action, context).catch((error: unknown) => errors.push(error))
    }
    expect(errors.length).toBeGreaterThan(7)
    expect(errors.every((error) => isAndonError(error))).toBe(true)

    const audit: unknown[] = []
    for await (const line of loop.andon.audit.export('default')) audit.push(line)
    const spans = ended.slice(before)
    expect(Math.min(audit.length, spans.length)).toBeGreaterThan(0)
    const told = errors.map((error) =>
      isAndonError(error) ? [error.message, error.describe('zh'), error.stack, error.details] : [],
    )
    system.faults.next('403')
    const health = [await target.check(), await target.check()]
    expectNoSecretIn([logged, errors, told, actions, audit, spans, health, target], system)
  })
})

it.each(Object.entries(logons))(
  'sapNotifications with %s: no secret is in logs, events, the audit log or spans',
  async (_, logon) => {
    const before = ended.length
    const { system, tokenUrl, target } = await s4(logon)
    onTestFinished(() => system.close())
    onTestFinished(() => target.close?.())
    const complaints = sapNotifications({
      ...{ url: system.url, client: '100', auth: logon.auth(tokenUrl), from: 'oldest', pollMs: 10 },
      defects: true,
    })
    onTestFinished(() => complaints.close())
    const { logged, logger } = keeping()
    const faults = [
      ...(['401', '403', '404', '429', '500', 'cut-before'] as const),
      ...(['html-instead-of-json', 'half-json', 'truncated', 'wrong-content-type'] as const),
    ]
    for (const fault of faults) system.faults.next(fault)
    const loop = await runLoop({ sources: { complaints }, logger })
    for (const event of ['error', 'warning'] as const) loop.andon.on(event, (said) => logged.push(said))
    // Each failure ends a round; the engine begins again after a pause on its clock.
    await expect
      .poll(
        async () => {
          await loop.clock.advance(60_000)
          return system.faults.waiting
        },
        { timeout: 20_000, interval: 5 },
      )
      .toBe(0)
    const audit: unknown[] = []
    for await (const line of loop.andon.audit.export('default')) audit.push(line)
    expect(logged.length).toBeGreaterThan(faults.length / 2)
    system.faults.next('403')
    const health = [await complaints.check(), await complaints.check()]
    expectNoSecretIn([logged, audit, ended.slice(before), health, complaints], system)
  },
)
