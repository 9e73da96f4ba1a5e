import { expect, it } from 'vitest'
import { storms } from '../support/sap-storm/run.js'
import { startS4HanaStorm } from '../support/sap-storm/s4hana.js'

const seed = 1

// `npm run soak -- sap` does the same with 1,000 sequences.
it(`after random faults at any request S/4HANA stands as the receipts say, each effect once (seed ${seed})`, async () => {
  const report = await storms(startS4HanaStorm, { seed, sequences: 12 })
  expect(report.problems).toEqual([])
  // What meets no fault and changes nothing would differ in nothing, either.
  expect(report.faults).toBeGreaterThan(200)
  expect(report.done).toBeGreaterThan(100)
  for (const count of ['refused', 'reverted'] as const) expect(report[count], count).toBeGreaterThan(10)
}, 60_000)
