import { isChannelError } from '@andon/core/connector'
import type { FeedbackDraft } from '@andon/core/feedback'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mappingChannel, parseMapping } from '../src/index.js'

type Row = Readonly<Record<string, unknown>>

const base = {
  version: 1,
  channel: 'web',
  filedAt: 'filed',
  fields: { sourceMessageId: { column: 'id' }, symptomText: { column: 'text' } },
}
const plainRow: Row = { id: '7', filed: '2024-01-02', text: 'It rattles.' }

const mappingOf = (change: object = {}) => parseMapping(JSON.stringify({ ...base, ...change }), 'map.json')
const withFields = (fields: object) => mappingOf({ fields: { ...base.fields, ...fields } })

function draftsOf(mapping: ReturnType<typeof mappingOf>, row: Row): readonly FeedbackDraft[] {
  const drafts = mappingChannel(mapping).parse({ text: JSON.stringify(row), json: row })
  if (drafts instanceof Promise) throw new TypeError('a mapping parses at once')
  return drafts
}

const draftOf = (fields: object, row: Row = {}): FeedbackDraft | undefined =>
  draftsOf(withFields(fields), { ...plainRow, ...row })[0]

function refusalOf(work: () => unknown): {
  readonly field: string
  readonly value: unknown
  readonly reason: string
} {
  try {
    work()
  } catch (error) {
    if (isChannelError(error)) return { field: error.field, value: error.value, reason: error.reason.en }
    throw error
  }
  throw new TypeError('nothing was refused')
}

describe('a value', () => {
  test('comes from a column', () => {
    expect(draftOf({ region: { column: 'state' } }, { state: 'CN-GD' })).toMatchObject({ region: 'CN-GD' })
  })

  test('is left out where the cell is blank', () => {
    expect(draftOf({ region: { column: 'state' } }, { state: '  ' })).not.toHaveProperty('region')
  })

  test('is a template of columns, where doubled braces are braces', () => {
    const draft = draftOf({ productModel: '{make}-{model} {{x}}' }, { make: 'A', model: 'B' })

    expect(draft?.productModel).toBe('A-B {x}')
  })

  test('of a template all of whose columns are blank is left out', () => {
    expect(draftOf({ productModel: '{make}-{model}' }, { make: '' })).not.toHaveProperty('productModel')
  })

  test('is a constant', () => {
    expect(draftOf({ severityScore: 4.5, productCategory: 'car' })).toMatchObject({
      severityScore: 4.5,
      productCategory: 'car',
    })
  })

  test('is looked up in a table, else its default, else left out', () => {
    const lookups = { line: { 'X/1': 'first' } }
    const fields = {
      ...base.fields,
      productLine: { lookup: 'line', key: '{model}/{year}' },
      region: { lookup: 'line', key: '{model}', default: 'elsewhere' },
    }
    const mapping = mappingOf({ lookups, fields })

    expect(draftsOf(mapping, { ...plainRow, model: 'X', year: '1' })[0]).toMatchObject({
      productLine: 'first',
      region: 'elsewhere',
    })
    expect(draftsOf(mapping, { ...plainRow, model: 'X', year: '2' })[0]).not.toHaveProperty('productLine')
  })

  test('of a table is never one that the table inherits', () => {
    const mapping = mappingOf({
      lookups: { line: {} },
      fields: { ...base.fields, productLine: { lookup: 'line', key: '{model}' } },
    })

    expect(draftsOf(mapping, { ...plainRow, model: 'constructor' })[0]).not.toHaveProperty('productLine')
  })

  test('of a numeric field is read as a number', () => {
    expect(draftOf({ severityScore: { column: 's' } }, { s: ' 8.5 ' })?.severityScore).toBe(8.5)
  })

  test('that should be a number and is not is refused with column and value', () => {
    const work = () => draftOf({ severityScore: { column: 's' } }, { s: 'high' })

    expect(refusalOf(work)).toEqual({ field: 's', value: 'high', reason: 'is not a number' })
  })

  test.each([
    ['1', true],
    ['TRUE', true],
    ['是', true],
    ['0', false],
    ['n', false],
  ])('of a safety flag reads %j as %s', (cell, expected) => {
    expect(draftOf({ safetyFlags: { fire: { column: 'f' } } }, { f: cell })?.safetyFlags).toEqual({
      fire: expected,
    })
  })

  test('of a safety flag that is neither yes nor no is refused', () => {
    const work = () => draftOf({ safetyFlags: { fire: { column: 'f' } } }, { f: 'perhaps' })

    expect(refusalOf(work)).toMatchObject({ field: 'f', value: 'perhaps' })
  })

  test.each([
    ['0', false],
    ['3', true],
  ])('above a threshold: %s injuries is %s', (cell, expected) => {
    const fields = { safetyFlags: { injury: { column: 'injuries', above: 0 } } }

    expect(draftOf(fields, { injuries: cell })?.safetyFlags).toEqual({ injury: expected })
  })

  test('of an attribute keeps the type it is asked for', () => {
    const fields = { attributes: { year: { column: 'y', as: 'number' }, raw: { column: 'y' } } }

    expect(draftOf(fields, { y: '2016' })?.attributes).toEqual({ year: 2016, raw: '2016' })
  })

  test('reaches into nested objects with a dot', () => {
    expect(draftOf({ region: { column: 'owner.state' } }, { owner: { state: 'TX' } })?.region).toBe('TX')
  })

  test('does not reach into what an object inherits', () => {
    expect(draftOf({ region: { column: 'owner.constructor.name' } }, { owner: {} })).not.toHaveProperty(
      'region',
    )
  })
})

