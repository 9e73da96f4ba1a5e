import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { pinnedNode } from './root.mjs'
import { run } from './run.mjs'
import { build, install } from './setup.mjs'

/**
 * @typedef {object} Programs
 * @property {string} script of package.json, e.g. `bench`
 * @property {string} folder absolute
 * @property {string} ending what follows a program's name, e.g. `.bench.ts`
 * @property {readonly string[]} [flags] for Node
 */

/** The names of the programs in a folder. @param {Pick<Programs, 'folder' | 'ending'>} programs */
function programNames({ folder, ending }) {
  return existsSync(folder)
    ? readdirSync(folder)
        .filter((file) => file.endsWith(ending))
        .map((file) => file.slice(0, -ending.length))
        .sort()
    : []
}

/**
 * Runs the program that the first argument names, on the built packages; lists the names without one.
 * Everything but the program's own output goes to stderr.
 *
 * @param {Programs} programs
 * @param {readonly string[]} args
 * @returns {Promise<number>} exit code
 */
export async function runNamed(programs, [name, ...options]) {
  const names = programNames(programs)
  if (name === undefined || !names.includes(name)) {
    console.log(`Usage: npm run ${programs.script} -- <name> [options]\n`)
    console.log(`Names: ${names.length === 0 ? 'none yet' : names.join(', ')}`)
    return name === undefined || name === '--help' ? 0 : 2
  }
  const file = join(programs.folder, name + programs.ending)
  return await runBuilt(file, options, programs.flags)
}

/**
 * Sets the repository up and runs one of its programs under the pinned Node.
 *
 * @param {string | (() => string)} file absolute; a function when only the set-up repository knows it
 * @param {readonly string[]} args
 * @param {readonly string[]} [flags] for Node
 * @returns {Promise<number>} exit code
 */
export async function runBuilt(file, args, flags = []) {
  const progress = (/** @type {string} */ line) => process.stderr.write(`${line}\n`)
  try {
    await install(progress)
    await build(progress)
    const program = typeof file === 'string' ? file : file()
    // Node calls node:sqlite and the stripping of types experimental; that is no news to our users.
    const all = ['--disable-warning=ExperimentalWarning', ...flags, program, ...args]
    return (await run(pinnedNode, all, { output: 'show' })).code
  } catch (error) {
    progress(error instanceof Error ? error.message : String(error))
    return 1
  }
}
