import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/**
 * What is remembered of a server that was started.
 *
 * @typedef {object} State
 * @property {import('./way.mjs').Way['name']} way
 * @property {number} portBase
 * @property {boolean} bench
 * @property {readonly import('./processes.mjs').StartedProcess[]} processes the server last; none in Docker
 * @property {string} [ca]
 */

/** @param {string} folder of the server @returns {State | undefined} */
export const readState = (folder) => readJson(join(folder, 'state.json'))

/** @param {string} folder @param {State} state */
export const writeState = (folder, state) => writeJson(join(folder, 'state.json'), state)

/** @param {string} folder */
export const forgetState = (folder) => rmSync(join(folder, 'state.json'), { force: true })

/** @param {string} file @returns {any} undefined without the file */
export const readJson = (file) => (existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined)

/**
 * Readers see the old or the new text, never half of it.
 *
 * @param {string} file
 * @param {unknown} value
 */
export function writeJson(file, value) {
  mkdirSync(dirname(file), { recursive: true })
  const fresh = `${file}.${process.pid}`
  writeFileSync(fresh, `${JSON.stringify(value, undefined, 2)}\n`)
  renameSync(fresh, file)
}
