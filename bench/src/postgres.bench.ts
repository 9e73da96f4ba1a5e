import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { services } from '../../scripts/lib/services.mjs'
import { type Cell, machine, measure } from './lib/cells.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stdout.write(`npm run bench -- postgres [--quick] [--rounds 3] [--json]

The PostgreSQL store alone, on a server of its own, everything flushed to disk; rows a second, and processor time
(without what it costs to make them).
  journal       1,000 feedback an append, one journal
  lanes         300 feedback an append, 16 lanes
  lanes-single  one feedback an append, 16 lanes
  transactions  a signal raised, an action, an audit line and a checkpoint each, 8 at once
  leases        batches of 100 actions, leased and put back as done, 4 workers
`)
  process.exit(0)
}
const folder = mkdtempSync(join(tmpdir(), 'andon-bench-postgres-'))
const set = services({
  folder,
  environment: {},
  bench: true,
  report: (line) => process.stderr.write(`${line}\n`),
})
const scale = values.quick ? 0.1 : 1

try {
  const { postgres } = await set.up(['postgres'])
  if (postgres === undefined) throw new Error('PostgreSQL is not up')
  const pid = (await set.status(['postgres'])).get('postgres')?.pid ?? 0
  const cell = (name: string, count: number): Cell => ({
    name,
    file: 'postgres.cell.ts',
    args: { what: name, count: count * scale, url: postgres.url, pid },
  })
  const cells = [
    cell('journal', 200_000),
    cell('lanes', 200_000),
    cell('lanes-single', 20_000),
    cell('transactions', 10_000),
    cell('leases', 20_000),
  ]
  const figures = await measure(cells, Number(values.rounds))
  if (values.json)
    process.stdout.write(`${JSON.stringify({ machine: machine(), ...Object.fromEntries(figures) })}\n`)
  else {
    const lines = [...figures].map(
      ([name, { rowsPerSecond = 0, clientMicroseconds, serverMicroseconds }]) => {
        const rate = rowsPerSecond.toLocaleString('en')
        return `${name.padEnd(13)} ${rate}/s; processor time each: ${clientMicroseconds} µs here, ${serverMicroseconds} µs in the server`
      },
    )
    process.stdout.write(`${machine()}\n\n${lines.join('\n')}\n`)
  }
} finally {
  await set.down(undefined, { purge: true })
  rmSync(folder, { recursive: true, force: true })
}
