import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { openAudit, sqliteStore, verifyAudit } from '@andon/core'
import { type AuditEvent, auditLine, firstHash } from '@andon/core/connector'

// One cell of `audit`, in a process of its own: a chain that is made on the way, or one in an embedded store.
const { source, folder, count } = JSON.parse(process.argv[2] ?? '{}') as {
  source: 'lines' | 'store'
  folder: string
  count: number
}
const start = Date.UTC(2026, 0, 1)

const event = (i: number): AuditEvent => ({
  tenant: 'plant-1',
  at: start + i,
  what: 'action.signed',
  action: `a-${String(i).padStart(16, '0')}`,
  signal: 's-0123456789abcdef',
  data: {
    name: '李工',
    meaning: 'approved',
    kind: 'material.hold',
    params: { batch: `C-${i}`, reason: 'cooling failure on 5 units in 24 h', share: 0.125 },
  },
})

const cpuMs = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1000
}

/** Lines are made a thousand at a time, outside the measured time. */
async function lines(): Promise<{ readonly cpu: number; readonly wall: number }> {
  let making = { cpu: 0, wall: 0 }
  async function* chain(): AsyncGenerator<Uint8Array, void, undefined> {
    let last = { sequence: 0, hash: firstHash }
    while (last.sequence < count) {
      const [cpu, wall] = [process.cpuUsage(), performance.now()]
      const page = Array.from({ length: 1000 }, () => {
        const line = auditLine(event(last.sequence), last)
        last = line
        return Buffer.from(line.text)
      })
      making = { cpu: making.cpu + cpuMs(cpu), wall: making.wall + performance.now() - wall }
      yield* page
    }
  }
  const [cpu, wall] = [process.cpuUsage(), performance.now()]
  const { ok } = await verifyAudit(chain())
  if (!ok) throw new Error('the chain that was made is not whole')
  return { cpu: cpuMs(cpu) - making.cpu, wall: performance.now() - wall - making.wall }
}

async function store(): Promise<{ readonly cpu: number; readonly wall: number }> {
  const data = join(folder, 'audit')
  rmSync(data, { recursive: true, force: true })
  const path = join(data, 'andon.db')
  const written = sqliteStore({ path })
  await written.open()
  for (let i = 0; i < count; i += 1000) {
    const events = Array.from({ length: 1000 }, (_, k) => event(i + k))
    await written.transaction((transaction) => transaction.appendAudit(events))
  }
  await written.close()
  const log = openAudit({ path })
  const [cpu, wall] = [process.cpuUsage(), performance.now()]
  const reports = await log.verify()
  const measured = { cpu: cpuMs(cpu), wall: performance.now() - wall }
  log.close()
  if (reports.some(({ ok }) => !ok)) throw new Error('the log that was written is not whole')
  rmSync(data, { recursive: true, force: true })
  return measured
}

const { cpu, wall } = await (source === 'lines' ? lines() : store())
process.stdout.write(
  JSON.stringify({
    linesPerSecond: Math.round((count / wall) * 1000),
    linesPerCpuSecond: Math.round((count / cpu) * 1000),
    rssMiB: Math.round(process.memoryUsage.rss() / 2 ** 20),
  }),
)
