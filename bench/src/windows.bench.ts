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
  counts    each complaint goes into one window, a sliding hour with COUNT(*) or COUNT(DISTINCT serial_number); faults
            fall off as complaints do (Zipf, like the NHTSA data)
  even      the same with every group as likely as another: the worst there is for the processor's cache
  mixed     sliding, tumbling and session windows with COUNT, COUNT DISTINCT, AVG, SHARE, SUM and MAX in turn; half of
            them have to be looked at whenever an entry leaves, too
  together  four rules for each fault: three share one sliding hour, one has a tumbling hour or a session
  plain     reference: the conditions of "together" by hand, a list filtered for every complaint
  long      10 million complaints through "mixed": the live heap at each million, after a collection
`)
  process.exit(0)
}
const scale = values.quick ? 0.25 : 1
const common = {
  seed: Number(values.seed),
  perSecond: 58,
  engine: 'andon',
  layout: 'counts',
  spread: 'pareto',
}
const cell = (name: string, args: Cell['args'], count = 2_000_000): Cell => ({
  name,
  file: 'windows.cell.ts',
  args: { ...common, count: count * scale, ...args },
})
const cells = [
  cell('counts', {}),
  cell('even', { spread: 'even' }),
  cell('mixed', { layout: 'mixed' }),
  cell('together', { layout: 'together' }),
  cell('plain', { engine: 'plain', layout: 'together' }, 1_000_000),
]
const long = cell('long', { layout: 'mixed', count: values.quick ? 2_000_000 : 10_000_000 })

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
events a CPU-second through 1,000 windowed rules over 10,000 groups, loaded in ${of('counts', 'loadMs')} ms

counts    ${rate('counts')} with one window a complaint, COUNT and COUNT DISTINCT over a sliding hour
even      ${rate('even')} the same, every group as likely as another
mixed     ${rate('mixed')} with one window a complaint, of every kind
together  ${rate('together')} with two windows a complaint and four rules that judge it
plain     ${rate('plain')} for the same by hand: the engine does ${times.toFixed(1)} × that
long      ${rate('long')} over ${(Number(long.args.count) / 1e6).toLocaleString('en')} million; ${of('long', 'lost')} entries lost at caps
          live heap ${heap.map(([name, value]) => `${name.slice(11)} ${value}`).join(', ')} MiB
`)
}
