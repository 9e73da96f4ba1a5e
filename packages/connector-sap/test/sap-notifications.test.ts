import { createServer } from 'node:http'
import { type SapNotificationsOptions, sapNotifications } from '@andon/connector-sap'
import type { Position, RawPayload } from '@andon/core/connector'
import { type S4Hana, startS4Hana } from '@andon/testkit'
import { afterEach, describe, expect, it } from 'vitest'
import { actionOf, context, given } from './support/s4-given.js'

const start = Date.UTC(2026, 2, 1)
const running: { close(): Promise<void> }[] = []
afterEach(async () => {
  for (const one of running.splice(0)) await one.close()
})

async function system(): Promise<S4Hana> {
  const sap = await startS4Hana()
  running.push(sap)
  return sap
}

function complaint(
  sap: S4Hana,
  number: string,
  more: Readonly<Record<string, string | number | boolean>> = {},
) {
  return sap.add('QualityNotification', {
    ...{ QualityNotification: number, NotificationType: 'Q1', NotificationText: `Complaint ${number}` },
    ...{ ChangedDateTime: start, ...more },
  })
}

const idOf = ({ body }: RawPayload): string =>
  typeof body === 'object' && 'claimId' in body ? String(body.claimId) : ''

/** Reads until the last questions have brought nothing. */
async function read(
  sap: S4Hana,
  more: Partial<SapNotificationsOptions> = {},
  resumeFrom?: Position,
): Promise<{ readonly items: readonly RawPayload[]; readonly position: Position | undefined }> {
  const source = sapNotifications({
    ...{ url: sap.url, client: '100', auth: { kind: 'certificate' }, from: 'oldest', pollMs: 10 },
    ...more,
  })
  running.push(source)
  const stop = new AbortController()
  const items: RawPayload[] = []
  let position = resumeFrom
  let askedAtBatch = sap.requestCount
  const reading = (async () => {
    const from = resumeFrom === undefined ? {} : { resumeFrom }
    for await (const batch of source.receive({ signal: stop.signal, ...from })) {
      items.push(...batch.items)
      position = batch.position ?? position
      askedAtBatch = sap.requestCount
    }
  })()
  // A question is asked when the one before it was answered, and a page that brings something is handed out in between.
  await expect
    .poll(() => sap.requestCount - askedAtBatch, { interval: 5, timeout: 10_000 })
    .toBeGreaterThan(5)
  stop.abort()
  await reading
  return { items, position }
}

