import { type DryEntry, dryRun, parseRules } from '@andon/core/rule'
import { plainWindows } from './lib/plain-windows.ts'
import { type Layout, type Spread, stream, windowedRules } from './lib/windowed-rules.ts'

// One cell of `windows`, in a process of its own: the rules over a stream, in the engine or written by hand.
const { engine, layout, spread, seed, count, perSecond } = JSON.parse(process.argv[2] ?? '{}') as {
  engine: 'andon' | 'plain'
  layout: Layout
  spread: Spread
  seed: number
  count: number
  /** Complaints a second of the journal. */
  perSecond: number
}
const batchSize = 1000
const million = 1_000_000
const start = Date.UTC(2026, 0, 1)

const cpuMs = (since?: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since)
  return (user + system) / 1000
}

function andon() {
  const run = dryRun(parseRules(windowedRules(layout).join('\n')))
  return {
    observe: (batch: readonly DryEntry[]) => run.observe(batch).length,
    lost: () => Object.values(run.losses()).reduce((sum, { entries, groups }) => sum + entries + groups, 0),
  }
}

function plain() {
  const judge = plainWindows()
  return {
    observe: (batch: readonly DryEntry[]) =>
      batch.reduce((found, { at, feedback }) => found + Math.sign(judge(at, feedback)), 0),
    lost: () => 0,
  }
}

const loading = process.cpuUsage()
const running = engine === 'andon' ? andon() : plain()
const loadMs = cpuMs(loading)
const complaint = stream(layout, spread, seed)
const figures: Record<string, number> = {}
/** The first hour only fills the windows: what is measured comes after it. */
const warmUp = Math.min(count / 2, 3600 * perSecond)
let offset = 0
let found = 0
let busyMs = 0
while (offset < count) {
  // Complaints are made outside the measured time.
  const batch = Array.from({ length: batchSize }, (): DryEntry => {
    offset++
    return { offset, at: start + Math.floor((offset * 1000) / perSecond), feedback: complaint() }
  })
  const before = process.cpuUsage()
  found += running.observe(batch)
  if (offset > warmUp) busyMs += cpuMs(before)
  if (offset % million === 0) {
    globalThis.gc?.()
    figures[`heapMiB_at_${offset / million}M`] = Math.round(process.memoryUsage().heapUsed / 2 ** 20)
    process.stderr.write(`${offset / million}M `)
  }
}
process.stdout.write(
  JSON.stringify({
    eventsPerCpuSecond: Math.round(((count - warmUp) / busyMs) * 1000),
    found,
    lost: running.lost(),
    loadMs: Math.round(loadMs),
    ...figures,
  }),
)