describe('an object', () => {
  const faultCode = { catalog: 'C', code: { column: 'code' } }

  test('is there when the member that matters is', () => {
    expect(draftOf({ faultCode }, { code: 'E-1' })?.faultCode).toEqual({ catalog: 'C', code: 'E-1' })
  })

  test('is not made of constants alone', () => {
    expect(draftOf({ faultCode })).not.toHaveProperty('faultCode')
  })

  test('of a list field is made for each element of a cell', () => {
    const fields = {
      evidence: {
        split: { column: 'photos', separator: ';', as: 'photo' },
        each: { uri: { column: 'photo' }, mime: 'image/jpeg' },
      },
    }

    expect(draftOf(fields, { photos: 'a.jpg; b.jpg;' })?.evidence).toEqual([
      { uri: 'a.jpg', mime: 'image/jpeg' },
      { uri: 'b.jpg', mime: 'image/jpeg' },
    ])
  })
})

describe('explode', () => {
  const explode = { column: 'parts', separator: ',', unlessBefore: ' ', as: 'part' }
  const mapping = mappingOf({
    explode,
    fields: { ...base.fields, sourceMessageId: '{id}/{part}', faultCode: { catalog: 'P', code: '{part}' } },
  })
  const partsOf = (parts: unknown) =>
    draftsOf(mapping, { ...plainRow, parts }).map(({ sourceMessageId }) => sourceMessageId)

  test('makes one feedback for each element', () => {
    expect(partsOf('STRUCTURE,ENGINE')).toEqual(['7/STRUCTURE', '7/ENGINE'])
  })

  test('keeps names whole that hold the separator', () => {
    expect(partsOf('ENGINE,FUEL SYSTEM, GASOLINE')).toEqual(['7/ENGINE', '7/FUEL SYSTEM, GASOLINE'])
  })

  test('makes one feedback where the cell is empty', () => {
    expect(partsOf('')).toEqual(['7/'])
  })

  test('takes an element that is there twice once', () => {
    expect(partsOf('A,A,B')).toEqual(['7/A', '7/B'])
  })

  test('takes a JSON list as it is', () => {
    expect(partsOf(['A, B', 'C'])).toEqual(['7/A, B', '7/C'])
  })

  test('loses no element and invents none', () => {
    const part = fc
      .string({ minLength: 1 })
      .filter((text) => !/[,[]/.test(text) && text.trim() === text && /\S/.test(text))
    fc.assert(
      fc.property(fc.uniqueArray(part, { minLength: 1, maxLength: 8 }), (parts) => {
        expect(partsOf(parts.join(','))).toEqual(parts.map((each) => `7/${each}`))
      }),
      { seed: 20240102, numRuns: 200 },
    )
  })
})

describe('a row', () => {
  test('without its own date field is received when it was filed', () => {
    expect(draftOf({})?.receivedAt).toBe('2024-01-02')
  })

  test('with characters that could not be decoded is refused', () => {
    expect(refusalOf(() => draftOf({}, { text: 'l\ufffdud' }))).toMatchObject({
      field: 'text',
      value: 'l\ufffdud',
    })
  })
})

describe('a mapping that is wrong', () => {
  const problemOf = (change: object, locale: 'en' | 'zh' = 'en'): string => {
    try {
      parseMapping(JSON.stringify({ ...base, ...change }), 'map.json', locale)
    } catch (error) {
      return error instanceof Error ? error.message : ''
    }
    return ''
  }

  test('with a field that does not exist says so', () => {
    expect(problemOf({ fields: { ...base.fields, colour: 'red' } })).toContain(
      'fields: Unrecognized key: "colour"',
    )
  })

  test('with a misspelt form says what is unknown', () => {
    const problem = problemOf({ fields: { ...base.fields, symptomText: { colum: 'x' } } })

    expect(problem).toContain('fields.symptomText: column:')
    expect(problem).toContain('Unrecognized key: "colum"')
  })

  test('with a channel that does not exist names those that do', () => {
    expect(problemOf({ channel: 'telex' })).toContain('"field-service"')
  })

  test('with a table that is not defined names it', () => {
    const fields = { ...base.fields, region: { lookup: 'regions', key: '{state}' } }

    expect(problemOf({ fields })).toContain('lookups: regions not defined')
  })

  test('tells every problem at once', () => {
    const problem = problemOf({ version: 2, channel: 'telex', filedAt: '' })

    expect(problem.match(/\n {2}- /g)).toHaveLength(3)
  })

  test('that is no JSON says so', () => {
    expect(() => parseMapping('{', 'map.json')).toThrow(/map\.json is not a valid mapping/)
  })
})
