import { describe, expect, it } from 'vitest'
import { association } from '../../src/index.js'
import { badBatch, type Defect, fleet } from './fleet.js'

/** The first finding: after how many complaints, and whether it is the display and the bad batch. */
function firstFinding(
  seed: number,
  complaints: number,
  defect?: Defect,
): { readonly after: number; readonly isRight: boolean } | undefined {
  const detector = association()
  const state = detector.init()
  for (const [index, feedback] of fleet(seed, complaints, defect).entries()) {
    const [finding] = detector.observe(state, [feedback], new Date(feedback.receivedAt))
    if (finding === undefined) continue
    const isRight = finding.key === `["association","E-DISP",["component","mainboard","${badBatch}"]]`
    return { after: index + 1, isRight }
  }
  return undefined
}

describe('associations over a year of chance', () => {
  it('are told in at most 5 % of 1,000 years in which faults go with age and season, but with no batch', () => {
    const found = Array.from({ length: 1000 }, (_, run) => firstFinding(1 + run, 1000))
    const share = found.filter((one) => one !== undefined).length / found.length
    console.log(
      `association without a defect, seeds 1 to 1000, 1,000 complaints: a finding in ${(100 * share).toFixed(1)} % of the years`,
    )
    expect(share).toBeLessThanOrEqual(0.05)
  })

  it('of displays with a mainboard batch, lift 5, are found in at least 90 % of years, within 1,500 complaints', () => {
    const found = Array.from({ length: 100 }, (_, run) => firstFinding(5001 + run, 1500, { lift: 5 }))
    const right = found.flatMap((one) => (one?.isRight === true ? [one.after] : [])).sort((a, b) => a - b)
    const median = right[Math.floor(right.length / 2)]
    console.log(
      `display × mainboard batch of lift 5, seeds 5001 to 5100: found in ${right.length} % within 1,500 complaints, median ${median}`,
    )
    expect(right.length).toBeGreaterThanOrEqual(90)
  })
})
