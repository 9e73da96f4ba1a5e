import { createSign, generateKeyPairSync } from 'node:crypto'
import { afterEach, describe, expect, it } from 'vitest'
import { type Salesforce, type SalesforceOptions, startSalesforce, virtualClock } from '../../src/index.js'
import { apiOf } from './api.js'

let opened: Salesforce | undefined
afterEach(() => opened?.close())

async function org(options: SalesforceOptions = {}) {
  const salesforce = await startSalesforce(options)
  opened = salesforce
  return { salesforce, ...(await apiOf(salesforce)) }
}

interface Result {
  readonly success: boolean
  readonly errors: readonly { readonly statusCode: string }[]
}

const key: SalesforceOptions = {
  fields: {
    Case: { Andon__c: { externalId: true, length: 40 } },
    Reply__c: { Key__c: { externalId: true } },
  },
}

describe('the REST API of the simulated org', () => {
  it('creates, reads, changes and deletes a record', async () => {
    const { salesforce, call } = await org()
    const created = await call('POST', '/sobjects/Case', {
      body: { Subject: '  It leaks ', Origin: 'Phone' },
    })
    expect(created).toMatchObject({ status: 201, body: { success: true } })
    const path = `/sobjects/Case/${created.body.id}`
    expect((await call('PATCH', path, { body: { Status: 'Closed' } })).status).toBe(204)
    const { body } = await call('GET', `${path}?fields=Subject,IsClosed,CaseNumber`)
    expect(body).toMatchObject({ Subject: 'It leaks', IsClosed: true, CaseNumber: '00001001' })
    expect((await call('DELETE', path)).status).toBe(204)
    expect((await call('GET', path)).body[0].errorCode).toBe('NOT_FOUND')
    expect((await call('PATCH', path, { body: {} })).body[0].errorCode).toBe('ENTITY_IS_DELETED')
    expect(salesforce.changes.filter(({ object }) => object === 'Case').map(({ type }) => type)).toEqual([
      ...['CREATE', 'UPDATE', 'DELETE'],
    ])
  })

  it.each([
    ['INVALID_FIELD', { Nothing: 1 }],
    ['INVALID_FIELD_FOR_INSERT_UPDATE', { IsClosed: true }],
    ['STRING_TOO_LONG', { Subject: 'x'.repeat(256) }],
    ['INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST', { Status: 'Nearly done' }],
    ['INVALID_CROSS_REFERENCE_KEY', { AccountId: '0015g000000000zAAA' }],
    ['MALFORMED_ID', { AccountId: 'nobody' }],
    ['JSON_PARSER_ERROR', { IsEscalated: 'yes' }],
    ['INVALID_EMAIL_ADDRESS', { SuppliedEmail: 'nobody' }],
  ])('refuses with %s, and writes nothing', async (code, body) => {
    const { salesforce, call } = await org()
    const refused = await call('POST', '/sobjects/Case', { body })
    expect(refused).toMatchObject({ status: 400, body: [{ errorCode: code }] })
    expect(salesforce.records('Case')).toEqual([])
  })

  it('counts the bytes of a comment, not its characters', async () => {
    const { salesforce, call } = await org()
    const ParentId = salesforce.create('Case', { Subject: 'one' })
    const write = (CommentBody: string) =>
      call('POST', '/sobjects/CaseComment', { body: { ParentId, CommentBody } })
    expect((await write('漏'.repeat(1_333))).status).toBe(201)
    expect((await write('漏'.repeat(1_334))).body[0].errorCode).toBe('STRING_TOO_LONG')
    expect((await write('')).status).toBe(201)
  })

  it('gives a case to the owner of the assignment rules, unless it is told not to', async () => {
    const { salesforce, call } = await org()
    const write = async (headers: Record<string, string>) => {
      const { body } = await call('POST', '/sobjects/Case', { body: { Subject: 'one' }, headers })
      return salesforce.record('Case', body.id)?.OwnerId
    }
    expect(await write({})).toBe('00G000000000001AAA')
    expect(await write({ 'sforce-auto-assign': 'FALSE' })).toBe(salesforce.integrationUserId)
  })

  it('upserts by an external id, once for one value', async () => {
    const { salesforce, call } = await org(key)
    const upsert = (value: string, body: object) =>
      call('PATCH', `/sobjects/Reply__c/Key__c/${value}`, { body })
    expect(await upsert('a%2F1', { Name: 'one' })).toMatchObject({ status: 201, body: { created: true } })
    expect(await upsert('A%2F1', { Name: 'two' })).toMatchObject({ status: 200, body: { created: false } })
    expect(salesforce.records('Reply__c')).toMatchObject([{ Key__c: 'a/1', Name: 'two' }])
    expect((await call('POST', '/sobjects/Reply__c', { body: { Key__c: 'a/1' } })).body[0].errorCode).toBe(
      'DUPLICATE_VALUE',
    )
  })

  it('writes a collection row by row, or all or none of it', async () => {
    const { salesforce, call } = await org(key)
    const records = [
      { attributes: { type: 'Case' }, Subject: 'good' },
      { attributes: { type: 'Case' }, Subject: 'bad', Status: 'Nearly done' },
    ]
    const none = await call('POST', '/composite/sobjects', { body: { allOrNone: true, records } })
    expect(none.status).toBe(200)
    expect(none.body.map(({ errors }: Result) => errors[0]?.statusCode)).toEqual([
      ...['ALL_OR_NONE_OPERATION_ROLLED_BACK', 'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST'],
    ])
    expect(salesforce.records('Case')).toEqual([])
    const some = await call('POST', '/composite/sobjects', { body: { records } })
    expect(some.body.map(({ success }: Result) => success)).toEqual([true, false])
    const many = Array.from({ length: 201 }, (_, at) => ({ Key__c: `k${at}` }))
    const upsert = (rows: object[]) =>
      call('PATCH', '/composite/sobjects/Reply__c/Key__c', { body: { records: rows } })
    expect((await upsert(many)).body[0].errorCode).toBe('EXCEEDED_MAX_ALLOWED_RECORDS')
    expect((await upsert(many.slice(1))).body).toHaveLength(200)
    expect(salesforce.records('Reply__c')).toHaveLength(200)
  })

  it('fails the rows that somebody else has locked, as often as it is told to', async () => {
    const { salesforce, call } = await org()
    const ids = [0, 1].map((at) => salesforce.create('Case', { Subject: `case ${at}` }))
    const [id = ''] = ids
    salesforce.lockRows(1, { id })
    const records = ids.map((one) => ({ attributes: { type: 'Case' }, id: one, Status: 'Working' }))
    const update = () => call('PATCH', '/composite/sobjects', { body: { records } })
    const [locked, free] = (await update()).body
    expect(locked.errors[0].statusCode).toBe('UNABLE_TO_LOCK_ROW')
    expect(free.success).toBe(true)
    expect((await update()).body.every(({ success }: Result) => success)).toBe(true)
  })

  it('does several requests in one, the later with what the earlier answered', async () => {
    const { salesforce, call } = await org()
    const base = '/services/data/v67.0'
    const compositeRequest = [
      { method: 'POST', url: `${base}/sobjects/Case`, referenceId: 'case', body: { Subject: 'one' } },
      {
        ...{ method: 'POST', url: `${base}/sobjects/CaseComment`, referenceId: 'comment' },
        body: { ParentId: '@{case.id}', CommentBody: 'said' },
      },
      { method: 'GET', url: `${base}/sobjects/Case/@{case.id}?fields=Subject`, referenceId: 'read' },
      { method: 'POST', url: `${base}/sobjects/Nothing`, referenceId: 'bad', body: {} },
    ]
    const { body } = await call('POST', '/composite', { body: { compositeRequest } })
    const parts = body.compositeResponse
    expect(parts.map(({ httpStatusCode }: { httpStatusCode: number }) => httpStatusCode)).toEqual([
      201, 201, 200, 404,
    ])
    expect(parts[2].body.Subject).toBe('one')
    expect(salesforce.records('CaseComment')).toHaveLength(1)
  })

  it('pages a query, and tells all rows of the moment at which it began', async () => {
    const { salesforce, query, call } = await org({ pageSize: 3 })
    for (let at = 0; at < 7; at += 1) salesforce.create('Case', { Subject: `case ${at}` })
    const first = await query('SELECT Id, Subject FROM Case ORDER BY Subject')
    salesforce.create('Case', { Subject: 'case 00' })
    const subjects: string[] = []
    for (let page = first.body; ; ) {
      subjects.push(...page.records.map(({ Subject }: { Subject: string }) => Subject))
      if (page.done) break
      page = (await call('GET', page.nextRecordsUrl.replace('/services/data/v67.0', ''))).body
    }
    expect(first.body.totalSize).toBe(7)
    expect(subjects).toEqual(Array.from({ length: 7 }, (_, at) => `case ${at}`))
    expect((await call('GET', '/query/0r8000000000000099-3')).body[0].errorCode).toBe('INVALID_QUERY_LOCATOR')
  })

  it('shows deleted records to queryAll only', async () => {
    const { salesforce, query } = await org()
    salesforce.delete('Case', salesforce.create('Case', { Subject: 'gone' }))
    expect((await query('SELECT Id FROM Case')).body.records).toEqual([])
    expect((await query('SELECT Subject, IsDeleted FROM Case', true)).body.records).toMatchObject([
      { Subject: 'gone', IsDeleted: true },
    ])
  })

  it('describes what can be asked for and written', async () => {
    const { call } = await org({
      ...key,
      hidden: { Case: ['ProductId'] },
      picklists: { Case: { Origin: ['Telefon'] } },
    })
    const { body } = await call('GET', '/sobjects/Case/describe')
    const fields = new Map(body.fields.map((one: { name: string }) => [one.name, one]))
    expect(fields.get('Andon__c')).toMatchObject({ custom: true, externalId: true, length: 40 })
    expect(fields.get('Origin')).toMatchObject({ picklistValues: [{ value: 'Telefon', active: true }] })
    expect(fields.get('AccountId')).toMatchObject({ relationshipName: 'Account', referenceTo: ['Account'] })
    expect(fields.has('ProductId')).toBe(false)
  })

  it('runs a bulk query in pages of CSV', async () => {
    const { salesforce, call } = await org()
    for (const Subject of ['plain', 'with "quotes", commas\nand lines', '漏水'])
      salesforce.create('Case', { Subject })
    const body = {
      operation: 'queryAll',
      query: 'SELECT Subject, Account.Name FROM Case ORDER BY CaseNumber',
    }
    const { body: job } = await call('POST', '/jobs/query', { body })
    const results = `/jobs/query/${job.id}/results?maxRecords=2`
    expect((await call('GET', results)).body[0].errorCode).toBe('INVALIDJOBSTATE')
    const states = []
    for (const _ of [1, 2]) states.push((await call('GET', `/jobs/query/${job.id}`)).body.state)
    expect(states).toEqual(['InProgress', 'JobComplete'])
    const first = await call('GET', results)
    expect(first.headers.get('sforce-numberofrecords')).toBe('2')
    expect(first.text).toBe('"Subject","Account.Name"\n"plain",""\n"with ""quotes"", commas\nand lines",""\n')
    const locator = first.headers.get('sforce-locator')
    const second = await call('GET', `${results}&locator=${locator}`)
    expect(second.text).toBe('"Subject","Account.Name"\n"漏水",""\n')
    expect(second.headers.get('sforce-locator')).toBe('null')
  })

  it('counts calls, says so in every answer, and refuses them beyond the limit for a day', async () => {
    const clock = virtualClock()
    const { salesforce, query } = await org({ clock, apiCallsPerDay: 10 })
    salesforce.useApiCalls(8)
    expect((await query('SELECT Id FROM Case')).headers.get('sforce-limit-info')).toBe('api-usage=9/10')
    await query('SELECT Id FROM Case')
    expect(await query('SELECT Id FROM Case')).toMatchObject({
      ...{ status: 403, body: [{ errorCode: 'REQUEST_LIMIT_EXCEEDED' }] },
    })
    await clock.advance(25 * 3_600_000)
    expect((await query('SELECT Id FROM Case')).status).toBe(200)
  })

  it('stamps to the second, and makes a row visible later than its stamp where a transaction was long', async () => {
    const clock = virtualClock('2026-03-01T08:00:00.700Z')
    const { salesforce } = await org({ clock })
    const late = salesforce.create('Case', { Subject: 'late' }, { begunAgoMs: 5_000 })
    expect(salesforce.record('Case', late)?.SystemModstamp).toBe('2026-03-01T07:59:55.000+0000')
  })
})

