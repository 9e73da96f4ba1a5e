import assert from 'node:assert/strict'
import * as fc from 'fast-check'
import { describe, it } from 'vitest'
import { decimalOf, sumOf, unitsOf } from '../src/odata/decimal.js'
import { anyOf, withQuery } from '../src/odata/query.js'
import * as v2 from '../src/odata/v2.js'
import * as v4 from '../src/odata/v4.js'

describe('the values of OData V2', () => {
  it('doubles the quote in a text', () => {
    assert.equal(v2.text("O'Neil"), "'O''Neil'")
    assert.equal(v4.text("O'Neil"), "'O''Neil'")
  })

  it('writes dates as functions and bodies want them', () => {
    const at = Date.UTC(2026, 10, 26, 9, 30)
    assert.equal(v2.dateTime(at), "datetime'2026-11-26T09:30:00'")
    assert.equal(v2.dateValue(v2.dayOf(at)), `/Date(${Date.UTC(2026, 10, 26)})/`)
  })

  it('reads dates with and without an offset, and nothing else', () => {
    assert.equal(v2.dateOf('/Date(1764115200000)/'), 1_764_115_200_000)
    assert.equal(v2.dateOf('/Date(1764115200000+0060)/'), 1_764_115_200_000)
    assert.equal(v2.dateOf('/Date(-1)/'), -1)
    for (const other of [null, '', '2026-11-26', 5, undefined]) assert.equal(v2.dateOf(other), undefined)
  })

  it('writes and reads times of day', () => {
    assert.equal(v2.timeValue(6 * 3600), 'PT06H00M00S')
    assert.equal(v2.timeOf('PT06H00M00S'), 6 * 3600)
    assert.equal(v2.timeOf('PT5M'), 300)
    for (const other of ['', 'PT', '06:00', 'P1D']) assert.equal(v2.timeOf(other), undefined)
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 86_399 }),
        (seconds) => v2.timeOf(v2.timeValue(seconds)) === seconds,
      ),
    )
  })

  it('names a single key by its value alone and several by their names, percent-encoded', () => {
    assert.equal(v2.entityPath('A_ProductionOrder_2', '1000123'), "/A_ProductionOrder_2('1000123')")
    assert.equal(
      v2.entityPath('Batch', { Material: 'M 1/2', BatchIdentifyingPlant: '', Batch: "C'1" }),
      "/Batch(Material='M%201%2F2',BatchIdentifyingPlant='',Batch='C''1')",
    )
  })
})

describe('a query', () => {
  it('leaves out what is undefined and encodes only what must be', () => {
    assert.equal(
      withQuery('/Batch', { filter: "Batch eq 'C&1'", top: 5, expand: undefined, 'sap-client': '100' }),
      "/Batch?$filter=Batch%20eq%20'C%261'&$top=5&sap-client=100",
    )
    assert.equal(withQuery('/Batch', {}), '/Batch')
  })

  it('comes back as it was, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (said) => {
        const url = new URL(withQuery('/Batch', { filter: v2.text(said) }), 'http://sap')
        assert.equal(url.searchParams.get('$filter'), v2.text(said))
      }),
    )
  })

  it('joins conditions in brackets', () => {
    assert.equal(anyOf([]), undefined)
    assert.equal(anyOf(['a']), 'a')
    assert.equal(anyOf(['a', 'b']), '(a or b)')
  })
})

describe('decimals', () => {
  it('are never floats: 0.1 and 0.2 make 0.3', () => {
    assert.equal(sumOf(['0.1', '0.2']), '0.3')
    assert.equal(sumOf(['9007199254740993', '0.00000000000001']), '9007199254740993.00000000000001')
    assert.equal(sumOf(['1', 'x']), undefined)
  })

  it('are refused when they are finer than SAP has them', () => {
    assert.equal(unitsOf('0.000000000000001'), undefined)
    assert.equal(unitsOf('1.500000000000000000'), unitsOf('1.5'))
  })

  it('come back as they were, without zeros at the end', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 30n), max: 10n ** 30n }),
        (units) => unitsOf(decimalOf(units)) === units,
      ),
    )
  })
})
