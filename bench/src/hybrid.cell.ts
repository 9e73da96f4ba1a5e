import { defineTarget, parseRules, type RawPayload } from '@andon/core'
import { quantile } from './lib/cells.ts'
import { complaints } from './lib/complaints.ts'
import { drained, type HybridAddresses, hybridAndon } from './lib/hybrid-andon.ts'
import { processorSeconds } from './lib/processor-time.ts'
import { hundredRules } from './lib/rules.ts'
import { settledPostgres } from './lib/settled-postgres.ts'

// One cell of `hybrid`, in a process of its own: a worker that takes feedback in and analyses it, over real servers.
const args = JSON.parse(process.argv[2] ?? '{}') as HybridAddresses & {
  mode: 'flood' | 'steady'
  count: number
  rate: number
  seed: number
  kafkaPid: number
  rabbitmqPid: number
  postgresPid: number
}
const arrived = new Map<string, number>()
/** Only feedback of the last few seconds can still lead to an action. */
const forgetAfterMs = 5000
let warmFrom = 0
const latencies: number[] = []
let executed = 0
/** Actions that reached the target before intake had said which feedback it was. */
const early = new Map<string, number>()

const plant = defineTarget({
  name: 'plant',
  capabilities: {},
  handles: ['notify', 'inspection.request', 'escalate'],
  execute: async (action) => {
    executed++
    const trigger = action.quotes.at(-1)?.feedbackId ?? ''
    const since = arrived.get(trigger)
    if (since === undefined) early.set(trigger, performance.now())
    else if (since >= warmFrom) latencies.push(performance.now() - since)
    return { reference: `p-${action.id}` }
  },
  revert: async (action) => ({ reference: `r-${action.id}` }),
  check: async () => ({ ok: true }),
})
/** One worker runs all of them. */
const inOneStage = hundredRules().replaceAll(/ FOR STAGE \w+/g, '')
const andon = hybridAndon(args, { rules: parseRules(inOneStage), targets: { plant } })
let trouble = 0
andon.on('error', (error) => {
  trouble++
  process.stderr.write(`${error.message}\n`)
})
await settledPostgres(args.postgres)
await andon.start()
const make = complaints(args.seed, undefined, args.mode === 'steady' ? 1 / 20 : undefined)
const figures: Record<string, number> = {}
const servers = { kafka: args.kafkaPid, rabbitmq: args.rabbitmqPid, postgres: args.postgresPid }

async function flood(from: number, to: number): Promise<void> {
  const batchSize = 1000
  const inFlight: Promise<unknown>[] = []
  for (let sent = from; sent < to; sent += batchSize) {
    const now = Date.now()
    const batch: RawPayload[] = []
    for (let i = 0; i < batchSize; i++) batch.push(make(sent + i, now))
    inFlight.push(andon.ingest(batch))
    if (inFlight.length >= 3) await inFlight.shift()
  }
  await Promise.all(inFlight)
  await drained(andon, to)
}

/** Processor time of this process and of the servers since it was called, in µs for each of `count`. */
function stopwatch(): (count: number) => void {
  const before = Object.entries(servers).map(([name, pid]) => [name, pid, processorSeconds(pid)] as const)
  const own = process.cpuUsage()
  return (count) => {
    const { user, system } = process.cpuUsage(own)
    figures.workerMicroseconds = Math.round((user + system) / count)
    for (const [name, pid, seconds] of before) {
      figures[`${name}Microseconds`] = Math.round(((processorSeconds(pid) - seconds) * 1e6) / count)
    }
  }
}

if (args.mode === 'flood') {
  // The first part compiles the code, here and in the servers.
  const warm = Math.min(60_000, args.count / 2)
  await flood(0, warm)
  const stop = stopwatch()
  const startedAt = performance.now()
  await flood(warm, warm + args.count)
  const seconds = (performance.now() - startedAt) / 1000
  figures.feedbackPerSecond = Math.round(args.count / seconds)
  stop(args.count)
} else {
  // Open loop: complaints arrive when they arrive, whether or not the last one has been dealt with.
  const startedAt = performance.now()
  // The first seconds compile the code; they are sent, and not counted.
  warmFrom = startedAt + 8000
  const stop = stopwatch()
  let outstanding = 0
  for (let sent = 0; sent < args.count; ) {
    const due = Math.min(args.count, Math.floor(((performance.now() - startedAt) / 1000) * args.rate))
    for (; sent < due; sent++) {
      const since = performance.now()
      outstanding++
      void andon.ingest(make(sent, Date.now())).then((results) => {
        outstanding--
        const id = results[0]?.id
        if (id === undefined) return
        const reached = early.get(id)
        if (reached !== undefined && since >= warmFrom) latencies.push(reached - since)
        arrived.set(id, since)
        for (const [old, at] of arrived) {
          if (since - at < forgetAfterMs) break
          arrived.delete(old)
        }
      })
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  while (outstanding > 0) await new Promise((resolve) => setTimeout(resolve, 1))
  await drained(andon, args.count)
  stop(args.count)
  figures.p50Ms = Number(quantile(latencies, 0.5).toFixed(2))
  figures.p99Ms = Number(quantile(latencies, 0.99).toFixed(2))
  figures.maxMs = Number(Math.max(...latencies).toFixed(2))
  figures.measured = latencies.length
}
figures.executed = executed
figures.errors = trouble
figures.rssMiB = Math.round(process.memoryUsage().rss / 2 ** 20)
await andon.close()
process.stdout.write(JSON.stringify(figures))
