import { fork } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { coreModule } from '../core.mjs'
import { seeded } from '../random.mjs'
import { floor, instantOf } from './plan.mjs'
import { resultOf } from './result.mjs'

/**
 * @typedef {import('./plan.mjs').Plan} Plan
 * @typedef {Awaited<ReturnType<typeof resultOf>>} Result
 *
 * @typedef {object} Kill when to kill: so many ms after a batch was acknowledged, or after the process began
 * @property {number} batch -1: after the process began
 * @property {number} milliseconds
 *
 * @typedef {object} RunOptions
 * @property {Plan} plan
 * @property {readonly Kill[]} [kills] none: an undisturbed run
 * @property {string} [core] the module to import instead of the built core
 * @property {(line: string) => void} [progress]
 *
 * @typedef {object} Run
 * @property {Result} result
 * @property {number} kills that hit a living process
 * @property {number} starts
 * @property {number} requests that the plant got
 * @property {readonly string[]} problems that the processes reported
 */

const child = fileURLToPath(new URL('./child.mjs', import.meta.url))

/**
 * Seeded kills, one in six of them while the process is still starting, in the order of the work.
 *
 * @param {number} seed
 * @param {number} rounds
 * @param {Plan} plan
 * @returns {readonly Kill[]}
 */
export function killsOf(seed, rounds, { batches }) {
  const random = seeded(seed ^ 0x5eed)
  return Array.from({ length: rounds }, () => Math.floor(random() * batches))
    .sort((a, b) => a - b)
    .map((batch, round) => ({
      batch: round % 6 === 5 ? -1 : batch,
      milliseconds: random() * (round % 6 === 5 ? 400 : 15),
    }))
}

/**
 * Runs the whole workload once: a plant in this process, the loop in a child that is killed and started
 * again until all is done. The plant has bad days in any case.
 *
 * @param {RunOptions} options
 * @returns {Promise<Run>}
 */
export async function runPlan({ plan, kills = [], core = coreModule, progress = () => undefined }) {
  const { startPlant } = await import('@andon/testkit')
  const data = mkdtempSync(join(tmpdir(), 'andon-crash-'))
  const plant = await startPlant({
    ...floor,
    seed: plan.seed,
    clock: { now: () => instantOf(0), setTimer: () => () => undefined },
    faults: {
      latencyMs: [0, 5],
      rates: { 'error-before': 0.05, 'timeout-after': 0.03, 'lost-answer': 0.08 },
    },
  })
  /** @type {Set<string>} */
  const problems = new Set()
  const waiting = [...kills]
  let from = 0
  let hits = 0
  let starts = 0
  try {
    for (let done = false; !done; ) {
      const kill = waiting.shift()
      const life = await live({ plan, data, plantUrl: plant.url, from, core }, kill, problems)
      starts += 1
      from = life.from
      if (life.killed) hits += 1
      else if (life.code !== 0) throw new Error(`the process ended with ${life.code}:\n${life.output}`)
      done = !life.killed
      progress(`${life.killed ? `kill ${hits}` : 'end'} at batch ${from} of ${plan.batches}`)
    }
    const result = await resultOf(await import(core), data, plant.state())
    return { result, kills: hits, starts, requests: plant.requests, problems: [...problems] }
  } finally {
    await plant.close()
    rmSync(data, { recursive: true, force: true })
  }
}

/**
 * One life of the process: until it ends by itself, or until its kill.
 *
 * @param {{ plan: Plan, data: string, plantUrl: string, from: number, core: string }} task
 * @param {Kill | undefined} kill
 * @param {Set<string>} problems
 * @returns {Promise<{ from: number, killed: boolean, code: number | null, output: string }>}
 */
function live(task, kill, problems) {
  return new Promise((resolve, reject) => {
    const running = fork(child, [JSON.stringify(task)], {
      silent: true,
      execArgv: ['--disable-warning=ExperimentalWarning'],
    })
    let { from } = task
    let output = ''
    let killed = false
    let armed = false
    const arm = () => {
      if (armed || kill === undefined) return
      armed = true
      setTimeout(() => {
        killed = running.exitCode === null && running.kill('SIGKILL')
      }, kill.milliseconds)
    }
    running.stdout?.on('data', (part) => {
      output += part
    })
    running.stderr?.on('data', (part) => {
      output += part
    })
    running.on('error', reject)
    running.on('message', (/** @type {{ acknowledged?: number, problem?: string }} */ message) => {
      if (message.problem !== undefined) problems.add(message.problem)
      if (message.acknowledged === undefined) return
      from = message.acknowledged + 1
      if (kill !== undefined && message.acknowledged >= kill.batch) arm()
    })
    running.on('close', (code, signal) =>
      resolve({ from, killed: killed && signal === 'SIGKILL', code, output }),
    )
    if (kill !== undefined && (kill.batch < 0 || kill.batch < from)) arm()
  })
}

/**
 * Where two results differ, a line each; empty when they are equal.
 *
 * @param {Result} expected
 * @param {Result} actual
 * @returns {string[]}
 */
export function differences(expected, actual) {
  return parts.flatMap((part) => {
    const [wanted, found] = [linesOf(expected[part]), linesOf(actual[part])]
    const missing = wanted.filter((line) => !found.includes(line))
    const extra = found.filter((line) => !wanted.includes(line))
    const isSame = JSON.stringify(wanted) === JSON.stringify(found)
    if (isSame) return []
    return [
      `${part}: ${wanted.length} expected, ${found.length} found, ${missing.length} missing, ${extra.length} not expected`,
      ...missing.slice(0, 3).map((line) => `  - ${line.slice(0, 500)}`),
      ...extra.slice(0, 3).map((line) => `  + ${line.slice(0, 500)}`),
    ]
  })
}

const parts = /** @type {const} */ (['journal', 'quarantine', 'signals', 'actions', 'hourly', 'plant'])

/** @param {unknown} value */
function linesOf(value) {
  const entries = Array.isArray(value)
    ? value
    : Object.entries(value ?? {}).flatMap(([name, list]) =>
        Array.isArray(list) ? list.map((item) => ({ [name]: item })) : [{ [name]: list }],
      )
  return entries.map((entry) => JSON.stringify(entry))
}
