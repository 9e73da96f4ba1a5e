import { mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { standardChannels } from '@andon/channels'
import { createAndon, definePolicy, parseRules, type RawPayload } from '@andon/core'
import { plantTarget } from '@andon/testkit'
import { quantile } from './lib/cells.ts'
import { plantProcess } from './lib/plant-process.ts'

// One cell of `actions`, in a process of its own: complaints come in, and every one of them leads to one action in a
// plant that runs in another process.
const args = JSON.parse(process.argv[2] ?? '{}') as {
  mode: 'flood' | 'steady'
  kind: 'notice' | 'hold' | 'mixed'
  count: number
  rate: number
  folder: string
}
const data = mkdtempSync(join(args.folder, 'actions-'))

/** Severity chooses the rule, so that a mix of kinds is a mix of complaints. */
const rulesOf = {
  notice: `quality.notification (title = '{product_model}: {symptom_text}', product_model = product_model) ON plant`,
  hold: `material.hold (batch = component_batches.compressor, component = 'compressor', reason = 'grave report') ON plant`,
  order: `schedule.prioritise (order = attributes.order, priority = 2, reason = 'replacement for {serial_number}') ON plant`,
  inspection: `inspection.request (batch = component_batches.compressor, sample_size = 5, reason = 'grave report') ON plant`,
}
const ranges = { notice: [0, 3], hold: [3, 5], order: [5, 7], inspection: [7, 11] } as const
const kinds = Object.keys(rulesOf) as (keyof typeof rulesOf)[]
const rules = parseRules(
  kinds
    .map((kind, index) => {
      const [from, to] = ranges[kind]
      return `CREATE RULE r_${kind} AS SELECT * FROM feedbacks WHERE severity_score >= ${from} AND severity_score < ${to}
        THEN ${rulesOf[kind]} WITH PRIORITY ${index + 1};`
    })
    .join('\n'),
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
  delivery: { plant: { concurrency: 64 } },
  data,
})

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
  sentAt.delete(trigger)
  if (since !== undefined && since >= warmFrom) fromProposed.push(now - since)
  if (sent !== undefined && sent >= warmFrom) fromSent.push(now - sent)
})
await andon.start()

// Every model has its own faults: 2,000 problems a rule, as a maker of many models has.
const severities = { notice: 1, hold: 4, order: 6, inspection: 8 }
function complaint(index: number): RawPayload {
  const kind = args.kind === 'mixed' ? (kinds[index % 4] ?? 'notice') : args.kind
  const answers = Object.entries({
    symptom: `The fridge swings between 2 and 8 °C at night, case ${index}.`,
    severity: severities[kind],
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
  for (let sent = 0; sent < args.count; sent += perCall) {
    await andon.ingest(
      Array.from({ length: Math.min(perCall, args.count - sent) }, (_, i) => complaint(sent + i)),
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
  for (let sent = 0; sent < args.count; ) {
    const due = Math.min(args.count, Math.floor(((performance.now() - startedAt) / 1000) * args.rate))
    for (; sent < due; sent++) {
      const since = performance.now()
      void andon.ingest(complaint(sent)).then((results) => {
        const id = results[0]?.id
        if (id !== undefined) sentAt.set(id, since)
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
