import { describe, expect, it } from 'vitest'
import { type Answered, compressor, documentOf, movementItem, s4Given } from '../support/s4-given.js'

const manyBatches = {
  batches: ['A', 'B', 'C', 'D'].map((batch, index) => ({
    material: index < 2 ? 'PUMP' : 'VALVE',
    batch,
    restricted: index % 2 === 1,
  })),
  stock: ['9', '10', '11.5', '100'].map((quantity, index) => ({
    material: 'PUMP',
    plant: `10${index}0`,
    quantity,
  })),
}

const names = ({ rows }: Answered, field = 'Batch'): unknown[] => rows.map((row) => row[field])

describe('$filter', () => {
  it.each([
    ["Material eq 'PUMP'", ['A', 'B']],
    ["Material ne 'PUMP' and MatlBatchIsInRstrcdUseStock eq true", ['D']],
    ["Batch eq 'A' or Batch eq 'C' and Material eq 'PUMP'", ['A']],
    ["(Batch eq 'A' or Batch eq 'C') and not (Material eq 'PUMP')", ['C']],
    ["substringof('UM',Material)", ['A', 'B']],
    ["startswith(Material,'V') eq true", ['C', 'D']],
    ["tolower(Batch) eq 'b'", ['B']],
    ["Batch gt 'B' and Batch le 'D'", ['C', 'D']],
    ["ShelfLifeExpirationDate eq null and Batch lt 'B'", ['A']],
    ["LastChangeDateTime ge datetimeoffset'2026-03-01T08:00:00Z'", ['A', 'B', 'C', 'D']],
    ["LastChangeDateTime gt datetimeoffset'2026-03-01T08:00:00Z'", []],
  ])('%s', async (filter, expected) => {
    const { get } = await s4Given(manyBatches)
    expect(names(await get('batch', `Batch?$filter=${encodeURIComponent(filter)}`))).toEqual(expected)
  })

  it('compares decimals as numbers and not as text', async () => {
    const { get } = await s4Given(manyBatches)
    const found = await get(
      'stock',
      'A_MatlStkInAcctMod?$filter=MatlWrhsStkQtyInMatlBaseUnit gt 9.5m&$orderby=MatlWrhsStkQtyInMatlBaseUnit desc',
    )
    expect(names(found, 'MatlWrhsStkQtyInMatlBaseUnit')).toEqual(['100', '11.5', '10'])
  })

  it.each([
    "Unknown eq 'x'",
    'Material eq 5',
    "Material eq 'x",
    "Material eq 'x' and",
    "(Material eq 'x'",
    'Material',
    "contains(Material,'x')",
    "LastChangeDateTime gt '2026'",
    "LastChangeDateTime gt datetime'2026-13-01T00:00:00'",
    "Material eq 'x' Batch eq 'y'",
    "indexof(Material,'x') eq 1",
  ])('is refused: %s', async (filter) => {
    const { get } = await s4Given()
    expect((await get('batch', `Batch?$filter=${encodeURIComponent(filter)}`)).status).toBe(400)
  })

  it('in V4 knows contains, bare dates and instants, and no datetime literal', async () => {
    const { write, get } = await s4Given()
    await write('POST', 'notification', 'QualityNotification', {
      NotificationType: 'Q1',
      NotificationText: "it's loud",
    })
    const count = async (filter: string): Promise<number> => {
      const { status, rows } = await get(
        'notification',
        `QualityNotification?$filter=${encodeURIComponent(filter)}`,
      )
      return status === 200 ? rows.length : -status
    }
    expect(await count("contains(NotificationText,'s l')")).toBe(1)
    expect(await count("NotificationText eq 'it''s loud'")).toBe(1)
    expect(await count('CreationDate eq 2026-03-01')).toBe(1)
    expect(await count('ChangedDateTime gt 2026-03-01T07:59:59.999Z')).toBe(1)
    expect(await count('ChangedDateTime gt 2026-03-01T08:00:00Z')).toBe(0)
    expect(await count("ChangedDateTime gt datetime'2026-03-01T08:00:00'")).toBe(-400)
    expect(await count("substringof('x',NotificationText)")).toBe(-400)
  })
})

