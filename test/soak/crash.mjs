// Kills the loop at random moments and asks whether it made a difference: DESIGN section 3, promise 2.
import { parseArgs } from 'node:util'
import { payloadsOf } from '../support/crash/plan.mjs'
import { differences, killsOf, runPlan } from '../support/crash/run.mjs'
import { wholeNumber } from '../support/whole-number.mjs'

const help = `Usage: npm run soak -- crash [options]

Runs the whole loop under load twice, once undisturbed and once killed (SIGKILL) at random moments, against a
plant that is late, drops answers and fails. Signals, actions, hourly counts, quarantine, journal and the
plant's state must be exactly equal.

Options:
  --rounds <n>    kills (default 50)
  --seed <n>      of workload, faults and kills (default: from the clock, and printed)
  --batches <n>   of ten payloads each, every 25th of 200 (default 600)
  --json          prints one JSON object at the end, progress on stderr
  --help          show this text`

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '50' },
    seed: { type: 'string' },
    batches: { type: 'string', default: '600' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(help)
else process.exitCode = await main()

async function main() {
  const rounds = wholeNumber('rounds', values.rounds)
  const seed = wholeNumber('seed', values.seed ?? String(Date.now() % 1_000_000))
  const plan = { seed, batches: wholeNumber('batches', values.batches), perBatch: 10 }
  const say = (/** @type {string} */ line) => (values.json ? console.error(line) : console.log(line))
  say(`seed ${seed}, ${rounds} rounds, ${payloadsOf(plan).flat().length} payloads`)
  say('undisturbed:')
  const undisturbed = await runPlan({ plan, progress: (line) => say(`  ${line}`) })
  say('killed:')
  const killed = await runPlan({
    plan,
    kills: killsOf(seed, rounds, plan),
    progress: (line) => say(`  ${line}`),
  })
  const differing = differences(undisturbed.result, killed.result)
  const { signals, actions, journal, quarantine } = undisturbed.result
  const counts = {
    feedback: journal.length,
    quarantined: quarantine.length,
    signals: signals.length,
    actions: actions.length,
  }
  const equal = differing.length === 0 && killed.kills === rounds
  if (values.json) {
    const { kills, starts, requests } = killed
    console.log(
      JSON.stringify({ seed, rounds, kills, starts, requests, equal, counts, differences: differing }),
    )
  } else {
    console.log(`${killed.kills} of ${rounds} kills hit; ${JSON.stringify(counts)}`)
    console.log(differing.length === 0 ? 'exactly equal' : differing.join('\n'))
    for (const problem of [...undisturbed.problems, ...killed.problems]) console.log(`reported: ${problem}`)
    if (!equal) console.log(`again with: npm run soak -- crash --rounds ${rounds} --seed ${seed}`)
  }
  return equal ? 0 : 1
}
