import { parseArgs } from 'node:util'
import { type Cell, machine, measure } from './lib/cells.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    seed: { type: 'string', default: '1' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stdout.write(`npm run bench -- windows [--quick] [--rounds 3] [--seed 1] [--json]

1,000 windowed rules over 10,000 groups, at the pace of 5 million complaints a day; each complaint goes into two
windows (a sliding hour that three rules share, and a tumbling hour or a session) and is judged by four rules.
Events per CPU-second after the first hour, which fills the windows; making the complaints is not counted.
  andon    the rule engine, by dryRun()
  plain    reference: the same conditions written by hand, a list filtered for every complaint
  long     10 million complaints through the engine: the live heap at each million, after a collection
`)
  process.exit(0)
}
const scale = values.quick ? 0.2 : 1
// 5 million a day.
const common = { seed: Number(values.seed), perSecond: 58 }
const andon: Cell = {
  name: 'andon',
  file: 'windows.cell.ts',
  args: { ...common, engine: 'andon', count: 2_000_000 * scale },
}
const plain: Cell = {
  name: 'plain',
  file: 'windows.cell.ts',
  args: { ...common, engine: 'plain', count: 500_000 * (values.quick ? 0.8 : 1) },
}
const long: Cell = {
  ...andon,
  name: 'long',
  args: { ...andon.args, count: values.quick ? 2_000_000 : 10_000_000 },
}

const figures = await measure([andon, plain], Number(values.rounds))
for (const [name, measured] of await measure([long], 1)) figures.set(name, measured)

if (values.json)
  process.stdout.write(`${JSON.stringify({ machine: machine(), ...Object.fromEntries(figures) })}\n`)
else {
  const of = (cell: string, name: string): number => figures.get(cell)?.[name] ?? Number.NaN
  const heap = Object.entries(figures.get('long') ?? {}).filter(([name]) => name.startsWith('heapMiB_at_'))
  const rate = (cell: string): string => of(cell, 'eventsPerCpuSecond').toLocaleString('en')
  process.stdout.write(`${machine()}

andon    ${rate('andon')} events a CPU-second through 1,000 windowed rules over 10,000 groups, loaded in ${of('andon', 'loadMs')} ms
plain    ${rate('plain')} events a CPU-second by hand: the engine does ${(of('andon', 'eventsPerCpuSecond') / of('plain', 'eventsPerCpuSecond')).toFixed(1)} × that
long     ${rate('long')} events a CPU-second over ${(Number(long.args.count) / 1e6).toLocaleString('en')} million; ${of('long', 'lost')} entries lost at caps
         live heap ${heap.map(([name, value]) => `${name.slice(11)} ${value}`).join(', ')} MiB
`)
}
