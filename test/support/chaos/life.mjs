import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/**
 * @typedef {object} Task what a child is told
 * @property {number} seed
 * @property {number} from the batch to go on with
 * @property {number} life which one it is
 * @property {boolean} again
 * @property {boolean} twice
 * @property {readonly import('./trouble.mjs').Jump[]} jumps
 * @property {number} offset of its clock (ms)
 * @property {number} begun real epoch ms of the run
 * @property {string} data folder
 * @property {string} plantUrl
 * @property {string} core the module to import
 *
 * @typedef {object} Message what a child tells, one of these at a time
 * @property {boolean} [ready] it answers
 * @property {number} [acknowledged] a batch is durable
 * @property {boolean} [takenIn] all of them are
 * @property {number} [jumped] its clock did, by so much (ms)
 * @property {string} [problem] an error that it met
 * @property {readonly string[]} [waiting] actions that are not settled
 *
 * @typedef {object} Lived
 * @property {number} from the batch to go on with
 * @property {number} offset
 * @property {boolean} ended it was done, by itself
 * @property {boolean} wasKilled
 * @property {boolean} wasFull something could not be written for want of space
 * @property {readonly string[]} problems
 */

const child = fileURLToPath(new URL('./child.mjs', import.meta.url))
const isAboutSpace = /full|space|too large|EFBIG|disk I\/O/i
/** A disk that does not fill up ends its life all the same. */
const longestOnFullDiskMs = 4000
/**
 * No life takes so long unless something is stuck. Most take seconds; but while a clock that was set back is behind, time
 * goes at half its pace, and several changes of one machine wait for their dwells one after the other.
 */
const patienceMs = 180_000

/**
 * One life of the process: until it is done, or until its kill.
 *
 * @param {Task} task
 * @param {import('./trouble.mjs').Life} life
 * @param {(message: Message) => void} [heard]
 * @returns {Promise<Lived>}
 */
export function live(task, { from: start, killMs, roomBytes }, heard = () => undefined) {
  return new Promise((resolve, reject) => {
    const begunAt = performance.now()
    const running = begin(task, roomBytes)
    let { from, offset } = task
    let output = ''
    let wasKilled = false
    /** @type {readonly string[]} */
    let waiting = []
    /** @type {Set<string>} */
    const problems = new Set()
    /** @type {NodeJS.Timeout[]} */
    const timers = []
    const after = (/** @type {number} */ milliseconds, /** @type {() => void} */ work) => {
      timers.push(setTimeout(work, milliseconds))
    }
    const kill = () => {
      wasKilled = running.exitCode === null && running.kill('SIGKILL')
    }
    let isStuck = false
    after(patienceMs, () => {
      isStuck = true
      kill()
    })
    if (start === 'begun') after(killMs, kill)
    for (const stream of [running.stdout, running.stderr]) {
      stream?.on('data', (part) => {
        output += part
      })
    }
    running.on('error', reject)
    running.on('message', (/** @type {Message} */ message) => {
      heard(message)
      if (message.ready === true && start === 'ready' && Number.isFinite(killMs))
        after(roomBytes === undefined ? killMs : longestOnFullDiskMs, kill)
      if (roomBytes !== undefined && isAboutSpace.test(message.problem ?? '')) after(killMs, kill)
      if (message.acknowledged !== undefined) from = Math.max(from, message.acknowledged + 1)
      if (message.jumped !== undefined) offset += message.jumped
      if (message.problem !== undefined) problems.add(message.problem)
      if (message.waiting !== undefined) waiting = message.waiting
    })
    running.on('close', (code, signal) => {
      for (const timer of timers) clearTimeout(timer)
      const wasFull = [...problems, output].some((text) => isAboutSpace.test(text))
      const milliseconds = Math.round(performance.now() - begunAt)
      if (isStuck) reject(new Error(`not done after ${milliseconds} ms; waiting: ${waiting.join(' | ')}`))
      else if (code !== 0 && signal !== 'SIGKILL' && roomBytes === undefined)
        reject(new Error(`the process ended with ${code ?? signal}:\n${output}`))
      else resolve({ from, offset, ended: code === 0, wasKilled, wasFull, problems: [...problems] })
    })
  })
}

/** @param {Task} task @param {number | undefined} roomBytes */
function begin(task, roomBytes) {
  const command = [process.execPath, '--disable-warning=ExperimentalWarning', child, JSON.stringify(task)]
  const stdio = /** @type {import('node:child_process').StdioOptions} */ (['ignore', 'pipe', 'pipe', 'ipc'])
  const [program = '', ...rest] = command
  if (roomBytes === undefined) return spawn(program, rest, { stdio })
  // A write beyond the limit fails like one to a full disk, instead of ending the process.
  const script = `trap '' XFSZ; ulimit -f ${Math.ceil(roomBytes / 512)}; exec "$0" "$@"`
  return spawn('sh', ['-c', script, ...command], { stdio })
}
