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
  process.stdout.write(`npm run bench -- day [--quick] [--rounds 3] [--folder <on a real disk>] [--json]

A day of complaints through the whole embedded loop: about 1 kB of JSON each, 100 rules, durable.
  flood    as fast as it goes: feedback per second from ingest to the last receipt, in three workloads:
           surveys alone; app, shop, alarm and survey mixed; surveys with every second one in a window
  steady   1,000 a second: p50 and p99 from ingest to receipt
  long     5 million: memory at each million, bytes on disk
  bare     reference: the same payloads into a bare SQLite table
`)
  process.exit(0)
}
mkdirSync(values.folder, { recursive: true })
const scale = values.quick ? 0.1 : 1
const common = { folder: values.folder, seed: 1 }
const flood: Cell = {
  name: 'flood',
  file: 'day.cell.ts',
  args: { ...common, mode: 'flood', count: 1_000_000 * scale },
}
const mixed: Cell = { ...flood, name: 'mixed', args: { ...flood.args, workload: 'mix' } }
const wide: Cell = { ...flood, name: 'wide', args: { ...flood.args, breadth: 'wide' } }
const steady: Cell = {
  name: 'steady',
  file: 'day.cell.ts',
  args: { ...common, mode: 'steady', rate: 1000, count: 30_000 * scale },
}
const bare: Cell = { name: 'bare', file: 'disk.cell.ts', args: { ...common, count: 1_000_000 * scale } }
const long: Cell = {
  name: 'long',
  file: 'day.cell.ts',
  args: { ...common, mode: 'flood', count: 5_000_000 * scale },
}

const figures = await measure([flood, mixed, wide, steady, bare], Number(values.rounds))
for (const [name, measured] of await measure([long], 1)) figures.set(name, measured)

if (values.json)
  process.stdout.write(`${JSON.stringify({ machine: machine(), ...Object.fromEntries(figures) })}\n`)
else {
  const of = (cell: string, name: string): number => figures.get(cell)?.[name] ?? Number.NaN
  const memory = Object.entries(figures.get('long') ?? {}).filter(([name]) => name.startsWith('rssMiB_at_'))
  process.stdout.write(`${machine()}

flood    ${of('flood', 'feedbackPerSecond').toLocaleString('en')} feedback/s through the whole loop, ${of('flood', 'receipts')} actions carried out
         ${(of('flood', 'feedbackPerSecond') / of('bare', 'feedbackPerSecond')).toFixed(2)} × a bare durable SQLite insert of the same payloads (${of('bare', 'feedbackPerSecond').toLocaleString('en')}/s)
mixed    ${of('mixed', 'feedbackPerSecond').toLocaleString('en')} feedback/s with app, shop, alarm and survey in equal parts
wide     ${of('wide', 'feedbackPerSecond').toLocaleString('en')} feedback/s with every second complaint in a window
steady   p50 ${of('steady', 'p50Ms')} ms, p99 ${of('steady', 'p99Ms')} ms, longest ${of('steady', 'maxMs')} ms from ingest to receipt at 1,000/s (${of('steady', 'measured')} actions)
long     ${of('long', 'feedbackPerSecond').toLocaleString('en')} feedback/s; memory ${memory.map(([name, value]) => `${name.slice(10)} ${value}`).join(', ')} MiB
         ${of('long', 'bytesPerFeedback')} bytes on disk per feedback, ${of('long', 'diskMiB')} MiB in all
`)
}
