import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  alarmsOfProcess,
  B2mmlError,
  changeMaterialLot,
  changeWorkRequestPriority,
  lotOfB2mml,
  lotsOfChange,
  orderOfB2mml,
  ordersOfChange,
  processWorkAlert,
  scalePriority,
  unscalePriority,
} from '../src/index.js'

const head = { at: '2026-03-04T05:00:00.000Z', id: '0199-hold' }
const file = (name: string): string => fileURLToPath(new URL(`fixtures/${name}.json`, import.meta.url))
const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

const lot = { lot: 'C24-117', held: true, component: 'compressor', quantity: 430 }

describe('a material lot', () => {
  it('that is held is Restricted, to the letter as in the golden file', async () => {
    const document = changeMaterialLot(lot, 'cooling failure on 8 units in 24 h', head)
    await expect(json(document)).toMatchFileSnapshot(file('change-material-lot'))
    expect(lotsOfChange(document)).toEqual([lot])
  })

  it('has the words of the plant for its status', () => {
    const words = { held: { status: 'GESPERRT' }, free: { status: 'FREI' } }
    const document = changeMaterialLot({ ...lot, held: false }, 'tested', head, words)
    expect(JSON.stringify(document)).toContain('"Status":"FREI","Disposition":"UnRestricted"')
    expect(lotsOfChange(document, words)).toEqual([{ ...lot, held: false }])
  })

  it.each([
    [{ ID: 'L', Disposition: 'Restricted' }, true],
    [{ ID: 'L', Disposition: { $: 'Restricted', '@listID': 'ISA-95' }, Status: 'Released' }, true],
    [{ ID: { $: 'L', '@schemeID': 'lots' }, Disposition: 'UnRestricted', Status: 'Held' }, false],
    [{ ID: 'L', Disposition: 'In-Process' }, false],
    [{ ID: 'L', Status: 'Held' }, true],
    [{ ID: 'L', Status: { $: 'Released' } }, false],
    [{ ID: 'L' }, false],
  ])('of another system, %j, is read: the disposition counts before the status', (document, held) => {
    expect(lotOfB2mml(document)).toEqual({ lot: 'L', held })
  })

  it('survives both ways, whatever it is', () => {
    fc.assert(
      fc.property(
        fc.record(
          {
            lot: fc.string({ minLength: 1 }),
            held: fc.boolean(),
            component: fc.string({ minLength: 1 }),
            quantity: fc.nat(),
          },
          { requiredKeys: ['lot', 'held'] },
        ),
        (one) => {
          const sent = JSON.parse(JSON.stringify(changeMaterialLot(one, 'why', head)))
          expect(lotsOfChange(sent)).toEqual([one])
        },
      ),
    )
  })

  it('that cannot be read says where', () => {
    expect(() => lotOfB2mml({ Status: 'Held' })).toThrow(B2mmlError)
    const document = { ChangeMaterialLot: { DataArea: { MaterialLot: [{ ID: 'L' }, { ID: [] }] } } }
    expect(() => lotsOfChange(document)).toThrow('ChangeMaterialLot.DataArea.MaterialLot.1.ID')
  })
})

