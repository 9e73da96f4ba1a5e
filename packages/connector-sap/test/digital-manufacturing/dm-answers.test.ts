import { createServer } from 'node:http'
import { inspect } from 'node:util'
import { type Action, type Logger, systemClock } from '@andon/core/connector'
import { isAndonError } from '@andon/core/errors'
import { type DigitalManufacturing, virtualClock } from '@andon/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { reschedule } from '../../src/digital-manufacturing/calls/order.js'
import { digitalManufacturing } from '../../src/digital-manufacturing/digital-manufacturing.js'
import { sapHttp } from '../../src/http/sap-http.js'
import { contextOf, dmAction, kinds, opened, optionsFor, richFloor } from './dm-floor.js'

let close: (() => Promise<void>) | undefined
afterEach(() => close?.())

async function given(...options: Parameters<typeof opened>) {
  const it = await opened(...options)
  close = async () => {
    await it.target.close()
    await it.dm.close()
  }
  return it
}

describe('the tokens', () => {
  it('are replaced before they end, and one does for all calls', async () => {
    const clock = virtualClock()
    const { dm, target } = await given({
      clock,
      oauth: { clientId: 'c', clientSecret: 'secret-4711', expiresInSeconds: 600 },
    })
    const tokens = () => dm.requests.filter(({ target: path }) => path === '/oauth/token').length
    const look = () => target.observe([{ kind: 'order', id: 'O-1' }], contextOf(1, { clock }))
    await Promise.all([look(), look(), look()])
    expect(tokens()).toBe(1)
    await clock.advance(539_000)
    await look()
    expect(tokens()).toBe(1)
    await clock.advance(2_000)
    await look()
    expect(tokens()).toBe(2)
    expect(dm.requests.every(({ outcome }) => outcome === 200)).toBe(true)
  })

  it('may end in the middle of an action', async () => {
    const { dm, target } = await given()
    for (const kind of kinds) {
      dm.faults.next('token-expired', { writes: true })
      const receipt = await target.execute(dmAction(kind, 1), contextOf())
      expect(receipt.proof?.confirmed).toBe(true)
      expect(dm.faults.waiting).toBe(0)
    }
  })
})

describe('what DM knows', () => {
  it('of units: the lots in them, the line and the model', async () => {
    const { target } = await given()
    const { units, batches, unknown, cut } = await target.trace(
      { serials: ['T-1', 'lower-case', 'NOBODY'], batches: ['C-T'], limit: 10 },
      contextOf(),
    )
    expect(units).toEqual([
      {
        ...{ serial: 'T-1', productModel: 'KX-500', batch: 'F-1', line: 'LINE-1', location: 'IN_QUEUE' },
        componentBatches: { compressor: 'C-T' },
      },
      {
        ...{ serial: 'T-2', productModel: 'KX-500', line: 'LINE-1', location: 'IN_QUEUE' },
        componentBatches: { compressor: 'C-T', 'MAT-BOARD': 'M-1' },
      },
    ])
    expect(batches).toEqual([
      { batch: 'C-T', component: 'compressor', quantity: 100, held: false, location: '0001' },
    ])
    expect([unknown, cut]).toEqual([['lower-case', 'NOBODY'], false])
  })

  it('is read page by page', async () => {
    const sfcs = Array.from({ length: 1_100 }, (_, index) => ({
      sfc: `P-${String(index).padStart(4, '0')}`,
      components: [{ component: 'MAT-COMPRESSOR', batchNumber: 'C-P' }],
    }))
    const stocks = [{ inventoryId: 'INV-P', material: 'MAT-COMPRESSOR', batchNumber: 'C-P' }]
    const { target } = await given({ floor: richFloor({ sfcs, stocks }) }, { timeoutMs: 5_000 })
    const { units, cut } = await target.trace({ serials: [], batches: ['C-P'], limit: 3 }, contextOf())
    expect([units.map(({ serial }) => serial), cut]).toEqual([['P-0000', 'P-0001', 'P-0002'], true])
  })

  it('of a notification without a unit: those that the lot went into, or a refusal', async () => {
    const { dm, target } = await given()
    const notification = (batch: string): Action => ({
      ...dmAction('quality.notification', 1),
      ...{ id: `a_${batch}`, quotes: [], params: { title: 'Fans fail', batch } },
    })
    const receipt = await target.execute(notification('C-T'), contextOf())
    expect(receipt.proof?.units).toEqual(['T-1', 'T-2'])
    expect(dm.state().nonconformances).toHaveLength(2)
    await expect(target.execute(notification('C-404'), contextOf())).rejects.toMatchObject({
      code: 'TARGET_REFUSED',
    })
  })
})

