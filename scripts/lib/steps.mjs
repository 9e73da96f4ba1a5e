import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { inRoot } from './root.mjs'
import { run } from './run.mjs'
import { serversStep } from './servers-step.mjs'
import { tallyUnits } from './tally.mjs'

/**
 * @typedef {import('./tally.mjs').Tally} Tally
 *
 * @typedef {object} StepResult
 * @property {Tally} tally
 * @property {string} output what to show when something failed; empty when it has been shown already
 * @property {readonly string[]} [notes] what nobody may overlook: said again at the very end
 *
 * @typedef {object} Step
 * @property {string} name for `--only`
 * @property {string} title
 * @property {boolean} [loud] its output is shown while it runs
 * @property {readonly string[]} [needs] steps without whose success it makes no sense
 * @property {() => void} [begin] what can be done beside the steps before it, from the very start
 * @property {() => Promise<StepResult>} run
 * @property {() => Promise<void>} [end] cleans up when all is done, however it ended
 */

/** Everything that `npm test` checks, in order. @type {readonly Step[]} */
export const steps = [
  { name: 'data', title: 'Shared data is there', run: sharedData },
  { name: 'build', title: 'Build', run: one('turbo', 'run', 'build', '--output-logs=errors-only') },
  {
    name: 'typecheck',
    title: 'Typecheck',
    needs: ['build'],
    run: one('turbo', 'run', 'typecheck', '//#typecheck:house', '--output-logs=errors-only'),
  },
  { name: 'lint', title: 'Format and lint', run: one('biome', 'check', '--error-on-warnings', '.') },
  {
    name: 'knip',
    title: 'No unused file, export or dependency',
    run: one('knip', '--no-progress', '--no-config-hints'),
  },
  { name: 'boundaries', title: 'Import boundaries', run: one('node', 'scripts/check-boundaries.mjs') },
  {
    name: 'openapi',
    title: 'Types of the OpenAPI files are current',
    run: one('node', 'scripts/generate-openapi.mjs', '--check'),
  },
  { name: 'docs', title: 'Code in the docs', needs: ['build'], run: one('node', 'scripts/check-docs.mjs') },
  serversStep(),
  { name: 'units', title: 'Tests', loud: true, needs: ['build', 'servers'], run: units },
  {
    name: 'packages',
    title: 'Packages as published',
    needs: ['build'],
    run: one('node', 'scripts/check-packages.mjs'),
  },
]

/**
 * A step that is one program and counts as one.
 *
 * @param {string} command
 * @param {...string} args
 * @returns {() => Promise<StepResult>}
 */
function one(command, ...args) {
  return async () => {
    const { code, output } = await run(command, args)
    return { tally: code === 0 ? passed : failed, output }
  }
}

/** Tests read real data from beside the repository; only a developer's machine may lack it. */
async function sharedData() {
  if (existsSync(inRoot('..', 'shared', 'data'))) {
    return { tally: passed, output: '' }
  }
  return process.env.CI === 'true'
    ? { tally: failed, output: 'The folder ../shared/data is missing, and with CI=true it has to be there.' }
    : { tally: skipped, output: '' }
}

/** @returns {Promise<StepResult>} */
async function units() {
  const folder = mkdtempSync(join(tmpdir(), 'andon-units-'))
  const file = join(folder, 'report.json')
  try {
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`]
    const { code } = await run('vitest', ['run', ...reporters], { output: 'show' })
    const report = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
    return { tally: tallyUnits(report, code), output: '' }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** @type {Tally} */
const passed = { passed: 1, failed: 0, skipped: 0 }
/** @type {Tally} */
const failed = { passed: 0, failed: 1, skipped: 0 }
/** @type {Tally} */
const skipped = { passed: 0, failed: 0, skipped: 1 }
