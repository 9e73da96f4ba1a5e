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

1,000 windowed rules over 10,000 groups, at the pace of 5 million complaints a day. Events per CPU-second after the
first hour, which fills the windows; making the complaints is not counted.
  apart     each complaint goes into one window: sliding, tumbling and session, with COUNT, COUNT DISTINCT, AVG, SHARE,
            SUM and MAX in turn; faults fall off as complaints do (Zipf, like the NHTSA data)
  even      the same with every group as likely as another: the worst there is for the processor's cache
  together  four rules for each fault: three share one sliding hour, one has a tumbling hour or a session
  plain     reference: the conditions of "together" by hand, a list filtered for every complaint
  long      10 million complaints through "apart": the live heap at each million, after a collection
`)
  process.exit(0)
}
const scale = values.quick ? 0.25 : 1
const common = {
  seed: Number(values.seed),
  perSecond: 58,
  engine: 'andon',
  layout: 'apart',
  spread: 'pareto',
}
const cell = (name: string, args: Cell['args'], count = 2_000_000): Cell => ({
  name,
  file: 'windows.cell.ts',
  args: { ...common, count: count * scale, ...args },
})
const cells = [
  cell('apart', {}),
  cell('even', { spread: 'even' }),
  cell('together', { layout: 'together' }),
  cell('plain', { engine: 'plain', layout: 'together' }, 1_000_000),
]
const long = cell('long', { count: values.quick ? 2_000_000 : 10_000_000 })

const figures = await measure(cells, Number(values.rounds))
for (const [name, measured] of await measure([long], 1)) figures.set(name, measured)

if (values.json)
  process.stdout.write(`${JSON.stringify({ machine: machine(), ...Object.fromEntries(figures) })}\n`)
else {
  const of = (cell: string, name: string): number => figures.get(cell)?.[name] ?? Number.NaN
  const heap = Object.entries(figures.get('long') ?? {}).filter(([name]) => name.startsWith('heapMiB_at_'))
  const rate = (cell: string): string => of(cell, 'eventsPerCpuSecond').toLocaleString('en')
  const times = of('together', 'eventsPerCpuSecond') / of('plain', 'eventsPerCpuSecond')
  process.stdout.write(`${machine()}
events a CPU-second through 1,000 windowed rules over 10,000 groups, loaded in ${of('apart', 'loadMs')} ms

apart     ${rate('apart')} with one window a complaint
even      ${rate('even')} the same, every group as likely as another
together  ${rate('together')} with two windows a complaint and four rules that judge it
plain     ${rate('plain')} for the same by hand: the engine does ${times.toFixed(1)} × that
long      ${rate('long')} over ${(Number(long.args.count) / 1e6).toLocaleString('en')} million; ${of('long', 'lost')} entries lost at caps
          live heap ${heap.map(([name, value]) => `${name.slice(11)} ${value}`).join(', ')} MiB
`)
}