describe('the token endpoint of the simulated org', () => {
  const ask = async (salesforce: Salesforce, form: Record<string, string>) => {
    const answer = await fetch(`${salesforce.url}/services/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams(form),
    })
    return { status: answer.status, body: (await answer.json()) as Record<string, string> }
  }

  it('takes an assertion that is signed by the right key, for the right app and user, and has not expired', async () => {
    const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const clock = virtualClock()
    const { salesforce } = await org({
      clock,
      publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    })
    const signed = (claims: object, by = privateKey) => {
      const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')
      const text = `${part({ alg: 'RS256' })}.${part(claims)}`
      return `${text}.${createSign('RSA-SHA256').update(text).sign(by, 'base64url')}`
    }
    const right = {
      ...{ iss: 'andon-client', sub: 'andon@example.com', aud: 'https://login.salesforce.com' },
      exp: clock.now() / 1000 + 180,
    }
    const jwt = (assertion: string) =>
      ask(salesforce, { grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion })
    const granted = await jwt(signed(right))
    expect(granted.body.instance_url).toBe(salesforce.url)
    expect(granted.body.id).toContain(salesforce.orgId)
    expect(granted.body).not.toHaveProperty('expires_in')
    const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
    for (const wrong of [
      signed(right, other),
      signed({ ...right, iss: 'x' }),
      signed({ ...right, sub: 'x' }),
      signed({ ...right, exp: clock.now() / 1000 - 1 }),
      'no.assertion',
    ]) {
      expect((await jwt(wrong)).status).toBe(400)
    }
    expect(salesforce.tokens.jwt).toBe(1)
  })

  it('gives another refresh token at each use, and takes each once', async () => {
    const { salesforce } = await org()
    const refresh = (token: string) =>
      ask(salesforce, { grant_type: 'refresh_token', refresh_token: token, client_id: 'andon-client' })
    const { body } = await refresh('refresh-0')
    expect((await refresh('refresh-0')).body.error).toBe('invalid_grant')
    expect((await refresh(body.refresh_token ?? '')).status).toBe(200)
  })

  it('refuses what has ended, until there is another', async () => {
    const { salesforce, query, call, logIn } = await org()
    salesforce.expireTokens()
    expect(await query('SELECT Id FROM Case')).toMatchObject({
      status: 401,
      body: [{ errorCode: 'INVALID_SESSION_ID' }],
    })
    const headers = { authorization: `Bearer ${await logIn()}` }
    expect((await call('GET', '/limits', { headers })).status).toBe(200)
    salesforce.refuseTokens(true)
    const refused = { authorization: `Bearer ${await logIn()}` }
    expect((await call('GET', '/limits', { headers: refused })).status).toBe(401)
  })
})
