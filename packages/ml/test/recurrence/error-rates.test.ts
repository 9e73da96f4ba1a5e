import type { Finding } from '@andon/core/connector'
import type { FeedbackRecord } from '@andon/core/feedback'
import { sampleFeedback, sampleStart } from '@andon/testkit'
import { describe, expect, it } from 'vitest'
import { recurrence } from '../../src/index.js'
import { randomFrom } from '../../src/scan/random.js'

const day = 86_400_000
const sample = sampleFeedback(0)

interface Complaint {
  readonly onDay: number
  readonly fault: number
  readonly unit: number
}

/** A year in which `units` units have each of `faults` faults, and a share `rate` of them has it again within 180 days. */
function year(seed: number, faults: number, units: number, rate: number): Complaint[] {
  const random = randomFrom(seed)
  return Array.from({ length: faults * units }, (_, index): Complaint[] => {
    const first = { onDay: random.next() * 365, fault: index % faults, unit: index }
    const again = { ...first, onDay: first.onDay + 22 + random.next() * 150 }
    return random.next() < rate ? [first, again] : [first]
  })
    .flat()
    .sort((a, b) => a.onDay - b.onDay)
}

/** The number of complaints up to the first confirmed finding, which is told. */
function firstConfirmed(complaints: readonly Complaint[]): number | undefined {
  const detector = recurrence()
  const state = detector.init()
  for (const [index, { onDay, fault, unit }] of complaints.entries()) {
    const at = new Date(sampleStart + onDay * day)
    const feedback: FeedbackRecord = {
      ...sample,
      feedbackId: `f-${index}`,
      serialNumber: `S-${unit}`,
      faultCode: { catalog: 'andon', code: `E-${fault}` },
      receivedAt: at.toISOString(),
      lastOccurrenceTime: at.toISOString(),
    }
    const found: readonly Finding[] = detector.observe(state, [feedback], at)
    if (found.length > 0) return index + 1
  }
  return undefined
}

const runsOf = (
  runs: number,
  firstSeed: number,
  make: (seed: number) => Complaint[],
): (number | undefined)[] => Array.from({ length: runs }, (_, run) => firstConfirmed(make(firstSeed + run)))

describe('recurrence over a year of chance', () => {
  it('says something in at most 5 % of 1,000 years in which ten faults come back on 5 % of 60 units each', () => {
    const runs = runsOf(1000, 1, (seed) => year(seed, 10, 60, 0.05))
    const share = runs.filter((found) => found !== undefined).length / runs.length
    console.log(
      `recurrence without a defect, seeds 1 to 1000: a finding in ${(100 * share).toFixed(1)} % of the years`,
    )
    expect(share).toBeLessThanOrEqual(0.05)
  })

  it('finds a fault that comes back on 20 % of units in at least 90 % of years, within 1,000 complaints', () => {
    const runs = runsOf(100, 5001, (seed) => year(seed, 1, 850, 0.2).slice(0, 1000))
    const found = runs
      .flatMap((complaints) => (complaints === undefined ? [] : [complaints]))
      .sort((a, b) => a - b)
    const share = found.length / runs.length
    const median = found[Math.floor(found.length / 2)]
    console.log(
      `recurrence of 20 %, seeds 5001 to 5100: found in ${(100 * share).toFixed(0)} % within 1,000 complaints, median ${median}`,
    )
    expect(share).toBeGreaterThanOrEqual(0.9)
  })
})
