// Breaks everything around the loop at once and asks whether its actions are still what a plant can trust:
// DESIGN section 3, promises 2 to 4 and 6.
import { parseArgs } from 'node:util'
import { runChaos, told } from '../support/chaos/run.mjs'
import { wholeNumber } from '../support/whole-number.mjs'

const help = `Usage: npm run soak -- chaos [options]

Each run has 30 to 120 actions, a plant that is down, slow or fails, a process that is killed (SIGKILL), whose clock
jumps and whose disk is full, and calls and payloads that come twice: a random mixture of these. No action may be lost
or take effect twice; every change must be in force as recorded, or reverted; the audit chain must be whole.

Options:
  --runs <n>      runs; the nth has the seed n - 1 after the first (default 200)
  --seed <n>      of the first run (default: from the clock, and printed)
  --jobs <n>      runs at the same time (default 2)
  --keep          leaves the data of runs with findings in the temporary folder
  --json          prints one JSON object at the end, progress on stderr
  --help          show this text`

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '200' },
    seed: { type: 'string' },
    jobs: { type: 'string', default: '2' },
    keep: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(help)
else process.exitCode = await main()

async function main() {
  const runs = wholeNumber('runs', values.runs)
  const seed = wholeNumber('seed', values.seed ?? String(Date.now() % 1_000_000))
  const say = (/** @type {string} */ line) => (values.json ? console.error(line) : console.log(line))
  say(`${runs} runs from seed ${seed}`)
  const begun = performance.now()
  /** @type {import('../support/chaos/run.mjs').Run[]} */
  const done = []
  let next = 0
  const work = async () => {
    while (next < runs) {
      const run = await runChaos({ seed: seed + next++, keep: values.keep })
      done.push(run)
      say(`${done.length}/${runs} ${told(run)}`)
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, wholeNumber('jobs', values.jobs)) }, work))
  const failed = done.filter(({ findings }) => findings.length > 0)
  const sum = (/** @type {(run: import('../support/chaos/run.mjs').Run) => number} */ of) =>
    done.reduce((total, run) => total + of(run), 0)
  const totals = {
    ...{ runs, seed, failed: failed.map((run) => run.seed) },
    ...{ actions: sum((run) => run.actions), requests: sum((run) => run.requests) },
    ...{ kills: sum((run) => run.kills), jumps: sum((run) => run.jumps), full: sum((run) => run.full) },
    seconds: Math.round((performance.now() - begun) / 1000),
  }
  if (values.json) console.log(JSON.stringify(totals))
  else console.log(JSON.stringify(totals), failed.length === 0 ? 'all is well' : '')
  return failed.length === 0 ? 0 : 1
}
