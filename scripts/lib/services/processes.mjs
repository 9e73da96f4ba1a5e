import { spawn, spawnSync } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/**
 * @typedef {object} StartedProcess a process and what tells it from a later one with the same number
 * @property {string} name
 * @property {number} pid
 * @property {string} startedAt as the machine writes it; two processes of one pid differ in it
 *
 * @typedef {object} Command
 * @property {string} name
 * @property {string} command
 * @property {readonly string[]} args
 * @property {string} cwd
 * @property {string} log file that both streams are added to
 * @property {NodeJS.ProcessEnv} [env] all of its environment
 * @property {import('./user.mjs').User} [user] who runs it, when not this user
 */

/**
 * Starts a process that outlives this one.
 *
 * @param {Command} wanted
 * @returns {Promise<StartedProcess>}
 */
export async function startDetached({ name, command, args, cwd, log, env = process.env, user }) {
  const output = openSync(log, 'a')
  try {
    const child = spawn(command, args, {
      cwd,
      env,
      detached: true,
      stdio: ['ignore', output, output],
      ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }),
    })
    await new Promise((resolve, reject) => {
      child.once('spawn', resolve).once('error', reject)
    })
    child.unref()
    const pid = child.pid ?? 0
    return { name, pid, startedAt: startTime(pid) ?? '' }
  } finally {
    closeSync(output)
  }
}

/**
 * When a process began, or undefined when there is none; one that has ended and only waits to be collected
 * counts as none.
 *
 * @param {number} pid
 * @returns {string | undefined}
 */
export function startTime(pid) {
  if (process.platform === 'linux') {
    const fields = statusFields(pid)
    return fields === undefined || hasEnded(pid, fields[0]) ? undefined : `${bootId()} ${fields[19]}`
  }
  const { stdout } = spawnSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' })
  return stdout?.trim() || undefined
}

/**
 * Ended, and only not collected yet. As long as one of its threads is not through, its ports are taken.
 *
 * @param {number} pid
 * @param {string | undefined} state
 */
function hasEnded(pid, state) {
  if (state !== 'Z') {
    return false
  }
  try {
    return readdirSync(`/proc/${pid}/task`).length <= 1
  } catch {
    return true
  }
}

/** Is it still the very process that was started? @param {StartedProcess} started */
export const isRunning = ({ pid, startedAt }) => startedAt !== '' && startTime(pid) === startedAt

/**
 * Sends a signal, but only to the very process that was started.
 *
 * @param {StartedProcess} started
 * @param {NodeJS.Signals} signal
 */
export function signalStarted(started, signal) {
  if (isRunning(started)) {
    send(started.pid, signal)
  }
}

/**
 * The process with all that descends from it, itself first: what has to be killed together.
 *
 * @param {StartedProcess} started
 * @returns {StartedProcess[]}
 */
export function familyOf(started) {
  if (!isRunning(started) || process.platform !== 'linux') {
    return [started]
  }
  const parents = new Map(
    readdirSync('/proc')
      .filter((entry) => /^\d+$/.test(entry))
      .map((entry) => [Number(entry), Number(statusFields(Number(entry))?.[1] ?? 0)]),
  )
  const family = [started]
  for (const { pid } of family) {
    for (const [child, parent] of parents) {
      const startedAt = parent === pid ? startTime(child) : undefined
      if (startedAt !== undefined) {
        family.push({ name: started.name, pid: child, startedAt })
      }
    }
  }
  return family
}

/**
 * @param {readonly StartedProcess[]} processes
 * @param {number} timeout milliseconds
 * @returns {Promise<boolean>} whether all of them ended in time
 */
export async function ended(processes, timeout) {
  const until = performance.now() + timeout
  while (processes.some(isRunning)) {
    if (performance.now() > until) {
      return false
    }
    await sleep(20)
  }
  return true
}

/**
 * @param {number} pid
 * @param {NodeJS.Signals} signal
 */
function send(pid, signal) {
  try {
    process.kill(pid, signal)
  } catch (error) {
    // It ended in between.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) {
      throw error
    }
  }
}

/** The fields of /proc/<pid>/stat from the state on; the name before it may hold anything. @param {number} pid */
function statusFields(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')
  } catch {
    return undefined
  }
}

/** Start times are counted from the start of the machine. */
const bootId = () => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().slice(0, 8)
