import { parseArgs } from 'node:util'
import { type Cell, machine, measure } from './lib/cells.ts'

const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '50000' },
    steady: { type: 'string', default: '4000' },
    rounds: { type: 'string', default: '3' },
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stdout.write(`npm run bench -- salesforce [--events 50000] [--steady 4000] [--rounds 3] [--quick] [--json]

Change events of 500 cases with 500 characters each, from a simulated org in another process; each cell in a process of its
own, the median of the rounds. The first 5,000 events are not measured.
  backlog  events that wait are read, completed by their records and handed over
  steady   200 changes a second: from the change to the batch
`)
  process.exit(0)
}
const scale = values.quick ? 0.1 : 1
const perSecond = 200
const cells: readonly Cell[] = [
  {
    name: 'backlog',
    file: 'salesforce.cell.ts',
    args: { what: 'backlog', events: Number(values.events) * scale, perSecond },
  },
  {
    name: 'steady',
    file: 'salesforce.cell.ts',
    args: { what: 'steady', events: Number(values.steady) * scale, perSecond },
  },
]
const figures = await measure(cells, Number(values.rounds))
const of = (cell: string, name: string): number => figures.get(cell)?.[name] ?? Number.NaN

if (values.json)
  process.stdout.write(`${JSON.stringify({ machine: machine(), ...Object.fromEntries(figures) })}\n`)
else
  process.stdout.write(`${machine()}

backlog  ${of('backlog', 'eventsPerSecond').toLocaleString('en')} events/s decoded, completed and handed over; ${of('backlog', 'cpuMicroseconds')} µs of processor time each
steady   ${perSecond} changes/s: from the change to the batch p50 ${of('steady', 'p50Ms')} ms, p99 ${of('steady', 'p99Ms')} ms, p99.9 ${of('steady', 'p999Ms')} ms
`)
