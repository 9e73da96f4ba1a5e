import { expect, it } from 'vitest'
import { runSalesforce } from '../support/salesforce/run.mjs'

// The long version: npm run soak -- salesforce.
it('every state of every case arrives, in order, and each reply is written once, whatever breaks on the way', async () => {
  const { troubles, ...run } = await runSalesforce({ seed: 11, changes: 8_000, everyChanges: 150, speed: 10 })
  expect(run, JSON.stringify({ ...run, troubles })).toMatchObject({
    ...{ missing: [], disorders: [], strangers: [], wrong: [] },
  })
  expect(Object.values(troubles).reduce((sum, count) => sum + count, 0)).toBeGreaterThan(30)
  expect(run.replies).toBeGreaterThan(0)
}, 120_000)
