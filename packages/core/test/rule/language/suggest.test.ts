import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { candidateRank, candidates, editDistance, suggest } from '../../../src/rule/language/suggest.js'

describe('editDistance', () => {
  // Optimal string alignment: CA → ABC is 3, where the unrestricted distance is 2.
  it.each([
    ['adn', 'and', 1],
    ['ca', 'abc', 3],
    ['kitten', 'sitting', 3],
    ['', 'abc', 3],
    ['同样', '同样', 0],
    ['😀a', 'a😀', 1],
  ])('%s → %s is %i', (left, right, distance) => {
    expect(editDistance(left, right, 10)).toBe(distance)
  })

  it('is the same in both directions, and zero only for the same word', () => {
    const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 7 })
    fc.assert(
      fc.property(word, word, (left, right) => {
        expect(editDistance(left, right, 10)).toBe(editDistance(right, left, 10))
        expect(editDistance(left, right, 10) === 0).toBe(left === right)
      }),
    )
  })
})

describe('suggest', () => {
  it('prefers the nearest, and among equally near ones the keyword', () => {
    const all = [
      ...candidates(['regiom'], candidateRank.field),
      ...candidates(['REGION'], candidateRank.keyword),
    ]
    expect(suggest('regio', all)).toBe('REGION')
    expect(suggest('regiomm', all)).toBe('regiom')
  })

  it('proposes nothing for words of one or two letters or of more than 64', () => {
    expect(suggest('o', candidates(['OR'], 0))).toBeUndefined()
    expect(suggest('a'.repeat(65), candidates(['a'.repeat(66)], 0))).toBeUndefined()
  })
})

it('a distance beyond the limit is given up early, and every other one is what it is without a limit', () => {
  const word = fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'é'), maxLength: 9 })
  fc.assert(
    fc.property(word, word, fc.nat(4), (left, right, limit) => {
      const distance = editDistance(left, right, 100)
      expect(editDistance(left, right, limit)).toBe(distance > limit ? Number.POSITIVE_INFINITY : distance)
    }),
    { numRuns: 1000 },
  )
})
