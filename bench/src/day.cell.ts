import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { standardChannels } from '@andon/channels'
import { createAndon, defineTarget, parseRules, type RawPayload } from '@andon/core'
import { quantile } from './lib/cells.ts'
import { complaints, type Workload } from './lib/complaints.ts'
import { type Breadth, hundredRules } from './lib/rules.ts'

// One cell of `day`, in a process of its own: the whole embedded loop, nothing left out.
const args = JSON.parse(process.argv[2] ?? '{}') as {
  mode: 'flood' | 'steady'
  count: number
  rate: number
  folder: string
  seed: number
  workload?: Workload
  breadth?: Breadth
}
const data = mkdtempSync(join(args.folder, 'day-'))
const arrived = new Map<string, number>()
/** Only feedback of the last few seconds can still lead to an action. */
const forgetAfterMs = 5000
let warmFrom = 0
const latencies: number[] = []
let receipts = 0

const plant = defineTarget({
  name: 'plant',
  capabilities: {},
  handles: ['notify', 'inspection.request', 'escalate'],
  execute: async (action) => ({ reference: `p-${action.id}` }),
  revert: async (action) => ({ reference: `r-${action.id}` }),
  check: async () => ({ ok: true }),
})
const andon = createAndon({
  channels: standardChannels(),
  rules: parseRules(hundredRules(args.breadth)),
  targets: { plant },
  mode: 'auto',
  data,
})
andon.on('action', (action) => {
  if (action.status !== 'succeeded') return
  receipts++
  const trigger = action.quotes.at(-1)?.feedbackId ?? ''
  const since = arrived.get(trigger)
  arrived.delete(trigger)
  if (since !== undefined && since >= warmFrom) latencies.push(performance.now() - since)
})
await andon.start()
// The steady cell times many actions; the flood has as many as a plant could bear.
const make = complaints(args.seed, args.workload, args.mode === 'steady' ? 1 / 20 : undefined)
const figures: Record<string, number> = {}

if (args.mode === 'flood') {
  const batchSize = 1000
  const startedAt = performance.now()
  let inFlight: Promise<unknown>[] = []
  for (let sent = 0; sent < args.count; sent += batchSize) {
    const now = Date.now()
    const batch: RawPayload[] = []
    for (let i = 0; i < batchSize; i++) batch.push(make(sent + i, now))
    inFlight.push(andon.ingest(batch))
    if (inFlight.length >= 3) await inFlight.shift()
    if ((sent + batchSize) % 1_000_000 === 0) {
      figures[`rssMiB_at_${(sent + batchSize) / 1_000_000}M`] = Math.round(
        process.memoryUsage().rss / 2 ** 20,
      )
    }
  }
  await Promise.all(inFlight)
  inFlight = []
  await andon.settled()
  const seconds = (performance.now() - startedAt) / 1000
  figures.feedbackPerSecond = Math.round(args.count / seconds)
} else {
  // Open loop: complaints arrive when they arrive, whether or not the last one has been dealt with.
  const startedAt = performance.now()
  // The first seconds compile the code; they are sent, and not counted.
  warmFrom = startedAt + 5000
  // Counted, not kept: a thousand promises a second held to the end would be garbage of the bench's own.
  let outstanding = 0
  for (let sent = 0; sent < args.count; ) {
    const due = Math.min(args.count, Math.floor(((performance.now() - startedAt) / 1000) * args.rate))
    for (; sent < due; sent++) {
      const since = performance.now()
      outstanding++
      void andon.ingest(make(sent, Date.now())).then((results) => {
        outstanding--
        const id = results[0]?.id
        if (id !== undefined) arrived.set(id, since)
        for (const [old, at] of arrived) {
          if (since - at < forgetAfterMs) break
          arrived.delete(old)
        }
      })
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  while (outstanding > 0) await new Promise((resolve) => setTimeout(resolve, 1))
  await andon.settled()
  figures.p50Ms = Number(quantile(latencies, 0.5).toFixed(2))
  figures.p99Ms = Number(quantile(latencies, 0.99).toFixed(2))
  figures.maxMs = Number(Math.max(...latencies).toFixed(2))
  figures.measured = latencies.length
}
figures.receipts = receipts
figures.rssMiB = Math.round(process.memoryUsage().rss / 2 ** 20)
await andon.close()
const bytes = readdirSync(data).reduce((sum, name) => sum + statSync(join(data, name)).size, 0)
figures.bytesPerFeedback = Math.round(bytes / args.count)
figures.diskMiB = Math.round(bytes / 2 ** 20)
rmSync(data, { recursive: true })
process.stdout.write(JSON.stringify(figures))
