import { standardChannels } from '@andon/channels'
import { salesforceCases } from '@andon/connector-salesforce'
import { isAndonError } from '@andon/core/errors'
import { virtualClock } from '@andon/testkit'
import { describe, expect, it, vi } from 'vitest'
import { actionMark, markText } from '../src/marks.js'
import { auth, orgOfTest, reading, toldOf } from './support/org.js'

const patient = { timeout: 10_000, interval: 20 }
const polled = { receive: 'polling', pollMs: 100, comments: false, emails: false } as const

describe('what a case says', () => {
  it('comes with its product, customer and own fields, by the channel of its origin', async () => {
    const { org, open } = await orgOfTest({
      fields: { Case: { Lot__c: { length: 40 } }, Asset: { Compressor_Lot__c: { length: 40 } } },
    })
    const product = org.create('Product2', { Name: 'Cooler', ProductCode: 'KX-500', Family: 'refrigerator' })
    const account = org.create('Account', { Name: 'Shop', BillingState: '广东', BillingCountry: 'CN' })
    const asset = org.create('Asset', {
      Name: 'Cooler 1',
      AccountId: account,
      Product2Id: product,
      SerialNumber: 'KX500-000042',
      Compressor_Lot__c: 'C-7',
    })
    const id = org.create('Case', {
      Subject: '冰箱不制冷',
      Description: 'Smoke at the plug, and it is 9 °C inside',
      Origin: 'Phone',
      Priority: 'High',
      AssetId: asset,
      AccountId: account,
      SuppliedEmail: 'li@example.com',
      Lot__c: 'F-20260301',
    })
    const run = reading(
      open({
        ...polled,
        fields: { batchNumber: 'Lot__c', 'componentBatches.compressor': 'Asset.Compressor_Lot__c' },
        severities: { High: 9 },
      }),
    )
    await vi.waitFor(() => expect(run.told).toHaveLength(1), patient)
    await run.stop()
    expect(run.told[0]).toMatchObject({
      id,
      kind: 'case',
      channel: 'call',
      severity: 9,
      facts: {
        productModel: 'KX-500',
        productCategory: 'refrigerator',
        serialNumber: 'KX500-000042',
        batchNumber: 'F-20260301',
        'componentBatches.compressor': 'C-7',
        region: '广东',
        customer: 'li@example.com',
      },
    })
    const payload = run.batches[0]?.items[0]
    const call = standardChannels().find(({ name }) => name === 'call')
    const drafts = await call?.parse({ text: '', json: JSON.parse(JSON.stringify(payload?.body)) })
    expect(drafts?.[0]).toMatchObject({
      sourceMessageId: id,
      symptomText: '冰箱不制冷\nSmoke at the plug, and it is 9 °C inside',
      productModel: 'KX-500',
      serialNumber: 'KX500-000042',
      batchNumber: 'F-20260301',
      componentBatches: { compressor: 'C-7' },
      region: 'CN-GD',
      severityScore: 9,
      customer: 'li@example.com',
    })
  })

  it('comments and incoming e-mails are further feedback of the same case, our own comments are not', async () => {
    const { org, open } = await orgOfTest()
    const id = org.create('Case', { Subject: 'It leaks', Origin: 'Web' })
    const run = reading(open({ receive: 'polling', pollMs: 100 }))
    await vi.waitFor(() => expect(run.told).toHaveLength(1), patient)
    const comment = org.create('CaseComment', { ParentId: id, CommentBody: 'Now it leaks more' })
    const mark = markText({ mark: actionMark('action-1'), kind: 'reply', part: 1, parts: 1 })
    org.create('CaseComment', { ParentId: id, CommentBody: `We are sorry.\n${mark}` })
    const mail = { ParentId: id, Subject: 'Re: It leaks', FromAddress: 'li@example.com' }
    const email = org.create('EmailMessage', { ...mail, TextBody: 'Still', Incoming: true })
    org.create('EmailMessage', { ...mail, TextBody: 'Thank you for writing', Incoming: false })
    await vi.waitFor(() => expect(run.told).toHaveLength(3), patient)
    await run.stop()
    expect(run.told.slice(1).sort((a, b) => a.kind.localeCompare(b.kind))).toMatchObject([
      { kind: 'comment', channel: 'web', id: `${id}/${comment}`, said: 'Now it leaks more' },
      { kind: 'email', channel: 'email', id: `${id}/${email}`, said: 'Re: It leaks\nStill' },
    ])
  })
})