describe('a refusal', () => {
  it("carries DM's code and text in either shape", async () => {
    const { dm, target } = await given()
    const error = (kind: (typeof kinds)[number], path: string) => {
      dm.faults.next('403', { path })
      return target.execute(dmAction(kind, 1), contextOf()).catch((thrown: unknown) => thrown)
    }
    expect(await error('material.hold of units', '/sfcs/hold')).toMatchObject({
      details: { status: 403, sapCode: '16001', sapText: 'Access denied; http.403: Access denied' },
    })
    expect(await error('material.hold', '/inventories/')).toMatchObject({
      details: { status: 403, sapCode: 'http.403', sapText: 'Access denied; http.403: Access denied' },
    })
  })

  it('to move an order does not repeat the token that DM repeats', async () => {
    const { dm, target } = await given({ echo: true })
    dm.faults.next('schedule-failed')
    const move = target.execute(dmAction('schedule.prioritise', 1), contextOf())
    const error: unknown = await move.catch((thrown: unknown) => thrown)
    const token = tokensOf(dm)[0] ?? expect.fail('no token')
    expect(dm.requests.find(({ fault }) => fault === 'schedule-failed')?.answer).toContain(token)
    expect(error).toMatchObject({ details: { sapText: expect.stringMatching(/failed.*\[secret\]/) } })
    expect(inspect(error, { depth: 12, showHidden: true, maxStringLength: null })).not.toContain(token)
  })

  it('neither a yes nor a no to the move of an order shows half of a password either', async () => {
    const password = 'planted-4711-password'
    const server = createServer((_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ message: `${'x'.repeat(190)} ${password}` }))
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const http = sapHttp({
      ...{ name: 'dm', url: `http://127.0.0.1:${port}`, timeoutMs: 5_000, maxBytes: 10_000, connections: 1 },
      auth: { kind: 'basic', username: 'U', password },
    })
    close = async () => {
      http.close()
      server.close()
      server.closeAllConnections()
    }
    const move = reschedule({ name: 'dm', plant: 'P', http }, 'O-1', new Date(0), contextOf())
    const error: unknown = await move.catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({
      ...{ code: 'TARGET_UNAVAILABLE', message: expect.stringContaining('[secret]') },
    })
    expect(inspect(error, { depth: 12, showHidden: true })).not.toContain('planted')
  })

  it('says that it is not well, and why, without the secret', async () => {
    const { dm } = await given()
    const auth = { ...optionsFor(dm).auth, clientSecret: 'wrong-secret-0815' }
    const target = digitalManufacturing({ ...optionsFor(dm), auth } as Parameters<
      typeof digitalManufacturing
    >[0])
    const health = await target.check()
    expect(health).toMatchObject({ ok: false, detail: expect.stringContaining('does not accept the client') })
    expect(JSON.stringify(health)).not.toContain('wrong-secret-0815')
    await target.close()
  })
})

describe('secrets', () => {
  it('are in no log, no error, no receipt and no observation, whatever goes wrong', async () => {
    const secret = 'client-secret-µ$=|marker'
    let asked = 0
    const { dm } = await given({
      ...{ seed: 3, oauth: { clientId: 'sb-andon!b1|dmc', clientSecret: secret } },
      echo: true,
    })
    const target = digitalManufacturing({
      ...optionsFor(dm),
      timeoutMs: 60,
      auth: {
        ...{ kind: 'oauth2', tokenUrl: dm.tokenUrl, clientId: dm.clientId },
        clientSecret: async () => {
          asked += 1
          return secret
        },
      },
    })
    const shown: unknown[] = []
    const note = (details: object, message: string): void => void shown.push(details, message)
    const logger: Logger = { debug: note, info: note, warn: note, error: note }
    const context = (attempt: number) => contextOf(attempt, { logger, clock: systemClock })
    for (const fault of [
      '401',
      '403',
      '409',
      '429',
      '500',
      'html-instead-of-json',
      'half-json',
      'cut-after',
      'truncated',
      'token-expired',
      'timeout-before-work',
    ] as const) {
      for (const kind of kinds) {
        dm.faults.next(fault, { writes: true })
        if (fault === '401') for (let times = 0; times < 3; times += 1) dm.faults.next(fault)
        const action = dmAction(kind, shown.length % 39, { id: `a_${shown.length}` })
        shown.push(await target.execute(action, context(1)).catch((error: unknown) => error))
        shown.push(await target.lookUp(action, context(1)).catch((error: unknown) => error))
        dm.faults.clear()
      }
    }
    // A token server that turns the client away, and repeats it.
    dm.faults.next('token-expired')
    dm.faults.next('403', { path: '/oauth/token' })
    shown.push(await target.check(), await target.check(), target.capabilities)
    await target.close()
    expect(asked).toBeGreaterThan(1)
    expect(shown.filter((one) => isAndonError(one)).length).toBeGreaterThan(20)
    const tokens = tokensOf(dm)
    expect(tokens.length).toBeGreaterThan(0)
    const repeated = dm.requests.filter(
      ({ target: path, answer = '' }) =>
        path !== '/oauth/token' && tokens.some((token) => answer.includes(token)),
    )
    expect(repeated.length).toBeGreaterThan(20)
    const refusals = dm.requests.filter(
      ({ target: path, fault }) => path === '/oauth/token' && fault === '403',
    )
    expect(refusals.filter(({ answer = '' }) => answer.includes(secret)).length).toBe(1)
    const text = shown
      .map((one) =>
        inspect(one, { depth: 12, showHidden: true, maxStringLength: null, maxArrayLength: null }),
      )
      .join('\n')
    expect(text).toContain('[secret]')
    for (const marker of [secret, ...tokens]) {
      for (const form of [
        marker,
        encodeURIComponent(marker),
        new URLSearchParams({ s: marker }).toString().slice(2),
        Buffer.from(marker).toString('base64'),
      ]) {
        expect(text.includes(form), 'a secret is shown').toBe(false)
      }
    }
  })
})

/** The access tokens that it gave out. */
const tokensOf = ({ requests }: DigitalManufacturing): readonly string[] =>
  requests.flatMap(({ target, answer = '' }) =>
    target === '/oauth/token' && answer.includes('access_token')
      ? [String(Object(parsed(answer)).access_token)]
      : [],
  )

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}
