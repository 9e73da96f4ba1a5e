// Cases that change while streams, tokens, schemas and the reader itself break: does every state arrive?
import { parseArgs } from 'node:util'
import { runSalesforce } from '../support/salesforce/run.mjs'
import { wholeNumber } from '../support/whole-number.mjs'

const help = `Usage: npm run soak -- salesforce [options]

People change cases in a simulated Salesforce org. About every 1,000 changes something goes wrong: a stream is cut, repeats
itself or falls silent, a token expires, the schema changes, events are lost (gaps, overflow, replay ids that mean nothing
any more), answers are bad, the reader crashes. Every state of every case must arrive, in order per case,
and each reply to a customer must be written exactly once.

Options:
  --changes <n>   how many (default 200000)
  --seed <n>      (default: from the clock, and printed)
  --every <n>     changes between two troubles, on average (default 1000)
  --speed <n>     of the org's clock, whose stamps are whole seconds (default 50)
  --json          prints one JSON object at the end, progress on stderr
  --help          show this text`

const { values } = parseArgs({
  options: {
    changes: { type: 'string', default: '200000' },
    seed: { type: 'string' },
    speed: { type: 'string', default: '50' },
    every: { type: 'string', default: '1000' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(help)
else process.exitCode = await main()

async function main() {
  const seed = wholeNumber('seed', values.seed ?? String(Date.now() % 1_000_000))
  const say = (/** @type {string} */ line) => (values.json ? console.error(line) : console.log(line))
  say(`seed ${seed}`)
  const run = await runSalesforce({
    seed,
    changes: wholeNumber('changes', values.changes),
    everyChanges: wholeNumber('every', values.every),
    speed: wholeNumber('speed', values.speed),
    say,
  })
  const failed = [run.missing, run.disorders, run.strangers, run.wrong].some(
    (findings) => findings.length > 0,
  )
  console.log(values.json ? JSON.stringify(run) : run)
  if (!values.json) console.log(failed ? 'not all is well' : 'all is well')
  return failed ? 1 : 0
}
