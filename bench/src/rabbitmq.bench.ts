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
  process.stdout.write(`npm run bench -- rabbitmq [--quick] [--rounds 3] [--json]

Messages of 1 kB, 100 in a call, 10 calls at a time, 4 quorum queues, through a real RabbitMQ on this machine: published,
confirmed, consumed and acknowledged by one process.
  bare   amqplib alone, over the same exchange and queues
  bus    rabbitBus
`)
  process.exit(0)
}
const folder = mkdtempSync(join(tmpdir(), 'andon-bench-rabbitmq-'))
const set = services({
  folder,
  environment: {},
  bench: true,
  report: (line) => process.stderr.write(`${line}\n`),
})
const count = values.quick ? 10_000 : 100_000

try {
  const { rabbitmq } = await set.up(['rabbitmq'])
  if (rabbitmq === undefined) throw new Error('RabbitMQ is not up')
  let runs = 0
  const clients = ['bare', 'bus']
  const cells = (): readonly Cell[] =>
    clients.map((client) => ({
      name: client,
      file: 'rabbit.cell.ts',
      args: { url: rabbitmq.url, client, count, run: `bench${++runs}` },
    }))
  const figures = await measure(cells, Number(values.rounds))
  if (values.json)
    process.stdout.write(`${JSON.stringify({ machine: machine(), ...Object.fromEntries(figures) })}\n`)
  else {
    const of = (client: string, figure: string): number => figures.get(client)?.[figure] ?? Number.NaN
    const lines = clients.map(
      (client) =>
        `${client.padEnd(5)} ${of(client, 'messagesPerSecond').toLocaleString('en')} messages/s, ${of(client, 'clientMicroseconds')} µs of processor a message, round trip p50 ${of(client, 'roundTripP50Ms')} ms`,
    )
    const more = (figure: string): string =>
      `${((of('bus', figure) / of('bare', figure) - 1) * 100).toFixed(1)} %`
    const time = `${((of('bare', 'messagesPerSecond') / of('bus', 'messagesPerSecond') - 1) * 100).toFixed(1)} %`
    process.stdout.write(
      `${machine()}\n\n${lines.join('\n')}\nover the bare client: ${time} of time, ${more('clientMicroseconds')} of processor, ${more('roundTripP50Ms')} of a round trip\n`,
    )
  }
} finally {
  await set.down(undefined, { purge: true })
  rmSync(folder, { recursive: true, force: true })
}
