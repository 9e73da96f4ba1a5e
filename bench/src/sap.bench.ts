import { parseArgs } from 'node:util'
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
  process.stdout.write(`npm run bench -- sap [--quick] [--rounds 3] [--json]

Holds of batches in a simulated S/4HANA in another process, over HTTP on loopback: look-up, batch, record and change with
its read-back, four requests each. Eight at once for the rate, then one after the other.
  cached    connector-sap as it is: one CSRF token a service
  uncached  connector-sap with csrfCache: false: a token for each write
  bare      axios alone with the very requests of cached, byte by byte: what the connector costs on top is its overhead
`)
  process.exit(0)
}
const scale = values.quick ? 0.2 : 1
const cells = (['bare', 'cached', 'uncached'] as const).map(
  (client): Cell => ({
    name: client,
    file: 'sap.cell.ts',
    args: { client, flood: 2000 * scale, alone: 600 * scale },
  }),
)
// Each round begins with another one, so that none is always first.
const figures = await measure(
  (round) =>
    cells
      .map((_, index) => cells[(index + round) % cells.length] ?? cells[0])
      .filter((cell) => cell !== undefined),
  Number(values.rounds),
)

const of = (cell: string, name: string): number => figures.get(cell)?.[name] ?? Number.NaN
const percent = (more: number): number => Number(((more - 1) * 100).toFixed(1))
const overhead = {
  ratePercent: percent(of('bare', 'holdsPerSecond') / of('cached', 'holdsPerSecond')),
  alonePercent: percent(of('cached', 'aloneP50Ms') / of('bare', 'aloneP50Ms')),
  cpuPercent: percent(of('cached', 'cpuMicroseconds') / of('bare', 'cpuMicroseconds')),
}

if (values.json)
  process.stdout.write(
    `${JSON.stringify({ machine: machine(), ...Object.fromEntries(figures), overhead })}\n`,
  )
else {
  const lines = cells.map(
    ({ name }) =>
      `${name.padEnd(8)} ${of(name, 'holdsPerSecond')} holds/s, p50 ${of(name, 'p50Ms')} ms, p99 ${of(name, 'p99Ms')} ms at eight at once; alone p50 ${of(name, 'aloneP50Ms')} ms, p99 ${of(name, 'aloneP99Ms')} ms; ${of(name, 'cpuMicroseconds')} µs of processor time, ${of(name, 'requestsPerHold')} requests each`,
  )
  process.stdout.write(`${machine()}

${lines.join('\n')}
overhead over bare axios: ${overhead.ratePercent} % of time at eight at once, ${overhead.alonePercent} % alone, ${overhead.cpuPercent} % of the client's processor time
`)
}
