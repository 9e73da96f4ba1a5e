import { mkdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type Cell, machine, measure } from './lib/cells.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    folder: { type: 'string', default: join(tmpdir(), 'andon-bench') },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stdout.write(`npm run bench -- actions [--quick] [--rounds 3] [--folder <on a real disk>] [--json]

Complaints that lead to actions in the plant simulator, over HTTP in another process. Everything is durable: the
proposal with its decision, each step, the receipt, and the audit line of each; holds and orders are read back.
  findings  four actions a complaint, as fast as it goes: a hold, an order's priority, an inspection, a notification
  notices   one notification a complaint, as fast as it goes
  holds     one hold a complaint, as fast as it goes
  steady    holds, 200 a second: p50 and p99 from the proposal, and from ingest, to the durable receipt
`)
  process.exit(0)
}
mkdirSync(values.folder, { recursive: true })
const scale = values.quick ? 0.1 : 1
const flood = (name: string, kind: string): Cell => ({
  name,
  file: 'actions.cell.ts',
  args: { mode: 'flood', kind, count: 60_000 * scale, folder: values.folder },
})
const steady: Cell = {
  name: 'steady',
  file: 'actions.cell.ts',
  args: { mode: 'steady', kind: 'hold', rate: 200, count: 7000 * scale, folder: values.folder },
}
const floods = [flood('findings', 'finding'), flood('notices', 'notice'), flood('holds', 'hold')]
const figures = await measure([...floods, steady], Number(values.rounds))

if (values.json)
  process.stdout.write(`${JSON.stringify({ machine: machine(), ...Object.fromEntries(figures) })}\n`)
else {
  const of = (cell: string, name: string): string =>
    (figures.get(cell)?.[name] ?? Number.NaN).toLocaleString('en')
  const lines = floods.map(
    ({ name }) =>
      `${name.padEnd(8)} ${of(name, 'actionsPerSecond')} actions/s, ${of(name, 'cpuMicrosecondsPerAction')} µs of processor time each; the plant did ${of(name, 'plantDeeds')} in ${of(name, 'plantRequests')} requests; ${of(name, 'auditLines')} audit lines, ${of(name, 'auditProblems')} wrong; ${of(name, 'rssMiB')} MiB`,
  )
  process.stdout.write(`${machine()}

${lines.join('\n')}
steady   p50 ${of('steady', 'proposedP50Ms')} ms, p99 ${of('steady', 'proposedP99Ms')} ms from the proposal to the durable receipt at 200/s (${of('steady', 'measured')} actions); from ingest p50 ${of('steady', 'sentP50Ms')} ms, p99 ${of('steady', 'sentP99Ms')} ms
`)
}
