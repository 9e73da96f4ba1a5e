import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { holdPlan } from '../../src/engine/trace/holds.js'
import type { AffectedUnit, SuspectBatch, Trace } from '../../src/engine/trace/result.js'

const targets = ['mes', 'sap', 'reader'] as const
const able = ['mes', 'sap']

const traceOf = (batches: readonly SuspectBatch[], units: readonly AffectedUnit[]): Trace => ({
  ...{
    signalId: 's_1',
    feedback: [],
    serials: [],
    batches,
    units,
    locations: [],
    unresolved: [],
    cut: false,
  },
})

const known = fc.record({ target: fc.constantFrom(...targets), nameOnly: fc.boolean() })
const suspect = fc
  .record({
    number: fc.integer({ min: 0, max: 3 }),
    finished: fc.boolean(),
    known: fc.uniqueArray(known, { selector: (one) => one.target }),
  })
  .map(
    ({ number, finished, known: there }): SuspectBatch => ({
      ...{ batch: `L-${number}`, share: 1, reports: 2, because: 'rule', known: there },
      ...(finished ? {} : { component: 'compressor' }),
    }),
  )
const unit = fc
  .record({
    lot: fc.option(fc.integer({ min: 0, max: 5 })),
    where: fc.subarray([...targets], { minLength: 1 }),
  })
  .map(({ lot, where }) => ({ targets: where, ...(lot === null ? {} : { batch: `L-${lot}` }) }))
const traces = fc
  .tuple(fc.uniqueArray(suspect, { selector: ({ batch }) => batch }), fc.array(unit, { maxLength: 50 }))
  .map(([batches, units]) =>
    traceOf(
      batches,
      units.map((one, index) => ({ serial: `S-${index}`, ...one })),
    ),
  )

it('covers every traced lot and unit exactly once at every target that can hold it, and nothing else', () => {
  const seed = Date.now() % 1_000_000
  fc.assert(
    fc.property(traces, (trace) => {
      const { holds } = holdPlan(trace, able, [], [])
      for (const target of targets) {
        const there = holds.filter((one) => one.target === target)
        const lots = there.flatMap(({ covers }) => (covers.batch === undefined ? [] : [covers.batch]))
        const serials = there.flatMap(({ covers }) => (Array.isArray(covers.serials) ? covers.serials : []))
        const can = able.includes(target)
        const wantedLots = trace.batches.filter(
          (one) => can && one.known.some((place) => place.target === target && !place.nameOnly),
        )
        const whole = wantedLots.filter(({ component }) => component === undefined).map(({ batch }) => batch)
        const wantedUnits = trace.units.filter(
          ({ targets: where, batch }) => can && where.includes(target) && !whole.includes(batch ?? ''),
        )
        expect(lots.sort()).toEqual(wantedLots.map(({ batch }) => batch).sort())
        expect(serials.sort()).toEqual(wantedUnits.map(({ serial }) => serial).sort())
      }
    }),
    { seed, numRuns: 500 },
  )
})

const lot = (place: SuspectBatch['known'][number]): SuspectBatch => ({
  ...{ batch: 'C-1', component: 'compressor', share: 1, reports: 2, because: 'rule', known: [place] },
})

it('holds units in portions of a thousand', () => {
  const units = Array.from({ length: 2500 }, (_, index) => ({ serial: `S-${index}`, targets: ['mes'] }))
  const { holds } = holdPlan(traceOf([], units), able, [], [])
  expect(holds.map(({ covers }) => (Array.isArray(covers.serials) ? covers.serials.length : 0))).toEqual([
    1000, 1000, 500,
  ])
})

it('does not hold again what a standing hold covers', () => {
  const units = ['S-1', 'S-2', 'S-3'].map((serial) => ({ serial, targets: ['mes'] }))
  const standing = [
    { target: 'mes', params: { batch: 'C-1', reason: 'x' } },
    { target: 'mes', params: { serials: ['S-1', 'S-3'], reason: 'x' } },
    { target: 'sap', params: { serials: ['S-2'], reason: 'x' } },
  ]
  const { holds } = holdPlan(traceOf([lot({ target: 'mes', nameOnly: false })], units), able, [], standing)
  expect(holds).toEqual([{ target: 'mes', covers: { serials: ['S-2'] } }])
})

it('holds a lot that nobody knows where nobody could be asked', () => {
  const unknown: SuspectBatch = { ...lot({ target: 'mes', nameOnly: false }), known: [] }
  const { holds } = holdPlan(traceOf([unknown], []), able, ['sap'], [])
  expect(holds).toEqual([{ target: 'sap', covers: { batch: 'C-1', component: 'compressor' } }])
})

it('says which lots and units nobody can hold', () => {
  const units = ['S-1', 'S-2'].map((serial) => ({ serial, targets: ['reader'] }))
  const { holds, gaps } = holdPlan(traceOf([lot({ target: 'mes', nameOnly: true })], units), able, [], [])
  expect(holds).toEqual([])
  expect(gaps).toMatchObject([
    { what: 'batch', id: 'C-1' },
    { what: 'target', id: 'reader', reason: { en: expect.stringContaining('2 unit(s)') } },
  ])
})
