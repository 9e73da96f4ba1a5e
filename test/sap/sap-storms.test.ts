import { expect, it } from 'vitest'
import { startDigitalManufacturingStorm } from '../support/sap-storm/digital-manufacturing.js'
import { storms } from '../support/sap-storm/run.js'
import { startS4HanaStorm } from '../support/sap-storm/s4hana.js'

const seed = 1
const systems = {
  'S/4HANA': startS4HanaStorm,
  'Digital Manufacturing': startDigitalManufacturingStorm,
}

// `npm run soak -- sap` does the same with 1,000 sequences.
it.each(Object.entries(systems))(
  `after random faults at any request %s stands as the receipts say, each effect once (seed ${seed})`,
  async (_, start) => {
    const report = await storms(start, { seed, sequences: 12 })
    expect(report.problems).toEqual([])
    // What meets no fault and changes nothing would differ in nothing, either.
    expect(report.faults).toBeGreaterThan(200)
    expect(report.done).toBeGreaterThan(100)
    for (const count of ['refused', 'reverted'] as const) expect(report[count], count).toBeGreaterThan(5)
  },
  60_000,
)
