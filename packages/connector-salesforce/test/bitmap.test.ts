import avsc, { type Schema } from 'avsc'
import { describe, expect, it } from 'vitest'
import { fieldsOf } from '../src/events/bitmap.js'

const text: Schema = ['null', 'string']
const field = (name: string, type = text) => ({ name, type, default: null })
const person: Schema = {
  type: 'record',
  name: 'PersonName',
  fields: [field('Salutation'), field('FirstName'), field('LastName')],
}

const schema = avsc.Type.forSchema({
  type: 'record',
  name: 'CaseChangeEvent',
  fields: [
    { name: 'ChangeEventHeader', type: 'string' },
    field('Subject'),
    field('Status'),
    { name: 'Name', type: person },
    ...Array.from({ length: 80 }, (_, index) => field(`Wide${index}`)),
  ],
})
if (!(schema instanceof avsc.types.RecordType)) throw new Error('the schema is no record')
const named = (...bitmaps: string[]): readonly string[] => fieldsOf(bitmaps, schema)

describe('the bitmaps of a change event', () => {
  it('name fields by their place in the schema, the lowest bit first', () => {
    expect(named('0x06')).toEqual(['Subject', 'Status'])
    expect(named('0x01')).toEqual(['ChangeEventHeader'])
    expect(named('0x08')).toEqual(['Name'])
  })

  it('are read in capitals and in small letters, with and without zeros in front', () => {
    expect(named('0x0C')).toEqual(['Status', 'Name'])
    expect(named('0x000000000c')).toEqual(['Status', 'Name'])
  })

  it('reach beyond the 53 bits that a number holds', () => {
    expect(named(`0x${(1n << 70n).toString(16)}`)).toEqual(['Wide66'])
    expect(named(`0x${((1n << 83n) | 2n).toString(16)}`)).toEqual(['Subject', 'Wide79'])
  })

  it('with a place in front name the parts of a compound field', () => {
    expect(named('0x02', '3-0x05')).toEqual(['Subject', 'Name.Salutation', 'Name.LastName'])
  })

  it('name nothing where they say nothing, go beyond the schema, or are none', () => {
    expect(named()).toEqual([])
    expect(named('0x0')).toEqual([])
    expect(named(`0x${(1n << 84n).toString(16)}`)).toEqual([])
    expect(named('3-0x08', '99-0x01', '1-0x01')).toEqual([])
    expect(named('', '0x', 'xyz')).toEqual([])
  })
})
