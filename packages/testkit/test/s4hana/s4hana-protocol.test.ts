import { describe, expect, it } from 'vitest'
import { startS4Hana } from '../../src/index.js'
import { compressor, roots, s4Given } from '../support/s4-given.js'

const held = { MatlBatchIsInRstrcdUseStock: true }

describe('a change needs', () => {
  it('the token and the cookies of one session', async () => {
    const { raw, fetchToken, etag } = await s4Given()
    const ifMatch = { 'if-match': await etag('batch', compressor), 'content-type': 'application/json' }
    const change = (headers: Record<string, string>) =>
      raw('PATCH', 'batch', compressor, { body: held, headers: { ...ifMatch, ...headers } })
    const [one, other] = [await fetchToken(), await fetchToken()]
    const nothing = await change({})
    expect([nothing.status, nothing.headers.get('x-csrf-token')]).toEqual([403, 'Required'])
    expect((await change({ 'x-csrf-token': one['x-csrf-token'] ?? '' })).status).toBe(403)
    expect((await change({ ...one, cookie: other.cookie ?? '' })).status).toBe(403)
    expect((await change(one)).status).toBe(204)
  })

  it('a token once: a session keeps it, and gives it again', async () => {
    const { fetchToken } = await s4Given()
    const first = await fetchToken()
    const again = await fetchToken({ cookie: first.cookie ?? '' })
    expect(again).toEqual({ 'x-csrf-token': first['x-csrf-token'], cookie: '' })
  })

  it('another token when the session was idle too long', async () => {
    const { clock, patch, fetchToken, write, etag } = await s4Given({ sessionIdleSeconds: 60 })
    expect((await patch('batch', compressor, held)).status).toBe(204)
    await clock.advance(61_000)
    const ifMatch = { 'if-match': await etag('batch', compressor) }
    expect((await write('PATCH', 'batch', compressor, held, ifMatch)).status).toBe(403)
    const fresh = await fetchToken()
    expect((await write('PATCH', 'batch', compressor, held, { ...ifMatch, ...fresh })).status).toBe(204)
  })

  it('If-Match, and the present one', async () => {
    const { write, etag, s4 } = await s4Given()
    const before = await etag('batch', compressor)
    expect(before).toMatch(/^W\/"/)
    expect((await write('PATCH', 'batch', compressor, held)).status).toBe(428)
    const changed = await write('PATCH', 'batch', compressor, held, { 'if-match': before })
    expect(changed.status).toBe(204)
    expect(changed.headers.get('etag')).not.toBe(before)
    expect((await write('PATCH', 'batch', compressor, held, { 'if-match': before })).status).toBe(412)
    expect(await etag('batch', compressor)).toBe(changed.headers.get('etag'))
    expect((await write('PATCH', 'batch', compressor, held, { 'if-match': '*' })).status).toBe(204)
    expect(s4.changes.filter(({ set, kind }) => set === 'Batch' && kind === 'changed')).toHaveLength(2)
  })

  it('MERGE, PATCH, or POST that says which', async () => {
    const { write, etag } = await s4Given()
    const merge = await write('MERGE', 'batch', compressor, held, {
      'if-match': await etag('batch', compressor),
    })
    expect(merge.status).toBe(204)
    const tunnelled = await write('POST', 'batch', compressor, held, {
      'if-match': await etag('batch', compressor),
      'x-http-method': 'MERGE',
    })
    expect(tunnelled.status).toBe(204)
  })

  it('JSON', async () => {
    const { write } = await s4Given()
    const asText = await write('POST', 'batch', 'Batch', '{}', { 'content-type': 'text/plain' })
    expect(asText.status).toBe(415)
    expect((await write('POST', 'batch', 'Batch', '{"Material":')).status).toBe(400)
    expect((await write('POST', 'batch', 'Batch', '[]')).status).toBe(400)
  })
})

describe('a request needs', () => {
  it('the client, and no other', async () => {
    const { s4 } = await s4Given()
    const status = async (query: string): Promise<number> =>
      (await fetch(`${s4.url}${roots.batch}/Batch${query}`)).status
    expect(await status('')).toBe(401)
    expect(await status('?sap-client=200')).toBe(401)
    expect(await status('?sap-client=100')).toBe(200)
  })

  it('a user, a key or a token where the system has them', async () => {
    const { raw, s4 } = await s4Given({
      basic: { user: 'ANDON', password: 'welcome' },
      apiKey: 'key',
      oauth: { clientId: 'andon', clientSecret: 's3cret' },
    })
    const status = async (headers: Record<string, string>): Promise<number> =>
      (await raw('GET', 'batch', 'Batch', { headers })).status
    const basic = (pair: string) => ({ authorization: `Basic ${Buffer.from(pair).toString('base64')}` })
    expect(await status({})).toBe(401)
    expect(await status(basic('ANDON:wrong'))).toBe(401)
    expect(await status(basic('ANDON:welcome'))).toBe(200)
    expect(await status({ apikey: 'key' })).toBe(200)
    const answer: unknown = await (
      await fetch(s4.tokenUrl, {
        method: 'POST',
        headers: basic('andon:s3cret'),
        body: new URLSearchParams({ grant_type: 'client_credentials' }),
      })
    ).json()
    const bearer = { authorization: `Bearer ${Object(answer).access_token}` }
    expect(await status(bearer)).toBe(200)
    s4.faults.next('token-expired')
    expect(await status(bearer)).toBe(401)
  })

  it('an authorization for the service', async () => {
    const { get } = await s4Given({ forbidden: ['api_batch_srv'] })
    expect((await get('batch', 'Batch')).status).toBe(403)
    expect((await get('stock', 'A_MatlStkInAcctMod')).status).toBe(200)
  })
})

describe('a refusal has the shape of its version', () => {
  it('V2: a message in a language, and inner details', async () => {
    const { get } = await s4Given()
    const missing = await get('batch', "Batch(Material='X',BatchIdentifyingPlant='',Batch='Y')")
    expect(missing.status).toBe(404)
    expect(missing.at('error.message')).toEqual({ lang: 'en', value: 'Resource not found: Batch' })
    expect(missing.at('error.innererror.errordetails.0')).toMatchObject({ severity: 'error' })
  })

  it('V4: texts', async () => {
    const { write } = await s4Given()
    const refused = await write('POST', 'notification', 'QualityNotification', {
      NotificationType: 'Q9',
      NotificationText: 'x',
    })
    expect(refused.status).toBe(400)
    expect(refused.at('error')).toMatchObject({
      message: 'Notification type Q9 does not exist',
      target: 'NotificationType',
    })
  })
})

describe('faults of the system itself', () => {
  it('end the session just before a change, once', async () => {
    const { s4, patch, fetchToken, write, etag } = await s4Given()
    expect((await patch('batch', compressor, held)).status).toBe(204)
    s4.faults.next('csrf-expired')
    expect((await patch('batch', compressor, held)).status).toBe(403)
    const ifMatch = { 'if-match': await etag('batch', compressor) }
    const fresh = await fetchToken()
    expect((await write('PATCH', 'batch', compressor, held, { ...ifMatch, ...fresh })).status).toBe(204)
  })

  it('let somebody else change the entity just before, and only where there is an ETag', async () => {
    const { s4, patch, call, write } = await s4Given()
    s4.faults.next('etag-stale')
    expect((await write('POST', 'batch', 'Batch', { Material: 'COMPRESSOR', Batch: 'C-3' })).status).toBe(201)
    expect((await patch('batch', compressor, held)).status).toBe(412)
    expect((await patch('batch', compressor, held)).status).toBe(204)
    s4.faults.next('etag-stale')
    const release = "ReleaseOrder?ManufacturingOrder='1000'"
    expect((await call('order', release, "A_ProductionOrder_2('1000')")).status).toBe(412)
    expect((await call('order', release, "A_ProductionOrder_2('1000')")).status).toBe(200)
    expect(s4.changes.filter(({ user }) => user === 'SOMEBODY')).toHaveLength(2)
  })

  it('make every ETag another, also within a second', async () => {
    const { s4, patch, call, etag, clock } = await s4Given()
    const order = "A_ProductionOrder_2('1000')"
    await clock.advance(4)
    const seen = [await etag('order', order)]
    const look = async (): Promise<void> => {
      seen.push(await etag('order', order))
    }
    await patch('order', order, { ManufacturingOrderImportance: '1' })
    await look()
    s4.change('A_ProductionOrder_2', { ManufacturingOrder: '1000' }, { GoodsRecipientName: 'x' })
    await look()
    await call('order', "ReleaseOrder?ManufacturingOrder='1000'", order)
    await look()
    expect(new Set(seen).size).toBe(4)
  })

  it('let somebody else change what a test says', async () => {
    const { s4, patch } = await s4Given({
      somebodyElse: (set) => (set === 'Batch' ? { MatlBatchIsInRstrcdUseStock: true } : {}),
    })
    s4.faults.next('etag-stale')
    expect((await patch('batch', compressor, { Supplier: 'S' })).status).toBe(412)
    const { batches, stock } = s4.state()
    expect(batches[0]).toMatchObject({ MatlBatchIsInRstrcdUseStock: true, Supplier: '' })
    expect(stock.map((row) => row.InventoryStockType)).toEqual(['01', '08'])
  })

  it('answer in the shape of the service that was asked', async () => {
    const { s4, get } = await s4Given()
    s4.faults.next('500')
    expect((await get('batch', 'Batch')).at('error.message')).toEqual({
      lang: 'en',
      value: 'An exception was raised',
    })
    s4.faults.next('409')
    expect((await get('notification', 'QualityNotification')).at('error.message')).toMatch(/somebody else/)
  })
})

describe('the options', () => {
  it.each([
    ['client', { client: '1' }],
    ['stock.0.quantity', { stock: [{ material: 'M', quantity: '-1' }] }],
    ['password', { password: 'x' }],
    ['batches.0.batch', { batches: [{ material: 'M', batch: 'longer than ten' }] }],
  ])('are named when they are wrong: %s', async (option, options) => {
    await expect(startS4Hana(Object(options))).rejects.toMatchObject({
      code: 'OPTIONS_INVALID',
      details: { option },
    })
  })
})
