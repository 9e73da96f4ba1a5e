import { expect, it } from 'vitest'
import { runChaos, told } from '../support/chaos/run.mjs'
import { noTrouble, troubleOf, troubles } from '../support/chaos/trouble.mjs'

// Twelve that meet every kind of trouble between them; `npm run soak -- chaos` makes 200 others.
const first = 20_260_301
const seeds = Array.from({ length: 12 }, (_, index) => first + index)

it(`on a quiet day every action ends as planned (seed ${first})`, async () => {
  const run = await runChaos({ seed: first, trouble: noTrouble() })
  expect(run.findings, told(run)).toEqual([])
}, 60_000)

it(`whatever goes wrong, no action is lost, none is done twice, and what is recorded is so (seeds from ${first})`, async () => {
  expect(new Set(seeds.flatMap((seed) => troubleOf(seed).kinds))).toEqual(new Set(troubles))
  const waiting = [...seeds]
  const counts = { kills: 0, full: 0, jumps: 0 }
  const findings: string[] = []
  const work = async (): Promise<void> => {
    for (let seed = waiting.shift(); seed !== undefined; seed = waiting.shift()) {
      const run = await runChaos({ seed })
      counts.kills += run.kills
      counts.full += run.full
      counts.jumps += run.jumps
      if (run.findings.length === 0) continue
      findings.push(told(run))
      waiting.length = 0
    }
  }
  await Promise.all([work(), work()])
  expect(findings, findings.join('\n')).toEqual([])
  for (const count of Object.values(counts)) expect(count).toBeGreaterThan(2)
}, 300_000)
