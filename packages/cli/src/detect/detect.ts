import type { Detector, Finding } from '@andon/core/connector'
import type { FeedbackRecord } from '@andon/core/feedback'
import type { Mapping } from '../mapping/mapping-schema.js'
import { type Progress, replay } from '../replay/replay.js'
import type { Misdated } from '../replay/tally.js'
import { eventsOf, type KnownEvent } from './known-events.js'
import { type Subject, subjectOf } from './subject.js'

export interface DetectOptions {
  /** CSV, or NDJSON when the name ends in .ndjson, .jsonl or .json. */
  readonly file: string
  readonly mapping: Mapping
  readonly detectors: readonly Detector[]
  /** What findings should have warned of. */
  readonly known?: readonly KnownEvent[]
  /** Stop after this many rows. */
  readonly limit?: number
  readonly progress?: (progress: Progress) => void
  /** Stops between two batches. */
  readonly signal?: AbortSignal
}

/** One finding, on the day on which a live run would have told it. */
export interface Detected {
  readonly detector: string
  /** Epoch ms: the filing instant of the feedback with which it was told. */
  readonly at: number
  readonly finding: Finding
  /** The n-th finding of its problem, 1 for the first. */
  readonly telling: number
  /** The model that most of its feedback is about. */
  readonly model: string
  /** The known events that it is about, in order of time. */
  readonly about: readonly KnownEvent[]
}

/** A known event, and the first finding that warned of it. */
export interface Warned {
  readonly event: KnownEvent
  readonly by: Detected | undefined
}

export interface DetectResult {
  readonly feedback: number
  readonly quarantined: number
  /** Rows that the clock did not follow. */
  readonly misdated: Misdated
  /** The first and the last filing instant (epoch ms); undefined for an empty file. */
  readonly from: number | undefined
  readonly to: number | undefined
  readonly findings: readonly Detected[]
  readonly known: readonly Warned[]
  readonly seconds: number
  readonly interrupted: boolean
}

/** Feedback whose subject is still known when a finding names it. */
const mostSubjects = 500_000

/**
 * Lets detectors look at a file of past reports in the order of filing, with the data's own time as the clock. A finding
 * warns of a known event when at least half of its feedback is about the event's model, and about its fault or danger.
 *
 * @throws CliError for the file; whatever a detector throws
 */
export async function detect(options: DetectOptions): Promise<DetectResult> {
  const { file, mapping, detectors, known = [], limit, progress, signal } = options
  const running = detectors.map((detector) => ({ detector, state: detector.init() }))
  const subjects = new Map<string, Subject>()
  const tellings = new Map<string, number>()
  const findings: Detected[] = []
  const events = known.toSorted((a, b) => a.at - b.at)
  let feedback = 0
  const accepted = (one: FeedbackRecord, at: number): void => {
    feedback++
    subjects.set(one.feedbackId, subjectOf(one))
    if (subjects.size > mostSubjects) forgetFirst(subjects)
    for (const { detector, state } of running) {
      for (const finding of detector.observe(state, [one], new Date(at))) {
        const key = JSON.stringify([detector.name, finding.key])
        const telling = (tellings.get(key) ?? 0) + 1
        tellings.set(key, telling)
        const evidence = finding.feedbackIds.flatMap((id) => subjects.get(id) ?? [])
        findings.push({
          detector: detector.name,
          at,
          finding,
          telling,
          model: mostFrequent(evidence.map(({ model }) => model)),
          about: eventsOf(evidence, events),
        })
      }
    }
  }
  const { tally, from, to, seconds, interrupted } = await replay({
    file,
    mapping,
    rules: [],
    accepted,
    ...(limit === undefined ? {} : { limit }),
    ...(progress === undefined ? {} : { progress }),
    ...(signal === undefined ? {} : { signal }),
  })
  return {
    feedback,
    quarantined: tally.quarantined,
    misdated: tally.misdated,
    from,
    to,
    findings,
    known: events.map((event) => ({
      event,
      by: findings.find(({ at, about }) => at < event.at && about.includes(event)),
    })),
    seconds,
    interrupted,
  }
}

function mostFrequent(names: readonly string[]): string {
  const counts = new Map<string, number>()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return [...counts].reduce((most, one) => (one[1] > most[1] ? one : most), ['?', 0])[0]
}

function forgetFirst(map: Map<string, unknown>): void {
  for (const key of map.keys()) {
    map.delete(key)
    return
  }
}
