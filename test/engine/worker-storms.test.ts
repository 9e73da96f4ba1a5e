import { expect, it } from 'vitest'
import { troubles } from '../support/storm/plan.js'
import { runStorm, told } from '../support/storm/run.js'

// `npm run soak -- workers` makes a thousand others; `--runs 1 --seed n` makes one of them again.
const first = 20_260_301
const runs = 24

it(`whatever happens to workers and what they stand on, they come to what one process comes to (seeds from ${first})`, async () => {
  const met = new Set<string>()
  const failed: string[] = []
  for (let seed = first; seed < first + runs; seed++) {
    const run = await runStorm(seed)
    for (const trouble of Object.keys(run.troubles)) met.add(trouble)
    if (run.problems.length > 0) failed.push(told(run))
  }
  expect(failed, failed.join('\n')).toEqual([])
  expect(met).toEqual(new Set(troubles))
}, 120_000)
