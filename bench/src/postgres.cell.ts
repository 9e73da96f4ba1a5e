import { setTimeout as pause } from 'node:timers/promises'
import {
  type Action,
  type NewEntry,
  openStatuses,
  type SharedStore,
  type Signal,
} from '@andon/core/connector'
import { type FeedbackRecord, feedbackRecordSchema } from '@andon/core/feedback'
import { postgresStore } from '@andon/store-postgres'
import { complaints } from './lib/complaints.ts'
import { processorSeconds } from './lib/processor-time.ts'

// One cell of `postgres`, in a process of its own, on a schema of its own.
const { what, count, url, pid } = JSON.parse(process.argv[2] ?? '{}') as {
  what: string
  count: number
  url: string
  pid: number
}
const run = Date.now().toString(36)
const store = postgresStore({ url, schema: `bench_${run}` })
await store.open()
const shared = store.shared as SharedStore
const make = complaints(1)
let made = 0

const template: FeedbackRecord = feedbackRecordSchema.parse({
  ...{
    feedbackId: '019b76da-a800-78e4-a7d5-31b15567cc1d',
    channel: 'web',
    source: 'bench',
    tenant: 'plant-1',
  },
  ...{
    sourceMessageId: 'x',
    receivedAt: '2026-01-01T00:00:00.000Z',
    lastOccurrenceTime: '2026-01-01T00:00:00.000Z',
  },
  ...{ language: 'zh-CN', customerRole: 'consumer', region: 'CN-GD', productCategory: 'refrigerator' },
  ...{ productLine: '高端系列', productModel: 'BCD-401', serialNumber: 'S-0000001', batchNumber: 'F-1' },
  ...{ componentBatches: { compressor: 'C-1' }, faultCode: { catalog: 'andon', code: 'E-COOL-01' } },
  ...{ severityScore: 6, fingerprint: 'f1:BCD-401:E-COOL-01', schemaVersion: 1 },
  symptomText: '冰箱冷藏室夜里温度在2到8度之间来回跳，早上牛奶都不凉，压缩机一直响，声音很大，已经持续三天。',
  safetyFlags: {
    ...{ fire: false, injury: false, electricShock: false },
    ...{ leak: false, breakdown: false, reportable: false },
  },
  attributes: { shop: 'x'.repeat(400) },
})

function entry(): NewEntry {
  const index = made++
  const now = Date.now()
  const time = now.toString(16).padStart(12, '0')
  const tail = index.toString(16).padStart(12, '0')
  return {
    feedback: {
      ...template,
      feedbackId: `${time.slice(0, 8)}-${time.slice(8)}-7000-8000-${tail}`,
      sourceMessageId: `${run}-${index}`,
      productModel: `BCD-${400 + (index % 40)}`,
    },
    raw: { payload: String(make(index, now).body), encoding: 'text' },
  }
}

/** Calls `work` with 0, 1, 2 … from `workers` at once until there have been `calls`. */
async function inParallel(
  workers: number,
  calls: number,
  work: (call: number, worker: number) => Promise<unknown>,
) {
  let next = 0
  await Promise.all(
    Array.from({ length: workers }, async (_, worker) => {
      while (next < calls) await work(next++, worker)
    }),
  )
}

const lanes = Array.from({ length: 16 }, (_, number) => ({
  lane: shared.lane(`bench/${number}`),
  position: 0,
}))
function appendToLane(worker: number, size: number): Promise<unknown> {
  const one = lanes[worker]
  if (one === undefined) return Promise.resolve()
  const at = Date.now()
  const items = Array.from({ length: size }, () => {
    return { kind: 'feedback', position: one.position++, at, entry: entry() } as const
  })
  return one.lane.append({ items, quarantined: [] })
}