describe('the other options', () => {
  it('sort, skip, take and count', async () => {
    const { get } = await s4Given(manyBatches)
    const page = await get('batch', 'Batch?$orderby=Material desc,Batch&$skip=1&$top=2&$inlinecount=allpages')
    expect(names(page)).toEqual(['D', 'A'])
    expect(page.at('__count')).toBe('4')
    expect((await get('batch', "Batch/$count?$filter=Material eq 'PUMP'")).text).toBe('2')
  })

  it('lead from page to page where there is more than fits', async () => {
    const { get, s4 } = await s4Given({ ...manyBatches, pageSize: 3 })
    const first = await get('batch', 'Batch?$orderby=Batch desc')
    expect(names(first)).toEqual(['D', 'C', 'B'])
    const next: unknown = await (await fetch(String(first.at('__next')))).json()
    expect(Object(next).d.results.map((row: { Batch: string }) => row.Batch)).toEqual(['A'])
    expect(first.at('__next')).toContain(s4.url)
    expect(Object(next).d.__next).toBeUndefined()
  })

  it('choose fields and add parts, in V2 by paths', async () => {
    const { write, get } = await s4Given()
    await write('POST', 'document', 'A_MaterialDocumentHeader', documentOf('04', [movementItem('344', '1')]))
    const path =
      'A_MaterialDocumentHeader?$expand=to_MaterialDocumentItem/to_SerialNumbers&$select=MaterialDocument,to_MaterialDocumentItem/Batch,to_MaterialDocumentItem/to_SerialNumbers'
    const [row] = (await get('document', path)).rows
    expect(row).toEqual({
      __metadata: expect.objectContaining({ type: 'API_MATERIAL_DOCUMENT_SRV.A_MaterialDocumentHeaderType' }),
      MaterialDocument: '4900000000',
      to_MaterialDocumentItem: {
        results: [{ __metadata: expect.anything(), Batch: 'C-1', to_SerialNumbers: { results: [] } }],
      },
    })
    const items =
      "A_MaterialDocumentHeader(MaterialDocumentYear='2026',MaterialDocument='4900000000')/to_MaterialDocumentItem"
    expect(names(await get('document', `${items}?$select=Batch`))).toEqual(['C-1'])
  })

  it.each([
    '$select=Unknown',
    '$expand=to_Nothing',
    '$top=-1',
    '$orderby=Batch sideways',
    '$search=x',
    '$count=true',
  ])('are refused: %s', async (option) => {
    const { get } = await s4Given()
    expect((await get('batch', `Batch?${option}`)).status).toBe(400)
  })

  it.each([
    ['Nothing', 404],
    ["Batch('C-1')", 400],
    ["Batch(Material='COMPRESSOR',Batch='C-1')", 400],
    ["Batch(Material='COMPRESSOR',BatchIdentifyingPlant='',Batch='C-1',Batch='C-1')", 400],
    ["Batch(Material='COMPRESSOR',BatchIdentifyingPlant='',Batch=1)", 400],
    [`${compressor}/to_Nothing`, 404],
    ['Batch/extra/path', 404],
  ])('a path that names nothing: %s', async (path, status) => {
    const { get } = await s4Given()
    expect((await get('batch', path)).status).toBe(status)
  })

  it('describe the service', async () => {
    const { get } = await s4Given()
    expect((await get('batch', '')).body).toEqual({ EntitySets: ['Batch'] })
    const { text } = await get('batch', '$metadata', { accept: 'application/xml' })
    expect(text).toContain('<Property Name="Material" Type="Edm.String" MaxLength="40"/>')
    expect((await get('batch', 'Batch', { accept: 'application/atom+xml' })).status).toBe(406)
  })
})
