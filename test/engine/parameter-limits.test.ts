import { expect, it } from 'vitest'
import { tuneMany } from '../support/tuning.ts'

// `npm run soak -- limits` does the same with 100,000 actions.
it('no sequence of actions, retries and reverts moves a parameter out of its range, or faster than its step and dwell', async () => {
  const report = await tuneMany({ seed: 1, actions: 4000 })
  expect(report.problems).toEqual([])
  // What never changes anything would break no bound, either.
  expect(report.actions).toBe(4000)
  for (const count of ['changes', 'reversals', 'refused', 'waited'] as const) {
    expect(report[count], count).toBeGreaterThan(200)
  }
}, 120_000)

it('a reversal is bounded by what the target will write, not by what was looked at before a later try (seed 183)', async () => {
  expect((await tuneMany({ seed: 183, actions: 100 })).problems).toEqual([])
})
