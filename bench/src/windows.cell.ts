// One measurement of windows: many windowed rules over many groups, fed through the public dry run.
import { type DryEntry, dryRun, parseRules } from '@andon/core/rule'
import { stream, windowedRules } from './lib/windowed-rules.ts'

interface Args {
  readonly seed: number
  readonly count: number
  readonly perSecond: number
}

const { seed, count, perSecond } = JSON.parse(process.argv[2] ?? '{}') as Args
const batchSize = 1000
const million = 1_000_000
const start = Date.UTC(2026, 0, 1)

const loading = process.cpuUsage()
const run = dryRun(parseRules(windowedRules().join('\n')))
const loadMs = cpuMs(loading)
const complaint = stream(seed)

let offset = 0
let firings = 0
let busyMs = 0
const figures: Record<string, number> = {}

/** The next entries of the stream; made outside the measured time. */
function nextBatch(): DryEntry[] {
  return Array.from({ length: batchSize }, () => {
    offset++
    return { offset, at: start + Math.floor((offset * 1000) / perSecond), feedback: complaint() }
  })
}

while (offset < count) {
  const batch = nextBatch()
  const before = process.cpuUsage()
  firings += run.observe(batch).length
  busyMs += cpuMs(before)
  if (offset % million === 0 || offset === count) {
    globalThis.gc?.()
    const label = `${(offset / million).toFixed(1)}M`
    figures[`heapMiB_at_${label}`] = Math.round(process.memoryUsage().heapUsed / 2 ** 20)
    figures[`perCpuSecond_at_${label}`] = Math.round((offset / busyMs) * 1000)
    process.stderr.write(`${label} `)
  }
}
const losses = Object.values(run.losses())
process.stdout.write(
  JSON.stringify({
    eventsPerCpuSecond: Math.round((count / busyMs) * 1000),
    firings,
    lost: losses.reduce((sum, { entries, groups }) => sum + entries + groups, 0),
    loadMs: Math.round(loadMs),
    ...figures,
  }),
)

function cpuMs(since: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1000
}
