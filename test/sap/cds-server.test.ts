import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CdsServer, startCdsServer } from '../support/cds-server.js'

let server: CdsServer
beforeAll(async () => {
  server = await startCdsServer()
  await server.fill({
    Batch: [{ Material: 'COMPRESSOR', BatchIdentifyingPlant: '', Batch: 'C-1' }],
    ProductionOrder: [
      { ManufacturingOrder: '1000', Material: 'FRIDGE', LastChangeDateTime: '20260301080000' },
    ],
  })
})
afterAll(() => server.stop())

const batch =
  "/sap/opu/odata/sap/API_BATCH_SRV/Batch(Material='COMPRESSOR',BatchIdentifyingPlant='',Batch='C-1')"
const send = async (method: string, path: string, body?: object, headers: Record<string, string> = {}) => {
  const mark = path.includes('?') ? '&' : '?'
  const response = await fetch(`${server.url}${path}${mark}sap-client=100`, {
    method,
    headers: {
      accept: 'application/json',
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  return { status: response.status, headers: response.headers, text: await response.text() }
}
const session = async (): Promise<Record<string, string>> => {
  const { headers } = await send('GET', batch, undefined, { 'x-csrf-token': 'Fetch' })
  return {
    'x-csrf-token': headers.get('x-csrf-token') ?? '',
    cookie: headers
      .getSetCookie()
      .map((cookie) => cookie.split(';', 1)[0])
      .join('; '),
  }
}

describe('the server that is not ours', () => {
  it('asks for the client, the token with its cookies, and If-Match', async () => {
    const held = { MatlBatchIsInRstrcdUseStock: true }
    expect((await fetch(`${server.url}${batch}`)).status).toBe(401)
    const etag = (await send('GET', batch)).headers.get('etag') ?? ''
    expect((await send('PATCH', batch, held, { 'if-match': etag })).status).toBe(403)
    const own = await session()
    expect((await send('PATCH', batch, held, own)).status).toBe(428)
    expect((await send('PATCH', batch, held, { ...own, 'if-match': etag })).status).toBeLessThan(300)
    expect((await send('PATCH', batch, held, { ...own, 'if-match': etag })).status).toBe(412)
    expect(await server.changes()).toEqual([
      expect.objectContaining({ set: 'Batch', after: expect.objectContaining(held) }),
    ])
  })

  it('releases an order once, by a function', async () => {
    const own = await session()
    const release = "/sap/opu/odata/sap/API_PRODUCTION_ORDER_2_SRV/ReleaseOrder?ManufacturingOrder='1000'"
    const first = await send('POST', release, undefined, own)
    expect([first.status, first.text]).toEqual([200, expect.stringContaining('"ReleaseOrder"')])
    expect((await send('POST', release, undefined, own)).status).toBe(400)
  })
})
