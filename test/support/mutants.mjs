import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { copyOfCore } from './broken-core.mjs'

/**
 * @typedef {object} Mutant one promise broken on purpose, in the built code of core
 * @property {string} name what is wrong with it
 * @property {number} promise of DESIGN section 3
 * @property {string} file of test/promises, that must notice
 * @property {string} [test] the beginning of one test's name, where the whole file takes long
 * @property {string | RegExp} from text of the built code; must be there exactly once. The bundler may number a name.
 * @property {string} to
 * @property {boolean} [brief] tried in every `npm test`, too
 */

const durable = '1-durable-before-acknowledged'
const together = '2-effects-and-checkpoint-together'
const once = '3-at-least-once-out-once-in-effect'
const nothingVanishes = '4-nothing-vanishes'
const badInput = 'bad-input'
const deterministic = '5-deterministic'
const reversible = '6-bounded-and-reversible'
const translation = '7-nothing-lost-in-translation'
const bounded = '8-bounded-memory'
const tenants = '9-tenants-apart'
const chaos = 'chaos'
const wrong = 'whatever goes wrong'
const dying = 'a loop killed after its first commit'

/** @type {readonly Mutant[]} */
export const mutants = [
  {
    name: 'a source is acknowledged before its batch is durable',
    ...{ promise: 1, file: durable, brief: true },
    from: 'await ingest(batch.items',
    to: 'await batch.commit(); await ingest(batch.items',
  },
  {
    name: 'a call is answered before its quarantine records are on disk',
    ...{ promise: 1, file: durable },
    from: /await answered\d*;/,
    to: '',
  },
  {
    name: 'the position of a source is never remembered',
    ...{ promise: 1, file: durable },
    from: /await store\.transaction\(\(transaction\) => transaction\.setPosition\(name\d*, position\)\)/,
    to: 'void position',
  },
  {
    name: 'the checkpoint is committed before the effects, in a transaction of its own',
    ...{ promise: 2, file: together, test: dying, brief: true },
    from: 'const evidence = await this.#evidence(firings, entries);',
    to: 'await this.#options.transaction((early) => early.setCheckpoint(stage, offset)); const evidence = await this.#evidence(firings, entries);',
  },
  {
    name: 'the checkpoint stays behind the effects',
    ...{ promise: 2, file: together, test: dying },
    from: 'else await transaction.setCheckpoint(stage, offset);',
    to: '',
  },
  {
    name: 'state is not rebuilt by replaying the journal',
    ...{ promise: 2, file: together, test: dying },
    from: 'while (this.#next <= this.#checkpoint) {',
    to: 'this.#next = Math.max(this.#next, this.#checkpoint + 1); while (this.#next <= this.#checkpoint) {',
  },
  {
    name: 'unfinished actions are not taken up after a restart',
    ...{ promise: 2, file: together, test: dying },
    from: 'await actuation.recover();',
    to: '',
  },
  {
    name: 'a target is told that every attempt is its first',
    ...{ promise: 3, file: once, brief: true },
    from: /(?<=\.\.\.context\d*, )attempt: action\.attempts/,
    to: 'attempt: 1',
  },
  {
    name: 'an action has a new id on every run',
    ...{ promise: 3, file: once },
    from: 'timedId("a", firing.at, firing.fingerprint, firing.occasion, index)',
    to: 'timedId("a", firing.at, firing.fingerprint, firing.occasion, index, Math.random())',
  },
  {
    name: 'what failed once is not tried again',
    ...{ promise: 3, file: once },
    from: 'const again = retryable && action.attempts < maxAttempts;',
    to: 'const again = false;',
  },
  {
    name: 'bad input is dropped',
    ...{ promise: 4, file: badInput, brief: true },
    from: 'this.#write(batch, [...records.values()], at)',
    to: 'this.#write(batch, [], at)',
  },
  {
    name: 'a quarantine record goes when its replay fails',
    ...{ promise: 4, file: nothingVanishes },
    from: 'if (!stuck) await remove(id);',
    to: 'await remove(id);',
  },
  {
    name: 'dead actions do not show in health',
    ...{ promise: 4, file: nothingVanishes },
    from: '...dead.map(deadAction)',
    to: '',
  },
  {
    name: 'time is the system’s, not the clock’s',
    ...{ promise: 5, file: deterministic, brief: true },
    from: 'Math.max(this.#lastAt, this.#options.clock.now())',
    to: 'Math.max(this.#lastAt, Date.now())',
  },
  {
    name: 'rules look at the system’s time instead of the entry’s',
    ...{ promise: 5, file: deterministic },
    from: 'this.#advance(entry.at);',
    to: 'this.#advance(Date.now());',
  },
  {
    name: 'what falls due happens when it is noticed',
    ...{ promise: 5, file: deterministic },
    from: '.expire(group, due.due)',
    to: '.expire(group, Math.ceil(due.due / 3600000) * 3600000)',
  },
  {
    name: 'time alone changes nothing',
    ...{ promise: 5, file: deterministic },
    from: 'this.#advance(entry.at);',
    to: 'this.#now = entry.at;',
  },
  {
    name: 'a restart begins with empty windows',
    ...{ promise: 5, file: deterministic },
    from: /rules\d*\.restore\(state\.rules\);/,
    to: '',
  },
  {
    name: 'a restart forgets what is firing',
    ...{ promise: 5, file: deterministic },
    from: /!== void 0 && goesOn\(program\d*\)/,
    to: '!== void 0 && false',
  },
  {
    name: 'a restart forgets what is under way',
    ...{ promise: 5, file: deterministic },
    from: 'runner.restore(from);',
    to: ';',
  },
  {
    name: 'a restart forgets what inhibits',
    ...{ promise: 5, file: deterministic },
    from: '.tellLives();',
    to: ';',
  },
  {
    name: 'nothing inhibits',
    ...{ promise: 5, file: deterministic },
    from: /&& this\.#inhibitions\.silences\(rule\d*\.name, group\.tenant, [^;]*/,
    to: '&& false',
  },
  {
    name: 'what an inhibition held back is never told',
    ...{ promise: 5, file: deterministic },
    from: 'else if (firing.delete(key)) this.#released.add(dependent);',
    to: 'else firing.delete(key);',
  },
  {
    name: 'no feedback is too late',
    ...{ promise: 5, file: deterministic },
    from: 'time <= at - lateness',
    to: 'false',
  },
  {
    name: 'what came too late is not counted',
    ...{ promise: 5, file: deterministic },
    from: '.losses.late++;',
    to: ';',
  },
  {
    name: 'a production action that cannot be undone runs by itself',
    ...{ promise: 6, file: reversible },
    from: 'kind.production && !reversible',
    to: 'false',
  },
  {
    name: 'a try is not on disk before its target is asked',
    ...{ promise: 3, file: chaos, test: wrong },
    from: 'await takeSteps(transaction, entered);',
    to: '',
  },
  {
    name: 'an action that is leased again while it waits is begun again',
    ...{ promise: 3, file: chaos, test: wrong },
    from: /!waiting\d*\.has\(id\) && /,
    to: '',
  },
  {
    name: 'two actions change one machine at once',
    ...{ promise: 6, file: chaos, test: wrong },
    from: 'if (!this.isFree(keys, id)) return false;',
    to: '',
  },
  {
    name: 'audit lines are written after the transaction and not in it',
    ...{ promise: 6, file: chaos, test: wrong },
    from: 'await transaction.appendAudit(steps.map(({ audit }) => audit));',
    to: 'setTimeout(() => transaction.appendAudit(steps.map(({ audit }) => audit)).catch(() => void 0), 5);',
  },
  {
    name: 'an effect outlasts its expiry',
    ...{ promise: 6, file: chaos, test: wrong },
    from: '{ wakeAt: at + expiresAfter }',
    to: '{}',
  },
  {
    name: 'a clock that is set back holds the outbox up',
    ...{ promise: 4, file: chaos, test: wrong },
    from: /shown = Math\.max\(now\d*, shown \+ [^;]*;/,
    to: 'shown = clock.now();',
  },
  {
    name: 'actions travel without the customers’ words',
    ...{ promise: 7, file: translation, brief: true },
    from: '    quotes,\n    status: "proposed"',
    to: '    quotes: [],\n    status: "proposed"',
  },
  {
    name: 'conditions are left behind',
    ...{ promise: 7, file: translation },
    from: 'conditions: conditions ?? []',
    to: 'conditions: []',
  },
  {
    name: 'words are shortened',
    ...{ promise: 7, file: translation },
    from: 'text: cut(symptomText, maxQuoteLength)',
    to: 'text: cut(symptomText, 40)',
  },
  {
    name: 'windows have no cap',
    ...{ promise: 8, file: bounded, brief: true },
    from: /window\d*\.size < this\.#limits\.maxEntriesPerGroup/,
    to: 'true',
  },
  {
    name: 'a rule keeps any number of groups',
    ...{ promise: 8, file: bounded },
    from: 'if (this.#groups.size >= this.#limits.maxGroups)',
    to: 'if (false)',
  },
  {
    name: 'caps are silent',
    ...{ promise: 8, file: bounded },
    from: '...capped(stream), ',
    to: '',
  },
  {
    name: 'idle groups are kept for ever',
    ...{ promise: 8, file: bounded },
    from: 'if (this.#isOver(group, at)) this.delete(group);',
    to: '',
  },
  {
    name: 'a pattern follows any number of matches',
    ...{ promise: 8, file: bounded },
    from: 'if (this.size <= this.#most) return;',
    to: 'return;',
  },
  {
    name: 'intake takes any number of payloads',
    ...{ promise: 8, file: bounded },
    from: 'this.#pending + payloads.length > maxPending',
    to: 'false',
  },
  {
    name: 'a detector mixes tenants',
    ...{ promise: 9, file: tenants },
    from: /JSON\.stringify\(\[detector\.name, tenant\d*\]\)/,
    to: 'JSON.stringify([detector.name])',
  },
]

const root = fileURLToPath(new URL('../../', import.meta.url))
const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs')

/**
 * Runs the promise's test against a core with that mutation; against an unharmed copy without one.
 *
 * @param {Pick<Mutant, 'file' | 'test'>} where
 * @param {Mutant} [mutant]
 * @returns {Promise<{ passed: number, failed: number, output: string }>} counts of tests
 */
export async function tryMutant({ file, test }, mutant) {
  const folder = mkdtempSync(join(tmpdir(), 'andon-mutant-'))
  try {
    const report = join(folder, 'report.json')
    const args = ['run', `test/promises/${file}.test.ts`, '--project=built', '--maxWorkers=1']
    if (test !== undefined) args.push('-t', test)
    args.push('--reporter=json', `--outputFile=${report}`)
    const env = { ...process.env, ANDON_BROKEN_CORE: copyOfCore(folder, mutant) }
    const output = await run(process.execPath, [vitest, ...args], env)
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'))
    return { passed: numPassedTests, failed: numFailedTests, output }
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 })
  }
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>}
 */
function run(command, args, env) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    const hear = (/** @type {Buffer} */ part) => {
      output += part.toString()
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.on('error', reject)
    child.on('close', () => resolve(output))
  })
}
