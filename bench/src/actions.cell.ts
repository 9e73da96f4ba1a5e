import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { standardChannels } from '@andon/channels'
import { createAndon, definePolicy, parseRules, type RawPayload } from '@andon/core'
import { plantTarget } from '@andon/testkit'
import { quantile } from './lib/cells.ts'
import { plantProcess } from './lib/plant-process.ts'

// One cell of `actions`, in a process of its own: complaints come in, and each leads to one action, or to four, in a
// plant that runs in another process.
const args = JSON.parse(process.argv[2] ?? '{}') as {
  mode: 'flood' | 'steady'
  kind: 'notice' | 'hold' | 'finding'
  /** Actions. */
  count: number
  rate: number
  folder: string
}
const data = mkdtempSync(join(args.folder, 'actions-'))

const rulesOf = {
  notice: `quality.notification (title = '{product_model}: {symptom_text}', product_model = product_model) ON plant`,
  hold: `material.hold (batch = component_batches.compressor, component = 'compressor', reason = 'grave report') ON plant WITH PRIORITY 1`,
  order: `schedule.prioritise (order = attributes.order, priority = 2, reason = 'replacement for {serial_number}') ON plant`,
  inspection: `inspection.request (batch = component_batches.compressor, sample_size = 5, reason = 'grave report') ON plant`,
}
const actionsOf = {
  notice: [rulesOf.notice],
  hold: [rulesOf.hold],
  /** What a grave finding leads to: the batch is held, an order comes first, pieces are inspected, quality is told. */
  finding: Object.values(rulesOf),
}
const perComplaint = actionsOf[args.kind].length
const rules = parseRules(
  `CREATE RULE grave AS SELECT * FROM feedbacks WHERE severity_score > 5 THEN ${actionsOf[args.kind].join(', ')};`,
)
const policy = definePolicy({
  version: 1,
  name: 'bench',
  rules: [{ name: 'all', mode: 'auto', limits: { blast_radius: { batches: 2, orders: 2, units: 10 } } }],
})

const orders = 1000
const plant = await plantProcess({
  batches: Array.from({ length: 1000 }, (_, index) => ({ batch: `C-${index}`, component: 'compressor' })),
  orders: Array.from({ length: orders }, (_, index) => ({ id: `O-${index}`, model: 'KX-500' })),
})
const andon = createAndon({
  channels: standardChannels(),
  rules,
  policy,
  targets: { plant: plantTarget({ url: plant.url }) },
  delivery: { plant: { concurrency: 192 } },
  data,
})

/** No receipt is waited for longer than this. */
const forgetAfterMs = 10_000
const sentAt = new Map<string, number>()
const proposedAt = new Map<string, number>()
const fromSent: number[] = []
const fromProposed: number[] = []
let receipts = 0
let warmFrom = 0
andon.on('action', ({ id, status, quotes }) => {
  if (status === 'approved') proposedAt.set(id, performance.now())
  if (status !== 'succeeded') return
  receipts++
  const now = performance.now()
  const since = proposedAt.get(id)
  proposedAt.delete(id)
  const trigger = quotes.at(-1)?.feedbackId ?? ''
  const sent = sentAt.get(trigger)
  if (since !== undefined && since >= warmFrom) fromProposed.push(now - since)
  if (sent !== undefined && sent >= warmFrom) fromSent.push(now - sent)
})
await andon.start()

/** Every model has its own faults: 2,000 problems, as a maker of many models has. */
function complaint(index: number): RawPayload {
  const answers = Object.entries({
    symptom: `The fridge swings between 2 and 8 °C at night, case ${index}.`,
    severity: 8,
    product_model: `KX-${index % 50}`,
    product_line: '高端系列',
    product_category: 'refrigerator',
    serial_number: `SN-${index}`,
    compressor_batch: `C-${index % 1000}`,
    fault_code: `E-${Math.floor(index / 50) % 40}`,
    region: 'CN-GD',
    order: `O-${index % orders}`,
  }).map(([field_id, value]) => ({ field_id, value }))
  return {
    body: JSON.stringify({
      submission_id: `s-${index}`,
      collected_at: new Date().toISOString(),
      language: 'en',
      answers,
    }),
  }
}

const figures: Record<string, number> = {}
const cpuBefore = process.cpuUsage()
const startedAt = performance.now()
if (args.mode === 'flood') {
  const perCall = 500
  const complaints = args.count / perComplaint
  for (let sent = 0; sent < complaints; sent += perCall) {
    await andon.ingest(
      Array.from({ length: Math.min(perCall, complaints - sent) }, (_, i) => complaint(sent + i)),
    )
  }
  while (receipts < args.count) {
    await andon.settled()
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  const seconds = (performance.now() - startedAt) / 1000
  const { user, system } = process.cpuUsage(cpuBefore)
  figures.actionsPerSecond = Math.round(args.count / seconds)
  figures.cpuMicrosecondsPerAction = Math.round((user + system) / args.count)
} else {
  // Open loop: complaints come when they come. The first seconds compile the code; they are sent, and not counted.
  warmFrom = startedAt + 5000
  const complaints = args.count / perComplaint
  for (let sent = 0; sent < complaints; ) {
    const elapsed = (performance.now() - startedAt) / 1000
    const due = Math.min(complaints, Math.floor((elapsed * args.rate) / perComplaint))
    for (; sent < due; sent++) {
      const since = performance.now()
      void andon.ingest(complaint(sent)).then((results) => {
        const id = results[0]?.id
        if (id !== undefined) sentAt.set(id, since)
        for (const [old, at] of sentAt) {
          if (since - at < forgetAfterMs) break
          sentAt.delete(old)
        }
      })
    }
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  while (receipts < args.count) await new Promise((resolve) => setTimeout(resolve, 5))
  for (const [name, values] of Object.entries({ proposed: fromProposed, sent: fromSent })) {
    figures[`${name}P50Ms`] = Number(quantile(values, 0.5).toFixed(2))
    figures[`${name}P99Ms`] = Number(quantile(values, 0.99).toFixed(2))
    figures[`${name}MaxMs`] = Number(Math.max(...values).toFixed(2))
  }
  figures.measured = fromProposed.length
}
figures.receipts = receipts
figures.rssMiB = Math.round(process.memoryUsage().rss / 2 ** 20)
const audit = await andon.audit.verify()
await andon.close()
const { requests, deeds, cpuSeconds } = await plant.close()
figures.auditLines = audit.reduce((sum, { lines }) => sum + lines, 0)
figures.auditProblems = audit.reduce((sum, { problems }) => sum + problems.length, 0)
figures.plantRequests = requests
figures.plantDeeds = deeds
figures.plantCpuMicrosecondsPerRequest = Math.round((cpuSeconds * 1e6) / requests)
rmSync(data, { recursive: true })
process.stdout.write(JSON.stringify(figures))
