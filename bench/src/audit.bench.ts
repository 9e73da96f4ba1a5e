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
  process.stdout.write(`npm run bench -- audit [--quick] [--rounds 3] [--folder <on a real disk>] [--json]

How fast the audit log is checked, lines of about 480 bytes each; by the clock, and by the processor's own time.
  short, long  lines as bytes, 200,000 and 2 million: memory must not grow with them
  store        300,000 lines in an embedded store
`)
  process.exit(0)
}
mkdirSync(values.folder, { recursive: true })
const scale = values.quick ? 0.1 : 1
const cell = (name: string, source: 'lines' | 'store', count: number): Cell => ({
  name,
  file: 'audit.cell.ts',
  args: { source, folder: values.folder, count: count * scale },
})
const cells = [
  cell('short', 'lines', 200_000),
  cell('long', 'lines', 2_000_000),
  cell('store', 'store', 300_000),
]
const figures = await measure(cells, Number(values.rounds))

if (values.json)
  process.stdout.write(`${JSON.stringify({ machine: machine(), ...Object.fromEntries(figures) })}\n`)
else {
  const lines = [...figures].map(([name, { linesPerSecond = 0, linesPerCpuSecond = 0, rssMiB = 0 }]) => {
    const [wall, cpu] = [linesPerSecond, linesPerCpuSecond].map((figure) => figure.toLocaleString('en'))
    return `${name.padEnd(6)} ${wall} lines/s, ${cpu} a second of the processor, ${rssMiB} MiB`
  })
  process.stdout.write(`${machine()}\n\n${lines.join('\n')}\n`)
}
