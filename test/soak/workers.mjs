// Workers that come, go, die and cannot reach what they need: what they come to must be what one undisturbed process
// comes to. DESIGN section 3, promises 2, 3 and 5, over many processes.
import { parseArgs } from 'node:util'
import { runStorm, told } from '../support/storm/run.ts'
import { wholeNumber } from '../support/whole-number.mjs'

const help = `Usage: npm run soak -- workers [options]

Each run has one to four workers over the reference bus and store, some hundred feedbacks, and rules of every form. Its
workers join, leave, die, are taken for dead, and lose bus, store, answers and target; time is a virtual clock's. In the
end signals, actions and effects must be those of one process that nothing happened to, and every worker must close.

Options:
  --runs <n>      runs; the nth has the seed n - 1 after the first (default 1000)
  --seed <n>      of the first run (default: from the clock, and printed)
  --json          prints one JSON object at the end, progress on stderr
  --help          show this text`

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '1000' },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(help)
else process.exitCode = await main()

async function main() {
  const runs = wholeNumber('runs', values.runs)
  const first = wholeNumber('seed', values.seed ?? String(Date.now() % 1_000_000))
  const say = (/** @type {string} */ line) => (values.json ? console.error(line) : console.log(line))
  say(`${runs} runs from seed ${first}`)
  const begun = performance.now()
  /** @type {number[]} */
  const failed = []
  const sums = { feedbacks: 0, signals: 0, actions: 0, troubles: 0 }
  for (let seed = first; seed < first + runs; seed++) {
    const run = await runStorm(seed)
    if (run.problems.length > 0) failed.push(seed)
    if (run.problems.length > 0 || runs <= 20) say(told(run))
    else if ((seed - first + 1) % 50 === 0) say(`${seed - first + 1}/${runs}`)
    sums.feedbacks += run.feedbacks
    sums.signals += run.signals
    sums.actions += run.actions
    sums.troubles += Object.values(run.troubles).reduce((sum, count) => sum + count, 0)
  }
  const totals = {
    ...{ runs, seed: first, failed, ...sums },
    seconds: Math.round((performance.now() - begun) / 1000),
  }
  if (values.json) console.log(JSON.stringify(totals))
  else console.log(JSON.stringify(totals), failed.length === 0 ? 'all is well' : '')
  return failed.length === 0 ? 0 : 1
}
