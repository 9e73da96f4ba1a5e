import { expect, it } from 'vitest'
import { mutants, tryMutant } from '../support/mutants.mjs'

// One a promise; `npm run soak -- mutants` tries them all.
const brief = mutants.filter((mutant) => mutant.brief === true)

it('there is a mutant for every promise that the issue names', () => {
  expect(brief.map(({ promise }) => promise)).toEqual([1, 2, 3, 4, 5, 7, 8])
})

for (const mutant of brief) {
  it(`the test of promise ${mutant.promise} fails when ${mutant.name}`, async () => {
    const { failed, output } = await tryMutant(mutant, mutant)
    expect(failed, output).toBeGreaterThan(0)
  }, 120_000)
}
