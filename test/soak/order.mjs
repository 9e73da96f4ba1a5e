// Whether feedback of one key keeps its order while workers come and go: issue "when one machine is not enough".
import { parseArgs } from 'node:util'
import { runOrder } from '../support/distributed/order.mjs'
import { wholeNumber } from '../support/whole-number.mjs'

const help = `Usage: npm run soak -- order [options]

Takes feedback in through Kafka and PostgreSQL of its own while three workers are killed or restarted again and again, so
that partitions go from one to the other. Each key's feedback must stand in its lane in the order it came in, once.

Options:
  --feedback <n>  how much of it (default 1000000)
  --seed <n>      of feedback and rebalances (default: from the clock, and printed)
  --json          prints one JSON object at the end, progress on stderr
  --help          show this text`

const { values } = parseArgs({
  options: {
    feedback: { type: 'string', default: '1000000' },
    seed: { type: 'string' },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})

if (values.help) console.log(help)
else {
  const seed = wholeNumber('seed', values.seed ?? String(Date.now() % 1_000_000))
  const say = (/** @type {string} */ line) => (values.json ? console.error(line) : console.log(line))
  say(`seed ${seed}`)
  const run = await runOrder({ seed, say, feedback: wholeNumber('feedback', values.feedback) })
  console.log(JSON.stringify(run, undefined, values.json ? undefined : 2))
  process.exitCode = run.broken.length === 0 ? 0 : 1
}
