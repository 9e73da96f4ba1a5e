import { startPlant } from '@andon/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { runProgram } from '../support/child.js'
import { dataFolder } from '../support/loop.js'

const actions = 10_000
const perSecond = 1000
/** In flight at once: what began together may arrive in any order. */
const concurrency = 8

it('10,000 actions wait for a target that is down, and drain in order of priority within its rate; memory stays flat', async () => {
  const plant = await startPlant({ faults: { down: true } })
  onTestFinished(() => plant.close())
  const program = runProgram('drain', { data: dataFolder(), plantUrl: plant.url, actions, perSecond }, [
    '--expose-gc',
  ])
  const { queued, few, many } = await program.message('queued')
  expect(queued).toBe(actions)

  plant.setFaults({})
  program.send({ drain: true })
  const { drained, draining } = await program.message('drained')
  expect(drained).toBe(actions)

  const done = plant.state().notifications
  expect(done).toHaveLength(actions)
  const priorities = done.map(({ title }) => Number(title.slice(1)))
  const inOrder = [...priorities].sort((left, right) => left - right)
  const displaced = priorities.filter((priority, index) => priority !== inOrder[index]).length
  // Only where one priority ends and the next begins may neighbours in flight change places.
  expect(displaced).toBeLessThanOrEqual(8 * concurrency)
  expect(busiestSecond(done.map(({ at }) => at))).toBeLessThanOrEqual(perSecond + concurrency)

  const most = Math.max(Number(many), ...(draining as number[]))
  expect(most - Number(few), `heap ${few}, ${many}, ${draining}`).toBeLessThan(16 * 2 ** 20)
}, 120_000)

/** The most instants within any second. */
function busiestSecond(instants: readonly number[]): number {
  let first = 0
  let most = 0
  for (const [last, at] of instants.entries()) {
    while (at - (instants[first] ?? 0) >= 1000) first++
    most = Math.max(most, last - first + 1)
  }
  return most
}
