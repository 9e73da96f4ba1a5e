import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { childEnvironment, root } from './root.mjs'

/**
 * @typedef {object} RunOptions
 * @property {string} [cwd] the repository's folder when absent
 * @property {NodeJS.ProcessEnv} [env] added to the common environment
 * @property {number} [timeout] milliseconds after which it is killed; no limit when absent
 * @property {'capture' | 'show'} [output] keep it (default), or let it through to the terminal
 *
 * @typedef {object} RunResult
 * @property {number} code the exit code; 128 + n when signal n ended it, 127 when it could not start
 * @property {string} output both streams in the order they came; empty unless captured
 */

/**
 * Runs a program to its end. Never throws: a program that cannot start is a result, too.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<RunResult>}
 */
export function run(command, args, { cwd = root, env = {}, timeout, output = 'capture' } = {}) {
  return new Promise((resolve) => {
    /** @type {Buffer[]} */
    const chunks = []
    const child = spawn(command, args, {
      cwd,
      env: childEnvironment(env),
      ...(timeout === undefined ? {} : { timeout, killSignal: 'SIGKILL' }),
      stdio: output === 'show' ? 'inherit' : ['ignore', 'pipe', 'pipe'],
      // npm and the tools in .bin are command files there.
      shell: process.platform === 'win32',
    })
    const release = passSignalsOn(child)
    child.stdout?.on('data', (chunk) => chunks.push(chunk))
    child.stderr?.on('data', (chunk) => chunks.push(chunk))
    child.on('error', (error) => {
      release()
      resolve({ code: 127, output: `${command} could not start: ${error.message}\n` })
    })
    child.on('close', (code, signal) => {
      release()
      resolve({
        code: code ?? 128 + (signal === null ? 0 : (constants.signals[signal] ?? 0)),
        output: Buffer.concat(chunks).toString('utf8'),
      })
    })
  })
}

/**
 * Ctrl-C reaches the child by itself: wait for it to end properly. A request to end has to be handed on.
 *
 * @param {import('node:child_process').ChildProcess} child
 */
function passSignalsOn(child) {
  const wait = () => undefined
  const end = () => child.kill('SIGTERM')
  process.on('SIGINT', wait).on('SIGTERM', end)
  return () => {
    process.off('SIGINT', wait).off('SIGTERM', end)
  }
}

/**
 * Like {@link run}, but anything but success ends the work with what the program said.
 *
 * @param {string} command
 * @param {readonly string[]} args
 * @param {RunOptions} [options]
 * @returns {Promise<string>} the captured output
 */
export async function mustRun(command, args, options) {
  const { code, output } = await run(command, args, options)
  if (code !== 0) {
    throw new Error(`\`${[command, ...args].join(' ')}\` ended with exit code ${code}.\n${output}`.trimEnd())
  }
  return output
}
