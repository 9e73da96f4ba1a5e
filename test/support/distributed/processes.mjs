import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/**
 * @typedef {object} WorkerTask
 * @property {string} run begins the names of everything that belongs to one run
 * @property {string[]} brokers of Kafka
 * @property {string} rabbitmq
 * @property {string} postgres
 * @property {string} plantUrl
 * @property {number} partitions
 */

const command = fileURLToPath(new URL('../../../packages/cli/bin/andon.mjs', import.meta.url))
const config = fileURLToPath(new URL('./worker.config.mjs', import.meta.url))
const keptOutput = 20_000
const restartMs = 500

/**
 * `andon worker` as a supervisor runs it: whenever it ends, whatever the reason, it is started again.
 *
 * @param {WorkerTask} task
 * @param {string} name
 */
export function supervised(task, name) {
  let output = ''
  let stopping = false
  let starts = 0
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let child
  const running = (async () => {
    while (!stopping) {
      starts += 1
      const begun = spawn(
        process.execPath,
        ['--disable-warning=ExperimentalWarning', command, 'worker', config, '--json', '--stage', 'quality'],
        {
          env: { ...process.env, ANDON_DISTRIBUTED_TASK: JSON.stringify(task) },
          stdio: ['ignore', 'pipe', 'pipe'],
        },
      )
      child = begun
      const hear = (/** @type {Buffer} */ part) => {
        output = (output + part).slice(-keptOutput)
      }
      begun.stdout.on('data', hear)
      begun.stderr.on('data', hear)
      const [code, signal] = await once(begun, 'close')
      output += `\n[${name} ended: ${signal ?? code}]\n`
      if (!stopping) await new Promise((resolve) => setTimeout(resolve, restartMs))
    }
  })()
  return {
    name,
    get starts() {
      return starts
    },
    get output() {
      return output
    },
    /** At once; it comes up again. */
    kill: () => child?.kill('SIGKILL'),
    /** It hands over what it has, and comes up again. */
    restart: () => child?.kill('SIGTERM'),
    /** It drains and closes; after `graceMs` it is killed. @param {number} graceMs @returns {Promise<boolean>} whether it closed by itself */
    async stop(graceMs) {
      stopping = true
      child?.kill('SIGTERM')
      let graceful = true
      const timer = setTimeout(() => {
        graceful = false
        child?.kill('SIGKILL')
      }, graceMs)
      await running
      clearTimeout(timer)
      return graceful
    },
  }
}