describe('the priority of a work request', () => {
  it('is, to the letter, as in the golden file', async () => {
    const scale = { first: 100, last: 1 }
    const document = changeWorkRequestPriority(
      { order: 'PO-520W', priority: 1 },
      'WS-10',
      'safety',
      head,
      scale,
    )
    await expect(json(document)).toMatchFileSnapshot(file('change-work-schedule'))
    expect(ordersOfChange(document, scale)).toEqual([{ order: 'PO-520W', priority: 1 }])
  })

  it('is another one for each of ours, and comes back, on any scale', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: -1e6, max: 1e6 }),
        fc.integer({ min: 8, max: 1e6 }),
        fc.boolean(),
        (first, width, up) => {
          const scale = { first, last: up ? first + width : first - width }
          const theirs = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((priority) => scalePriority(priority, scale))
          expect(new Set(theirs).size).toBe(9)
          expect(theirs.map((priority) => unscalePriority(priority, scale))).toEqual([
            1, 2, 3, 4, 5, 6, 7, 8, 9,
          ])
        },
      ),
    )
  })

  it('outside the scale is its end', () => {
    expect(unscalePriority(5_000, { first: 100, last: 1 })).toBe(1)
    expect(unscalePriority(-3, { first: 100, last: 1 })).toBe(9)
  })

  it('is refused where two would become one, or where there is none', () => {
    expect(() => scalePriority(1, { first: 1, last: 5 })).toThrow(RangeError)
    expect(() => scalePriority(0)).toThrow(RangeError)
    expect(() => orderOfB2mml({ ID: 'PO-1' })).toThrow(B2mmlError)
    expect(orderOfB2mml({ ID: { $: 'PO-1' }, Priority: { $: '3' } })).toEqual({ order: 'PO-1', priority: 3 })
  })
})

const alarm = {
  ...{ conditionId: 'IM-07/mould_temperature/low', conditionName: 'Mould temperature low', active: false },
  ...{
    message: '模温偏低',
    severity: 750,
    time: '2026-03-01T02:00:05Z',
    activeSince: '2026-03-01T01:58:00Z',
  },
  ...{ equipment: 'IM-07', plant: 'Foshan', line: 'L2', productModel: 'BCD-520W', serialNumber: 'SN-1' },
  ...{ lot: 'F-0301', faultCode: 'E-MOULD-02', componentLots: { door_seal: 'DS-0302' } },
  values: [{ name: 'mould_temperature', value: 51.2, unit: 'Cel', low: 52, high: 58 }],
  attributes: { shift: 'night' },
}

describe('a work alert', () => {
  it('is, to the letter, as in the golden file; and comes back whole', async () => {
    const document = processWorkAlert(alarm, { ...head, id: 'alert-1' })
    await expect(json(document)).toMatchFileSnapshot(file('process-work-alert'))
    expect(alarmsOfProcess(document)).toEqual([alarm])
  })

  it('of another system is read: several languages, values as objects, properties of its own', () => {
    const document = {
      ProcessWorkAlert: {
        ApplicationArea: { CreationDateTime: '2026-03-01T02:00:05Z' },
        DataArea: {
          WorkAlert: [
            {
              ID: { $: 'A-17' },
              MessageText: [
                { $: 'Seal torn', '@languageID': 'en-GB' },
                { $: '密封破损', '@languageID': 'zh-CN' },
              ],
              Priority: 1,
              WorkAlertProperty: [{ ID: 'cavity', Value: { ValueString: '3' } }],
            },
          ],
        },
      },
    }
    const read = { conditionId: 'A-17', active: true, severity: 1_000, time: '2026-03-01T02:00:05Z' }
    const attributes = { cavity: '3' }
    expect(alarmsOfProcess(document, { language: 'zh' })).toEqual([
      { ...read, message: '密封破损', attributes },
    ])
    expect(alarmsOfProcess(document)).toEqual([{ ...read, message: 'Seal torn', attributes }])
  })

  it('keeps every text, whatever it is', () => {
    const name = fc.string({ minLength: 1 }).filter((text) => !text.startsWith('__'))
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), name, fc.string(), (message, id, attribute) => {
        const one = { conditionId: id, active: true, message, time: head.at, attributes: { [id]: attribute } }
        expect(alarmsOfProcess(JSON.parse(JSON.stringify(processWorkAlert(one, head))))).toEqual([one])
      }),
    )
  })
})

it('the golden files say whom B2MML is used by courtesy of', () => {
  const source = fileURLToPath(new URL('../src/b2mml/values.ts', import.meta.url))
  expect(readFileSync(source, 'utf8').replace(/\s*\n \* /g, ' ')).toContain(
    'is used courtesy of MESA International',
  )
})
