import { expect, it } from 'vitest'
import { mesStorms } from '../support/mes-storm.ts'

const seed = 1

// `npm run soak -- mes` does the same with 1,000 sequences.
it(`after random faults at any request an MES stands as the receipts say, each effect once (seed ${seed})`, async () => {
  const report = await mesStorms({ seed, sequences: 40 })
  expect(report.problems).toEqual([])
  // What meets no fault and changes nothing would differ in nothing, either.
  expect(report.faults).toBeGreaterThan(500)
  expect(report.done).toBeGreaterThan(300)
  for (const count of ['refused', 'reverted'] as const) expect(report[count], count).toBeGreaterThan(30)
}, 60_000)
