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
/** The first half warms up the compiler and fills the memories. */
const warmUp = count / 2

/**
 * CPU microseconds per feedback of the second half, for making the stream and for what is done with it. Each batch is just
 * parsed from JSON, every string its own, as a store gives it.
 */
function through(observe: (batch: readonly FeedbackRecord[]) => void): number {
  const feedbackOf = fieldYear(seed, perDay)
  globalThis.gc?.()
  let before = process.cpuUsage()
  for (let first = 0; first < count; first += batch) {
    if (first === warmUp) before = process.cpuUsage()
    observe(
      Array.from(
        { length: batch },
        (_, index) => JSON.parse(JSON.stringify(feedbackOf(first + index))) as FeedbackRecord,
      ),
    )
  }
  const { user, system } = process.cpuUsage(before)
  return (user + system) / (count - warmUp)
}

let findings = 0
// The difference of whole passes: what detectors keep costs the collector time whenever that runs.
const nothing = (): void => {}
through(nothing)
const before = through(nothing)
const both = through((part) => {
  const now = new Date(part.at(-1)?.receivedAt ?? 0)
  for (const { detector, state } of running) findings += detector.observe(state, part, now).length
})
const microseconds = both - (before + through(nothing)) / 2
process.stdout.write(
  JSON.stringify({
    perCpuSecond: Math.round(1e6 / microseconds),
    microseconds: Number(microseconds.toFixed(2)),
    findings,
    stateKiB: Math.round(JSON.stringify(running.map(({ state }) => state)).length / 1024),
  }),
)
