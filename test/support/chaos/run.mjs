import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { coreModule } from '../core.mjs'
import { seeded } from '../random.mjs'
import { evenClock } from './clocks.mjs'
import { findingsOf } from './findings.mjs'
import { live } from './life.mjs'
import { readOutcome } from './outcome.mjs'
import { troubleOf, weather } from './trouble.mjs'
import { floor, itemsOf } from './work.mjs'

/**
 * @typedef {object} RunOptions
 * @property {number} seed
 * @property {import('./trouble.mjs').Trouble} [trouble] default: that of the seed
 * @property {string} [core] the module to import instead of the built core
 * @property {boolean} [keep] leaves the data behind, for whoever wants to look at it
 *
 * @typedef {object} Run
 * @property {number} seed
 * @property {number} actions
 * @property {readonly string[]} troubles
 * @property {number} kills that hit a living process
 * @property {number} full lives whose disk was full
 * @property {number} jumps of the clock
 * @property {number} requests that the plant got
 * @property {number} seconds
 * @property {readonly string[]} findings what is not as it must be; empty when all is well
 */

/** What is late in the plant when the run ends may still be done: longer than its longest latency (ms). */
const echoMs = 450

/**
 * One run: a plant with bad days in this process, the loop in a child that is killed and started again until all is
 * done; then what the store says is compared with what the plant shows.
 *
 * @param {RunOptions} options
 * @returns {Promise<Run>}
 */
export async function runChaos({ seed, trouble = troubleOf(seed), core = coreModule, keep = false }) {
  const { startPlant } = await import('@andon/testkit')
  const begunAt = performance.now()
  const begun = Date.now()
  const data = mkdtempSync(join(tmpdir(), 'andon-chaos-'))
  const plant = await startPlant({ ...floor, seed, clock: evenClock(begun) })
  const stopWeather = makeWeather(plant, seed, trouble.kinds)
  const counts = { kills: 0, full: 0, jumps: 0 }
  try {
    let from = 0
    let offset = 0
    let done = false
    for (let index = 0; !done; index++) {
      const life = trouble.lives[index]
      if (life === undefined) throw new Error('the last life ended before all was done')
      const { again, twice } = trouble
      const task = {
        ...{ seed, from, life: index, again, twice, offset, begun, data, core },
        ...{ jumps: life.jumps, plantUrl: plant.url },
      }
      const lived = await live(task, life, ({ jumped, takenIn }) => {
        if (jumped !== undefined) counts.jumps += 1
        if (takenIn === true && life === trouble.lives.at(-1)) setTimeout(stopWeather, 500)
      })
      from = lived.from
      offset = lived.offset
      done = lived.ended
      if (lived.wasKilled) counts.kills += 1
      if (life.roomBytes !== undefined && lived.wasFull) counts.full += 1
    }
    if (trouble.kinds.includes('slow')) await new Promise((resolve) => setTimeout(resolve, echoMs))
    const outcome = await readOutcome(await import(core), data, plant.state())
    const items = itemsOf(seed)
    const findings = findingsOf(items, outcome)
    const { requests } = plant
    const seconds = (performance.now() - begunAt) / 1000
    return { seed, actions: items.length, troubles: trouble.kinds, ...counts, requests, seconds, findings }
  } catch (error) {
    const findings = [error instanceof Error ? error.message : String(error)]
    const seconds = (performance.now() - begunAt) / 1000
    const { requests } = plant
    return { seed, actions: 0, troubles: trouble.kinds, ...counts, requests, seconds, findings }
  } finally {
    stopWeather()
    await plant.close()
    if (!keep) rmSync(data, { recursive: true, force: true, maxRetries: 3 })
  }
}

/**
 * @param {import('@andon/testkit').Plant} plant
 * @param {number} seed
 * @param {readonly string[]} kinds
 * @returns {() => void} makes it fair for good
 */
function makeWeather(plant, seed, kinds) {
  const random = seeded(seed ^ 0x3ea7)
  let isOver = false
  /** @type {NodeJS.Timeout | undefined} */
  let timer
  const next = () => {
    const { faults, lasts } = weather(kinds, random)
    plant.setFaults(faults)
    timer = setTimeout(next, lasts)
  }
  next()
  return () => {
    if (isOver) return
    isOver = true
    clearTimeout(timer)
    plant.setFaults({})
  }
}

/** A run in words, and how to have it again. @param {Run} run */
export function told({ seed, actions, kills, full, jumps, requests, seconds, troubles, findings }) {
  const counts = `${actions} actions, ${requests} requests, ${kills} kills, ${full} full disks, ${jumps} jumps`
  const line = `seed ${seed}: ${counts}, ${seconds.toFixed(1)} s (${troubles.join(' ')})`
  if (findings.length === 0) return line
  return [
    `${line}: ${findings.length} findings`,
    ...findings.slice(0, 12).map((finding) => `  ${finding.slice(0, 600)}`),
    `  again with: npm run soak -- chaos --runs 1 --seed ${seed}`,
  ].join('\n')
}
