import type { FeedbackRecord } from '@andon/core/feedback'
import { sampleStart } from '@andon/testkit'
import { describe, expect, it } from 'vitest'
import { emergingIssue } from '../../src/index.js'
import { randomFrom } from '../../src/scan/random.js'
import { day, oldReports, run, streamOf, type World, world } from './streams.js'

const plain: World = { models: 3, faults: 8, years: 2, perWeek: 10 }
const seeds = (count: number, first: number): number[] => Array.from({ length: count }, (_, i) => first + i)

describe('emergingIssue over two years of chance', () => {
  it('says something in at most 5 % of 1,000 runs in which nothing rises but the season, and twelve tell of years ago', () => {
    const volume = (onDay: number): number => (1 + 0.4 * Math.sin((2 * Math.PI * onDay) / 365)) / 1.4
    const runs = seeds(1000, 1).map((seed) => {
      const random = randomFrom(seed)
      return run(streamOf([...world(random, { ...plain, volume }), ...oldReports(random, plain)]))
    })
    const share = runs.filter(({ findings }) => findings.length > 0).length / runs.length
    console.log(
      `emerging issues without a rise, with a pile of old reports, seeds 1 to 1000: a finding in ${(100 * share).toFixed(1)} % of the runs`,
    )
    expect(share).toBeLessThanOrEqual(0.05)
  })

  it('finds a fault that becomes five times as frequent in at least 90 % of runs, within 80 of its cases', () => {
    const rises = 500
    const runs = seeds(100, 5001).map((seed) => {
      const times = (onDay: number): number => (onDay < rises ? 1 : 5)
      return casesUntilTold(
        streamOf(world(randomFrom(seed), { ...plain, years: 3, spread: 0, times, rising: 2 })),
        rises,
      )
    })
    const found = runs.flatMap((cases) => (cases === undefined ? [] : [cases])).sort((a, b) => a - b)
    const share = found.filter((cases) => cases <= 80).length / runs.length
    console.log(
      `a rise to five times, seeds 5001 to 5100: found in ${(100 * share).toFixed(0)} % within 80 cases, median ${found[Math.floor(found.length / 2)]}`,
    )
    expect(share).toBeGreaterThanOrEqual(0.9)
  })
})

/** Cases of the planted fault that happened since it rises, up to the one after which it is told; undefined when it never is. */
function casesUntilTold(stream: readonly FeedbackRecord[], rises: number): number | undefined {
  const detector = emergingIssue()
  const state = detector.init()
  const from = sampleStart + rises * day
  let cases = 0
  for (const feedback of stream) {
    const findings = detector.observe(state, [feedback], new Date(feedback.receivedAt))
    if (findings.some(({ key }) => key === '["emerging","M-0","E-2"]') && cases > 0) return cases
    const isPlanted = feedback.productModel === 'M-0' && feedback.faultCode?.code === 'E-2'
    if (isPlanted && Date.parse(feedback.lastOccurrenceTime) >= from) cases++
  }
  return undefined
}