const action = (id: string): Action => ({
  ...{
    id,
    tenant: 'plant-1',
    kind: 'material.hold',
    target: 'plant',
    priority: 5,
    signalId: 's-1',
    rule: 'r',
  },
  params: { batch: 'C-1', component: 'compressor', reason: 'cooling failures in the field' },
  reason: { en: 'Cooling failures in the field.', zh: '市场出现制冷故障。' },
  ...{ quotes: [], status: openStatuses[0], attempts: 0, dueAt: 1, createdAt: made++, updatedAt: 1 },
  ...{ signatures: [], decisions: [] },
})
const signal = (id: string, firings: number): Signal => ({
  ...{ id, tenant: 'plant-1', rule: 'r', fingerprint: id, status: 'open', severity: 6, firings },
  title: { en: 'Cooling failures', zh: '制冷故障' },
  ...{ facts: { units: 5 }, occurrences: 5, regressions: 0, quotes: [], hours: {} },
  ...{ openedAt: 1, lastSeenAt: 1, updatedAt: 1 },
})

const transact = (call: number, worker: number): Promise<unknown> =>
  store.transaction(async (transaction) => {
    const id = `signal-${worker}`
    const [found] = await transaction.findSignals([id])
    await transaction.putSignals([signal(id, (found?.firings ?? 0) + 1)])
    await transaction.addActions([action(`${run}-${call}`)])
    await transaction.appendAudit([
      {
        tenant: 'plant-1',
        at: call,
        what: 'action.proposed',
        action: `${run}-${call}`,
        data: { kind: 'material.hold' },
      },
    ])
    await transaction.setCheckpoint(id, call)
  })

async function lease(worker: number): Promise<void> {
  const request = {
    owner: `w${worker}`,
    target: 'plant',
    at: Date.now(),
    until: Date.now() + 60_000,
    limit: 100,
  }
  const leased = await store.transaction((transaction) => transaction.leaseActions(request))
  const done = leased.map(({ lease: _, ...rest }): Action => ({ ...rest, status: 'succeeded' }))
  await store.transaction((transaction) => transaction.putActions(done))
}

/** What is measured, `share` of it: the first share only compiles the code, here and in the server. */
async function work(share: number): Promise<number> {
  const rows = Math.round(count * share)
  switch (what) {
    case 'journal':
      await inParallel(3, Math.ceil(rows / 1000), () =>
        store.journal.append({
          at: Date.now(),
          entries: Array.from({ length: 1000 }, entry),
          quarantined: [],
        }),
      )
      return Math.ceil(rows / 1000) * 1000
    case 'lanes':
      await inParallel(16, Math.ceil(rows / 300), (_, worker) => appendToLane(worker, 300))
      return Math.ceil(rows / 300) * 300
    case 'lanes-single':
      await inParallel(16, rows, (_, worker) => appendToLane(worker, 1))
      return rows
    case 'transactions':
      await inParallel(8, rows, transact)
      return rows
    default:
      await inParallel(4, Math.ceil(rows / 100), (_, worker) => lease(worker))
      return Math.ceil(rows / 100) * 100
  }
}

if (what === 'leases') {
  const actions = Array.from({ length: Math.ceil(count * 1.4) }, (_, index) => action(`${run}-${index}`))
  for (let i = 0; i < actions.length; i += 1000) {
    await store.transaction((transaction) => transaction.addActions(actions.slice(i, i + 1000)))
  }
}
const cpu = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since)
  return user + system
}

await work(0.15)
/** What making the feedback costs is no cost of the store. */
let making = 0
if (what === 'journal' || what.startsWith('lanes')) {
  const began = process.cpuUsage()
  for (let i = 0; i < 20_000; i++) entry()
  making = cpu(began) / 20_000
}
const [own, server, startedAt] = [process.cpuUsage(), processorSeconds(pid), performance.now()]
const rows = await work(1)
const seconds = (performance.now() - startedAt) / 1000
const client = cpu(own) / rows - making
await pause(200)
const serverSeconds = processorSeconds(pid) - server
await store.close?.()
const rounded = (microseconds: number): number => Math.round(microseconds * 10) / 10
process.stdout.write(
  JSON.stringify({
    rowsPerSecond: Math.round(rows / seconds),
    clientMicroseconds: rounded(client),
    serverMicroseconds: rounded((serverSeconds * 1e6) / rows),
  }),
)
