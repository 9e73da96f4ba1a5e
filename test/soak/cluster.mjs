// Kills the nodes of a RabbitMQ cluster, one at a time, while messages stream through it: nothing that was confirmed may
// be lost, keys keep their order, and a process that begins while a node is down publishes all the same.
import { parseArgs } from 'node:util'
import { runCluster } from '../support/rabbit-cluster/run.mjs'
import { wholeNumber } from '../support/whole-number.mjs'

const help = `Usage: npm run soak -- cluster [options]

Starts a RabbitMQ cluster of three nodes of its own (Debian's package, no Docker), publishes through one bus that has
the addresses of all and reads through two of one group, and kills (SIGKILL) and restarts a node at a time, each at least
once. Nothing confirmed may be lost, keys keep their order, no publication fails, not even that of a bus that begins
while a node is down, and in the end the consumers share the shards. Duplicates are allowed, and counted.

Options:
  --seconds <n>   of kills (default 120)
  --seed <n>      of nodes and pauses (default: from the clock, and printed)
  --json          prints one JSON object at the end, progress on stderr
  --help          show this text`

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '120' },
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
  const run = await runCluster({ seed, say, seconds: wholeNumber('seconds', values.seconds) })
  console.log(JSON.stringify(run, undefined, values.json ? undefined : 2))
  process.exitCode = run.problems.length === 0 ? 0 : 1
}
