import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Salesforce, startSalesforce, virtualClock } from '../../src/index.js'
import { apiOf } from './api.js'

let salesforce: Salesforce
let api: Awaited<ReturnType<typeof apiOf>>

beforeAll(async () => {
  const clock = virtualClock('2026-03-01T08:00:00Z')
  salesforce = await startSalesforce({ clock, fields: { Case: { Units__c: { type: 'double' } } } })
  api = await apiOf(salesforce)
  const AccountId = salesforce.create('Account', { Name: 'Kälte AG', BillingCountry: 'DE' })
  const Product2Id = salesforce.create('Product2', { Name: 'Fridge', ProductCode: 'KF-72' })
  const AssetId = salesforce.create('Asset', {
    Name: 'A',
    SerialNumber: 'SN-1',
    Product2Id,
    InstallDate: '2025-06-01',
  })
  salesforce.create('Case', { Subject: 'It leaks', Priority: 'High', AccountId, AssetId, Units__c: 2 })
  await clock.advance(1_000)
  salesforce.create('Case', { Subject: "It's 50% too warm", Origin: 'Phone', Units__c: 10 })
  salesforce.create('Case', { Subject: 'Door', Description: 'long text' })
  salesforce.create('Case', {})
})
afterAll(() => salesforce.close())

const subjects = async (where: string): Promise<unknown[]> => {
  const { body, status } = await api.query(`SELECT Subject FROM Case WHERE ${where} ORDER BY CaseNumber`)
  expect(status, where).toBe(200)
  return body.records.map(({ Subject }: { Subject: unknown }) => Subject)
}

const [leaks, warm, door] = ['It leaks', "It's 50% too warm", 'Door']

describe('SOQL in the simulated org', () => {
  it.each([
    ["Subject = 'IT LEAKS'", [leaks]],
    ["Subject != 'Door'", [leaks, warm, null]],
    ['Subject = null', [null]],
    ["Subject LIKE 'it%'", [leaks, warm]],
    ["Subject LIKE '%50\\% too%'", [warm]],
    ["Subject LIKE 'Do_r'", [door]],
    ["Subject = 'It\\'s 50% too warm'", [warm]],
    ["Subject IN ('Door', 'It leaks')", [leaks, door]],
    ["Subject NOT IN ('Door', 'It leaks')", [warm, null]],
    ['Units__c > 2', [warm]],
    ['Units__c <= 2', [leaks]],
    ['IsClosed = false AND Units__c != null', [leaks, warm]],
    ["NOT Subject = 'Door'", [leaks, warm, null]],
    ["(Priority = 'High' OR Origin = 'Phone') AND Units__c >= 2", [leaks, warm]],
    ['SystemModstamp > 2026-03-01T08:00:00.000Z', [warm, door, null]],
    ['SystemModstamp = 2026-03-01T09:00:00+01:00', [leaks]],
    ["Account.Name = 'kälte ag'", [leaks]],
    ["Asset.Product2.ProductCode LIKE 'KF-%'", [leaks]],
    ['Asset.InstallDate >= 2025-01-01', [leaks]],
  ])('finds by %s', async (where, found) => {
    expect(await subjects(where)).toEqual(found)
  })

  it('goes through equal instants by their ids', async () => {
    const soql = 'SELECT Id, SystemModstamp FROM Case'
    const order = ' ORDER BY SystemModstamp, Id LIMIT 1'
    const seen: string[] = []
    let where = ''
    for (;;) {
      const [row] = (await api.query(soql + where + order)).body.records
      if (row === undefined) break
      seen.push(row.Id)
      const at = row.SystemModstamp.replace('+0000', 'Z')
      where = ` WHERE SystemModstamp > ${at} OR (SystemModstamp = ${at} AND Id > '${row.Id}')`
    }
    expect(seen).toEqual(salesforce.records('Case').map(({ Id }) => Id))
  })

  it('shows parents inside, and null where there is none', async () => {
    const soql = 'SELECT Id, Account.Name, Asset.Product2.ProductCode FROM Case ORDER BY CaseNumber LIMIT 2'
    const { body } = await api.query(soql)
    expect(body.records).toMatchObject([
      {
        attributes: { type: 'Case' },
        Account: { attributes: { type: 'Account' }, Name: 'Kälte AG' },
        Asset: { Product2: { ProductCode: 'KF-72' } },
      },
      { Account: null, Asset: null },
    ])
  })

  it('sorts without case, empty ones first unless they are told to be last', async () => {
    const sorted = async (order: string) =>
      (await api.query(`SELECT Subject FROM Case ORDER BY Subject ${order}`)).body.records.map(
        ({ Subject }: { Subject: unknown }) => Subject,
      )
    expect(await sorted('')).toEqual([null, door, leaks, warm])
    expect(await sorted('DESC')).toEqual([warm, leaks, door, null])
    expect(await sorted('NULLS LAST')).toEqual([door, leaks, warm, null])
  })

  it('counts', async () => {
    expect((await api.query("SELECT COUNT() FROM Case WHERE Subject LIKE 'It%'")).body.totalSize).toBe(2)
  })

  it.each([
    ['INVALID_FIELD', 'SELECT Id, Nothing FROM Case'],
    ['INVALID_FIELD', 'SELECT Id, Nobody.Name FROM Case'],
    ['INVALID_FIELD', "SELECT Id FROM Case WHERE Description = 'long text'"],
    ['INVALID_FIELD', "SELECT Id FROM CaseComment WHERE CommentBody LIKE '%x%'"],
    ['INVALID_FIELD', "SELECT Id FROM Case WHERE Units__c = '2'"],
    ['INVALID_FIELD', "SELECT Id FROM Case WHERE SystemModstamp > '2026-01-01'"],
    ['INVALID_TYPE', 'SELECT Id FROM Nothing'],
    ['INVALID_QUERY_FILTER_OPERATOR', "SELECT Id FROM Case WHERE Id = 'x'"],
    ['NUMBER_OUTSIDE_VALID_RANGE', 'SELECT Id FROM Case OFFSET 2001'],
    ['MALFORMED_QUERY', 'SELECT Id, Id FROM Case'],
    ['MALFORMED_QUERY', 'SELECT * FROM Case'],
    ['MALFORMED_QUERY', 'SELECT Id FROM Case WHERE'],
    ['MALFORMED_QUERY', "SELECT Id FROM Case WHERE Subject = 'a' OR Subject = 'b' AND Subject = 'c'"],
    ['MALFORMED_QUERY', "SELECT Id FROM Case WHERE Subject = 'it's'"],
    ['MALFORMED_QUERY', 'SELECT Id FROM Case ORDER BY Description'],
    ['MALFORMED_QUERY', 'SELECT Id FROM Case LIMIT'],
    ['MALFORMED_QUERY', 'SELECT Id FROM Case; DELETE'],
    ['MALFORMED_QUERY', `SELECT Id FROM Case WHERE ${'('.repeat(60)}Id = null${')'.repeat(60)}`],
  ])('refuses with %s: %s', async (code, soql) => {
    expect(await api.refusal(soql)).toBe(code)
  })
})
