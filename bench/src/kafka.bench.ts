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
  process.stdout.write(`npm run bench -- kafka [--quick] [--rounds 3] [--json]

Messages of about 1 kB, 100 in a call, 8 calls at a time, 8 partitions, through a real Kafka on this machine.
  bare             the client alone, idempotent, acknowledged by all replicas, the same bytes
  ours             kafkaBus: publish, and read through partitions
  gzip, lz4, zstd  kafkaBus with that compression
  steady           kafkaBus, 1,000 messages a second one by one: from publish to a reader
`)
  process.exit(0)
}
const folder = mkdtempSync(join(tmpdir(), 'andon-bench-kafka-'))
const set = services({
  folder,
  environment: {},
  bench: true,
  report: (line) => process.stderr.write(`${line}\n`),
})
const scale = values.quick ? 0.1 : 1

try {
  const { kafka } = await set.up(['kafka'])
  if (kafka === undefined) throw new Error('Kafka is not up')
  const broker = kafka.brokers[0] ?? ''
  let runs = 0
  const cell = (name: string, mode: string, count: number, compression = 'none'): Cell => ({
    name,
    file: 'kafka.cell.ts',
    args: { broker, run: `bench${++runs}`, mode, count, compression },
  })
  const cells = (): readonly Cell[] => [
    cell('bare', 'bare', 200_000 * scale),
    cell('ours', 'ours', 200_000 * scale),
    ...['gzip', 'lz4', 'zstd'].map((name) => cell(name, 'ours', 200_000 * scale, name)),
    cell('steady', 'steady', 20_000 * scale),
  ]
  const figures = await measure(cells, Number(values.rounds))
  if (values.json)
    process.stdout.write(`${JSON.stringify({ machine: machine(), ...Object.fromEntries(figures) })}\n`)
  else {
    const of = (name: string, figure: string): string =>
      (figures.get(name)?.[figure] ?? Number.NaN).toLocaleString('en')
    const lines = ['bare', 'ours', 'gzip', 'lz4', 'zstd'].map(
      (name) =>
        `${name.padEnd(6)} publish ${of(name, 'publishMicroseconds')} µs of processor a message, ${of(name, 'publishPerSecond')} messages/s; read ${of(name, 'readMicroseconds')} µs, ${of(name, 'readPerSecond')} messages/s`,
    )
    process.stdout.write(
      `${machine()}\n\n${lines.join('\n')}\nsteady p50 ${of('steady', 'p50Ms')} ms, p99 ${of('steady', 'p99Ms')} ms from publish to a reader at 1,000/s\n`,
    )
  }
} finally {
  await set.down(undefined, { purge: true })
  rmSync(folder, { recursive: true, force: true })
}