describe('sapNotifications', () => {
  it('brings the long text, the product and the defect code as a claim for the field-service channel', async () => {
    const sap = await system()
    complaint(sap, '1', {
      ...{ Material: 'FRIDGE', Batch: 'C-1', Plant: '1010', Customer: '17100001' },
      NotificationReportingDate: start,
    })
    sap.add('QltyNotificationLongText', {
      ...{ QualityNotification: '1', LongTextInternalNumber: '1', Language: 'EN' },
      QltyNotificationLongText: 'The milk is warm in the morning.',
    })
    sap.add('QualityNotificationItem', {
      ...{ QualityNotification: '1', NotificationItem: '0001', DefectCodeCatalog: '9' },
      ...{ DefectCodeGroup: 'COOL', DefectCode: '10', ExternalDefectiveQuantity: '2.500' },
    })
    const { items } = await read(sap, { materials: { 'KX-500': 'FRIDGE' } })
    expect(items[0]?.body).toMatchObject({
      ...{ claimId: '1', customerComment: 'The milk is warm in the morning.', damageCode: 'COOL/10' },
      ...{ damageCodeCatalog: 'sap-9', ExternalDefectiveQuantity: '2.500', Material: 'FRIDGE' },
      product: { productModel: 'KX-500', batchNumber: 'C-1', plant: '1010' },
    })
    expect(items[0]?.channel).toBe('field-service')
  })

  it('never brings back what Andon has raised, nor types that are not wanted, nor what was deleted', async () => {
    const { sap, target, close } = await given()
    running.push({ close })
    await target.execute(actionOf('quality.notification', 1), context())
    await target.execute(actionOf('material.hold', 2), context())
    complaint(sap, '99', { ChangedDateTime: Date.now() })
    complaint(sap, '98', { NotificationType: 'Q3' })
    complaint(sap, '97', { IsDeleted: true })
    complaint(sap, '96', { NotificationText: 'Milk warm 0123456789ABCDEF' })
    complaint(sap, '95', { NotificationText: 'Serial 1234567890123456' })
    const { items } = await read(sap, {
      auth: { kind: 'basic', username: 'ANDON', password: 'planted-password-1' },
      types: ['Q1'],
    })
    expect(items.map(idOf).sort()).toEqual(['95', '99'])
  })

  it('tells its own by the field of action ids where there is one', async () => {
    const sap = await startS4Hana({ customFields: { notification: ['YY1_ANDON'] } })
    running.push(sap)
    complaint(sap, '1', { NotificationText: 'Serial 0123456789ABCDEF' })
    complaint(sap, '2', { YY1_ANDON: 'action-7' })
    const { items } = await read(sap, { actionIdField: 'YY1_ANDON' })
    expect(items.map(idOf)).toEqual(['1'])
  })

  it('pages through a hundred changes of one millisecond, each once', async () => {
    const sap = await system()
    const numbers = Array.from({ length: 100 }, (_, index) => `${1000 + index}`)
    for (const number of numbers) complaint(sap, number)
    for (const number of numbers) sap.add('A_Defect', { DefectInternalID: number, ChangedDateTime: start })
    const { items } = await read(sap, { batchSize: 7, defects: true })
    expect(items.map(idOf)).toEqual([...numbers, ...numbers.map((number) => `defect-${number}`)])
  })

  it('finds what was saved late within its look-back, and brings nothing twice', async () => {
    const sap = await system()
    complaint(sap, '1', { ChangedDateTime: start + 60_000 })
    const first = await read(sap)
    complaint(sap, '2', { ChangedDateTime: start + 1_000 })
    const second = await read(sap, {}, first.position)
    expect(second.items.map(idOf)).toEqual(['2'])
    complaint(sap, '3', { ChangedDateTime: start - 61_000 })
    const third = await read(sap, {}, second.position)
    expect(third.items).toEqual([])
  })

  it('brings a change of what it brought before under the same number', async () => {
    const sap = await system()
    complaint(sap, '1')
    const first = await read(sap)
    sap.change('QualityNotification', { QualityNotification: '1' }, { NotificationText: 'And it hums' })
    const second = await read(sap, {}, first.position)
    expect(second.items.map(idOf)).toEqual(['1'])
  })

  it('begins with the next change when it starts now, by the clock of the system', async () => {
    const sap = await system()
    complaint(sap, '1', { ChangedDateTime: start + 3_600_000 })
    const source = sapNotifications({
      ...{ url: sap.url, client: '100', auth: { kind: 'certificate' }, pollMs: 10 },
    })
    running.push(source)
    const iterator = source.receive({ signal: new AbortController().signal })[Symbol.asyncIterator]()
    const next = iterator.next()
    await expect.poll(() => sap.requests.length).toBeGreaterThan(1)
    complaint(sap, '2', { ChangedDateTime: start + 3_600_001 })
    const { value } = await next
    expect(value?.items.map(idOf)).toEqual(['2'])
    await iterator.return?.()
  })

  it('brings defects with their order and their quantity as a text', async () => {
    const sap = await system()
    sap.add('A_Defect', {
      ...{ DefectInternalID: '7', DefectText: 'Seal torn', DefectCodeGroup: 'SEAL', DefectCode: '1' },
      ...{ ManufacturingOrder: '1000001', DefectiveQuantity: '3.000', ChangedDateTime: start },
    })
    const { items } = await read(sap, { defects: true })
    expect(items[0]?.body).toMatchObject({
      ...{ claimId: 'defect-7', technicianComment: 'Seal torn', damageCode: 'SEAL/1' },
      ...{ ManufacturingOrder: '1000001', DefectiveQuantity: '3.000' },
    })
  })

  it('reads through a gateway that has put a path before the services, its links to next pages too', async () => {
    const sap = await startS4Hana({ pageSize: 2 })
    running.push(sap)
    for (const number of ['1', '2', '3', '4', '5']) complaint(sap, number)
    const gateway = createServer((request, response) => {
      const path = (request.url ?? '').replace(/^\/s4hanacloud/, '')
      void fetch(`${sap.url}${path}`).then(async (reply) => {
        const type = reply.headers.get('content-type') ?? ''
        const text = await reply.text()
        const here = `http://${request.headers.host}/s4hanacloud`
        response.writeHead(reply.status, { 'content-type': type }).end(text.replaceAll(sap.url, here))
      })
    })
    await new Promise<void>((resolve) => gateway.listen(0, '127.0.0.1', resolve))
    running.push({ close: async () => void gateway.close() })
    const address = gateway.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const { items } = await read(sap, { url: `http://127.0.0.1:${port}/s4hanacloud` })
    expect(items.map(idOf)).toEqual(['1', '2', '3', '4', '5'])
    gateway.closeAllConnections()
  })
})
