import { s4hana } from '@andon/connector-sap'
import { silentLogger, systemClock } from '@andon/core/connector'
import { sampleAction } from '@andon/testkit'
import { bareHolds, requestsPerHold } from './lib/bare-holds.ts'
import { quantile } from './lib/cells.ts'
import { batchNumber, credentials, s4hanaProcess } from './lib/s4hana-process.ts'

// One cell of the overhead of connector-sap: holds in a simulated S/4HANA in another process, by the connector or by
// bare axios with the very requests that the connector sends, recorded before from the same holds.
const args = JSON.parse(process.argv[2] ?? '{}') as {
  client: 'cached' | 'uncached' | 'bare'
  /** Holds at the same time, and then one after the other. */
  flood: number
  alone: number
}
const warmUp = 500
const atOnce = 8
const connections = 16
const total = warmUp + args.flood + args.alone

const targetAt = (url: string) =>
  s4hana({
    ...{ url, client: '100', plant: '1010', connections, csrfCache: args.client !== 'uncached' },
    auth: { kind: 'basic', username: credentials.user, password: credentials.password },
  })
const actionAt = (index: number) =>
  sampleAction(index, {
    ...{ id: `hold-${index}`, kind: 'material.hold', target: 's4hana' },
    params: { batch: batchNumber(index), component: 'COMPRESSOR', reason: 'cooling failure' },
  })

type Hold = (index: number) => Promise<unknown>
const signal = new AbortController().signal

function connectorHolds(url: string): Hold {
  const target = targetAt(url)
  return (index) =>
    target.execute(actionAt(index), { attempt: 1, signal, clock: systemClock, logger: silentLogger })
}

/** What the connector sends for all these holds, one after the other. */
async function recordedHolds() {
  const recorder = await s4hanaProcess({ batches: total, record: true })
  const hold = connectorHolds(recorder.url)
  for (let index = 0; index < total; index += 1) await hold(index)
  const { recorded } = await recorder.close()
  if (args.client === 'bare' && recorded.length !== total * requestsPerHold)
    throw new RangeError(`${recorded.length} requests for ${total} holds`)
  return recorded
}

// All clients do it, so that all have the same history when they are measured.
const recorded = await recordedHolds()
const sap = await s4hanaProcess({ batches: total, record: false })
const hold =
  args.client === 'bare' ? await bareHolds(sap.url, recorded, connections) : connectorHolds(sap.url)

async function timed(index: number): Promise<number> {
  const at = performance.now()
  await hold(index)
  return performance.now() - at
}

/** The holds from the first on, so many at once; how long each took (ms). */
async function holds(first: number, count: number, workers: number): Promise<readonly number[]> {
  const took: number[] = []
  let next = first
  const worker = async (): Promise<void> => {
    while (next < first + count) {
      const index = next
      next += 1
      took.push(await timed(index))
    }
  }
  await Promise.all(Array.from({ length: workers }, worker))
  return took
}

await holds(0, warmUp, atOnce)
globalThis.gc?.()
const [cpu, startedAt] = [process.cpuUsage(), performance.now()]
const flood = await holds(warmUp, args.flood, atOnce)
const seconds = (performance.now() - startedAt) / 1000
const { user, system } = process.cpuUsage(cpu)
const alone = await holds(warmUp + args.flood, args.alone, 1)
const { requests, tokensFetched, heldBatches, notifications } = await sap.close()
if (heldBatches !== total || notifications !== total)
  throw new RangeError(`${heldBatches} batches held and ${notifications} records of ${total} holds`)

const ms = (value: number): number => Number(value.toFixed(2))
process.stdout.write(
  JSON.stringify({
    holdsPerSecond: Math.round(args.flood / seconds),
    p50Ms: ms(quantile(flood, 0.5)),
    p99Ms: ms(quantile(flood, 0.99)),
    aloneP50Ms: ms(quantile(alone, 0.5)),
    aloneP99Ms: ms(quantile(alone, 0.99)),
    cpuMicroseconds: Math.round((user + system) / args.flood),
    requestsPerHold: ms(requests / total),
    tokensFetched,
  }),
)
// The connections are kept alive, and with them the process.
process.exit(0)
