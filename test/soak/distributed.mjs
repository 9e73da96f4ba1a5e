// Kills workers, Kafka, RabbitMQ and PostgreSQL again and again while feedback streams through them, and asks whether
// signals, actions and the plant are as one undisturbed process would have made them: DESIGN section 3, promises 1 to 4.
import { parseArgs } from 'node:util'
import { runDistributed } from '../support/distributed/run.mjs'
import { wholeNumber } from '../support/whole-number.mjs'

const help = `Usage: npm run soak -- distributed [options]

Starts Kafka, RabbitMQ and PostgreSQL of its own and three workers (andon worker), streams feedback through them and
kills (SIGKILL) a worker, a broker or the database again and again. In the end the signals, the actions and what was done
in the plant must equal those of one undisturbed process on the embedded store.

Options:
  --feedback <n>  how much of it (default 100000)
  --kills <n>     (default 30)
  --workers <n>   (default 3)
  --seed <n>      of feedback and kills (default: from the clock, and printed)
  --json          prints one JSON object at the end, progress on stderr
  --help          show this text`

const { values } = parseArgs({
  options: {
    feedback: { type: 'string', default: '100000' },
    kills: { type: 'string', default: '30' },
    workers: { type: 'string', default: '3' },
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
  const { output, ...run } = await runDistributed({
    ...{ seed, say, feedback: wholeNumber('feedback', values.feedback) },
    ...{ kills: wholeNumber('kills', values.kills), workers: wholeNumber('workers', values.workers) },
  })
  if (output !== '') console.error(output)
  console.log(JSON.stringify(run, undefined, values.json ? undefined : 2))
  process.exitCode = run.differences.length === 0 ? 0 : 1
}
