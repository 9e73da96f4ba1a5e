import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { benjaminiHochberg } from '../src/index.js'
import { refusedBy } from './support/refused.js'

describe('the control of false discoveries', () => {
  // Y. Benjamini, Y. Hochberg (1995), 4.1; adjusted values by R 4.2: p.adjust
  const thrombolysis = [
    0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344, 0.0459, 0.324, 0.4262, 0.5719, 0.6528,
    0.759, 1,
  ]

  it('rejects four of the fifteen of Benjamini and Hochberg, where Bonferroni rejects three', () => {
    const { rejected, rejections } = benjaminiHochberg(thrombolysis)
    expect(rejections).toBe(4)
    expect(rejected).toEqual(thrombolysis.map((p) => p <= 0.0095))
    expect(thrombolysis.filter((p) => p * thrombolysis.length <= 0.05)).toHaveLength(3)
  })

  it('adjusts p-values as R does', () => {
    const expected = [
      0.0015, 0.003, 0.0095, 0.035625, 0.0603, 0.0638571428571, 0.0638571428571, 0.0645, 0.0765, 0.486,
      0.5811818181818, 0.714875, 0.7532307692308, 0.8132142857143, 1,
    ]
    for (const [index, p] of benjaminiHochberg(thrombolysis).adjusted.entries())
      expect(p).toBeCloseTo(expected[index] ?? Number.NaN, 12)
  })

  it('does not depend on the order of the tests, and never rejects a test but not a clearer one', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 40 }), (pValues) => {
        const { adjusted, rejected } = benjaminiHochberg(pValues, 0.1)
        expect([...benjaminiHochberg([...pValues].reverse(), 0.1).adjusted].reverse()).toEqual(adjusted)
        for (const [i, p] of pValues.entries()) {
          expect(adjusted[i]).toBeGreaterThanOrEqual(p)
          for (const [j, other] of pValues.entries())
            if (other <= p && rejected[i]) expect(rejected[j]).toBe(true)
        }
      }),
    )
  })

  it('finds nothing without tests, and refuses what is no probability', () => {
    expect(benjaminiHochberg([])).toEqual({ rejected: [], adjusted: [], rejections: 0 })
    expect(refusedBy(() => benjaminiHochberg([0.5, 1.1]))).toBe('benjaminiHochberg.pValues.1')
    expect(refusedBy(() => benjaminiHochberg([Number.NaN]))).toBe('benjaminiHochberg.pValues.0')
    expect(refusedBy(() => benjaminiHochberg([], 0))).toBe('benjaminiHochberg.level')
  })
})
