import type { Detector } from '@andon/core/connector'
import type { FeedbackRecord } from '@andon/core/feedback'
import { association, emergingIssue, recurrence, regionalConcentration } from '@andon/ml'
import { fieldYear } from './lib/field-year.ts'

// One cell of `detect`, in a process of its own: a year of feedback through some detectors.
const { detectors, seed, count, perDay, batch } = JSON.parse(process.argv[2] ?? '{}') as {
  detectors: string
  seed: number
  count: number
  perDay: number
  batch: number
}
const all: Readonly<Record<string, () => Detector>> = {
  recurrence: () => recurrence() as Detector,
  association: () => association() as Detector,
  regionalConcentration: () => regionalConcentration() as Detector,
  emergingIssue: () => emergingIssue() as Detector,
}
const running = detectors.split(' ').map((name) => {
  const detector = all[name]?.()
  if (detector === undefined) throw new Error(`no detector ${name}`)
  return { detector, state: detector.init() }
})
const feedbackOf = fieldYear(seed, perDay)
const chunk = 1000
const warmUp = count / 10
let busyMs = 0
let findings = 0
for (let first = 0; first < count; first += chunk) {
  // Made outside the measured time, as a store gives it: parsed from JSON, every string its own.
  const stream = Array.from(
    { length: chunk },
    (_, index) => JSON.parse(JSON.stringify(feedbackOf(first + index))) as FeedbackRecord,
  )
  // Garbage of the making is not to be cleared away in the measured time.
  globalThis.gc?.({ type: 'minor' })
  const before = process.cpuUsage()
  for (let at = 0; at < chunk; at += batch) {
    const part = stream.slice(at, at + batch)
    const now = new Date(part.at(-1)?.receivedAt ?? 0)
    for (const { detector, state } of running) findings += detector.observe(state, part, now).length
  }
  const { user, system } = process.cpuUsage(before)
  // The first tenth warms up the compiler and fills what is empty.
  if (first >= warmUp) busyMs += (user + system) / 1000
}
globalThis.gc?.()
process.stdout.write(
  JSON.stringify({
    perCpuSecond: Math.round(((count - warmUp) / busyMs) * 1000),
    microseconds: Number(((busyMs / (count - warmUp)) * 1000).toFixed(2)),
    findings,
    stateKiB: Math.round(JSON.stringify(running.map(({ state }) => state)).length / 1024),
  }),
)
