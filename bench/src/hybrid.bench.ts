import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { workerHeap } from '@andon/cli'
import { services } from '../../scripts/lib/services.mjs'
import { type Cell, machine, measure } from './lib/cells.ts'

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    rounds: { type: 'string', default: '3' },
    partitions: { type: 'string', default: '8' },
    help: { type: 'boolean', default: false },
  },
})
if (values.help) {
  process.stdout.write(`npm run bench -- hybrid [--quick] [--rounds 3] [--partitions 8] [--json]

Feedback through real Kafka, RabbitMQ and PostgreSQL and a worker, all of them on this machine, 100 rules.
  flood    as fast as it goes: feedback per second from ingest until all of it is stored, analysed and acted upon, and
           the processor time of each part
  steady   1,000 a second: p50 and p99 from ingest to the call of the target
  workers  one, two and three workers, with a detector that costs half a millisecond of the processor a feedback
`)
  process.exit(0)
}
const folder = mkdtempSync(join(tmpdir(), 'andon-bench-servers-'))
const set = services({
  folder,
  environment: {},
  bench: true,
  report: (line) => process.stderr.write(`${line}\n`),
})
const scale = values.quick ? 0.1 : 1

try {
  const { kafka, rabbitmq, postgres } = await set.up()
  if (kafka === undefined || rabbitmq === undefined || postgres === undefined)
    throw new Error('not all servers are up')
  const status = await set.status()
  const common = {
    broker: kafka.brokers[0] ?? '',
    rabbitmq: rabbitmq.url,
    postgres: postgres.url,
    partitions: Number(values.partitions),
    kafkaPid: status.get('kafka')?.pid ?? 0,
    rabbitmqPid: status.get('rabbitmq')?.pid ?? 0,
    postgresPid: status.get('postgres')?.pid ?? 0,
    seed: 1,
  }
  // Each run has topics, queues and tables of its own.
  let runs = 0
  const run = (): string => `bench${++runs}`
  const teams = [1, 2, 3]
  const cells = (): readonly Cell[] => [
    {
      name: 'flood',
      file: 'hybrid.cell.ts',
      nodeOptions: workerHeap,
      args: { ...common, run: run(), mode: 'flood', count: 200_000 * scale },
    },
    ...teams.map((workers) => ({
      name: `workers${workers}`,
      file: 'workers.cell.ts',
      nodeOptions: workerHeap,
      args: { ...common, run: run(), workers, microseconds: 500, count: 15_000 * scale },
    })),
    // Last, when the servers have been compiled by the load before.
    {
      name: 'steady',
      file: 'hybrid.cell.ts',
      nodeOptions: workerHeap,
      args: { ...common, run: run(), mode: 'steady', rate: 1000, count: Math.max(15_000, 30_000 * scale) },
    },
  ]
  const figures = await measure(cells, Number(values.rounds))
  if (values.json)
    process.stdout.write(`${JSON.stringify({ machine: machine(), ...Object.fromEntries(figures) })}\n`)
  else {
    const of = (cell: string, name: string): string =>
      (figures.get(cell)?.[name] ?? Number.NaN).toLocaleString('en')
    const gain = (workers: number): string => {
      const speed = (team: number): number => figures.get(`workers${team}`)?.feedbackPerSecond ?? Number.NaN
      return (speed(workers) / speed(1)).toFixed(2)
    }
    process.stdout.write(`${machine()}

flood    ${of('flood', 'feedbackPerSecond')} feedback/s from ingest until stored, analysed and acted upon (${of('flood', 'executed')} actions)
         processor time a feedback, in µs: worker ${of('flood', 'workerMicroseconds')}, Kafka ${of('flood', 'kafkaMicroseconds')}, PostgreSQL ${of('flood', 'postgresMicroseconds')}, RabbitMQ ${of('flood', 'rabbitmqMicroseconds')}
steady   p50 ${of('steady', 'p50Ms')} ms, p99 ${of('steady', 'p99Ms')} ms, longest ${of('steady', 'maxMs')} ms from ingest to target at 1,000/s (${of('steady', 'measured')} actions)
         processor time a feedback, in µs: worker ${of('steady', 'workerMicroseconds')}, Kafka ${of('steady', 'kafkaMicroseconds')}, PostgreSQL ${of('steady', 'postgresMicroseconds')}, RabbitMQ ${of('steady', 'rabbitmqMicroseconds')}
workers  ${teams.map((workers) => `${workers}: ${of(`workers${workers}`, 'feedbackPerSecond')}/s`).join(', ')} where each feedback costs a detector half a millisecond: ${teams.map((workers) => `${gain(workers)} ×`).join(', ')}
`)
  }
} finally {
  await set.down(undefined, { purge: true })
  rmSync(folder, { recursive: true, force: true })
}