describe('the org is asked before it is queried', () => {
  it('a usual field that is not there is left out', async () => {
    const { org, open } = await orgOfTest({ hidden: { Case: ['Reason', 'Type'], Asset: ['PurchaseDate'] } })
    org.create('Case', { Subject: 'x' })
    const run = reading(open(polled))
    await vi.waitFor(() => expect(run.told).toHaveLength(1), patient)
    await run.stop()
    expect(run.told[0]?.record).not.toHaveProperty('Reason')
  })

  it('a field that an option names and the org has not is an error that names both', async () => {
    const { open } = await orgOfTest()
    const run = reading(open({ ...polled, fields: { batchNumber: 'Asset.Lot__c' } }))
    const error = await run.done.catch((thrown: unknown) => thrown)
    expect(isAndonError(error, 'OPTIONS_INVALID')).toBe(true)
    expect(error).toMatchObject({ details: { option: 'salesforceCases.fields.batchNumber' } })
    expect(String(error)).toContain('Asset.Lot__c')
  })

  it.each([
    ['fields.serialNumber', { fields: { serialNumber: 'a b' } }],
    ['endpoint', { endpoint: 'http://elsewhere.example:443' }],
    ['url', { url: 'http://acme.example' }],
    ['since', { since: 'yesterday' }],
    ['auth.clientId', { auth: { ...auth, clientId: '' } }],
    ['colour', { colour: 'red' }],
  ])('a bad option is refused before anything is sent: %s', (option, more) => {
    const create = () => salesforceCases({ url: 'https://acme.my.salesforce.com', auth, ...more })
    expect(create).toThrow(`salesforceCases.${option}`)
  })
})

describe('the org is not overrun', () => {
  it('a share of its API calls stays free for others', async () => {
    const clock = virtualClock()
    const { org, open, log } = await orgOfTest({ clock, apiCallsPerDay: 1_000 })
    org.create('Case', { Subject: 'x' })
    org.useApiCalls(700)
    const run = reading(open({ ...polled, clock, pollMs: 1_000, keepFree: 0.25 }))
    await vi.waitFor(() => expect(run.told).toHaveLength(1), patient)
    for (let step = 0; step < 600; step += 1) {
      await clock.advance(1_000)
      await new Promise((resolve) => setImmediate(resolve))
    }
    // One call a minute asks whether there is room again.
    expect(org.apiCalls).toBeLessThan(775)
    expect(log.filter(({ text }) => text.includes('kept free'))).not.toHaveLength(0)
    await run.stop()
  })
})

describe('the first reading', () => {
  it.each(['soql', 'bulk'] as const)(
    'reads everything once, many cases with one time stamp among them: %s',
    async (snapshot) => {
      const { org, open } = await orgOfTest()
      for (let made = 0; made < 450; made += 1)
        org.create('Case', { Subject: `case ${made}`, IsEscalated: made % 2 === 0 })
      const run = reading(open({ ...polled, snapshot, batchSize: 100 }))
      await vi.waitFor(() => expect(run.told).toHaveLength(450), patient)
      // Two more looks bring nothing more.
      const looks = org.requests.filter(({ target }) => target.includes('/queryAll')).length
      await vi.waitFor(() => {
        const now = org.requests.filter(({ target }) => target.includes('/queryAll')).length
        expect(now).toBeGreaterThan(looks + 2)
      }, patient)
      await run.stop()
      expect(new Set(run.told.map(({ subject }) => subject)).size).toBe(450)
      expect(run.told).toHaveLength(450)
      expect(run.told[1]?.record.IsEscalated).toBe(false)
    },
  )

  it('may be left out', async () => {
    const clock = virtualClock()
    const { org, open } = await orgOfTest({ clock })
    org.create('Case', { Subject: 'old' })
    // Into another second, for stamps are of whole ones.
    await clock.advance(2_000)
    const run = reading(open({ ...polled, clock, snapshot: 'none', lookBackMs: 0 }))
    const looked = () => org.requests.some(({ target }) => target.includes('/queryAll'))
    await vi.waitFor(async () => {
      await clock.advance(100)
      expect(looked()).toBe(true)
    }, patient)
    org.create('Case', { Subject: 'new' })
    await vi.waitFor(async () => {
      await clock.advance(100)
      expect(run.told).toHaveLength(1)
    }, patient)
    await run.stop()
    expect(run.told[0]?.subject).toBe('new')
  })

  it('a query that fails goes on behind the last page', async () => {
    const { org, open } = await orgOfTest()
    for (let made = 0; made < 250; made += 1) org.create('Case', { Subject: `case ${made}` })
    org.faults.next('none', { path: '/queryAll' })
    org.faults.next('503', { path: '/queryAll' })
    org.faults.next('cut-after', { path: '/queryAll' })
    const run = reading(open({ ...polled, batchSize: 100 }))
    await vi.waitFor(() => expect(run.told).toHaveLength(250), patient)
    await run.stop()
    expect(new Set(run.told.map(({ subject }) => subject)).size).toBe(250)
  })
})

describe('a payload', () => {
  it('carries the record, and nothing of how we logged in', async () => {
    const { org, open } = await orgOfTest()
    org.create('Case', { Subject: 'x' })
    const run = reading(open(polled))
    await vi.waitFor(() => expect(run.told).toHaveLength(1), patient)
    await run.stop()
    const [payload] = run.batches[0]?.items ?? []
    if (payload === undefined) expect.unreachable()
    else expect(JSON.stringify(toldOf(payload))).not.toContain('andon-secret')
  })
})
