import type { Detector, Finding } from '../connector/detector.js'
import { problemOf } from '../errors/index.js'
import type { FeedbackRecord } from '../feedback/schema.js'
import type { JsonObject, JsonValue } from '../json.js'
import type { Warning } from './events.js'
import type { PreparedEntry } from './stream/prepared.js'

/** What one detector found for one tenant. */
export interface Detected {
  readonly detector: string
  readonly tenant: string
  readonly at: number
  readonly finding: Finding
}

/** Runs detectors over the journal, each with a state of its own per tenant. */
export class Detection {
  readonly #detectors: readonly Detector[]
  readonly #states = new Map<string, JsonValue>()
  readonly #warn: (warning: Warning) => void

  constructor(detectors: readonly Detector[], warn: (warning: Warning) => void) {
    this.#detectors = detectors
    this.#warn = warn
  }

  observe(entries: readonly PreparedEntry[]): readonly Detected[] {
    if (this.#detectors.length === 0) return []
    const found: Detected[] = []
    const at = entries.at(-1)?.at ?? 0
    for (const [tenant, batch] of byTenant(entries)) {
      for (const detector of this.#detectors) found.push(...this.#run(detector, tenant, batch, at))
    }
    return found
  }

  snapshot(): JsonObject {
    return Object.fromEntries(this.#states)
  }

  restore(states: JsonObject): void {
    for (const [key, state] of Object.entries(states)) this.#states.set(key, state)
  }

  /** A detector that throws is reported and loses this batch; its neighbours go on. */
  #run(detector: Detector, tenant: string, batch: readonly FeedbackRecord[], at: number): Detected[] {
    const key = JSON.stringify([detector.name, tenant])
    const state = this.#states.get(key) ?? detector.init()
    this.#states.set(key, state)
    try {
      return detector
        .observe(state, batch, new Date(at))
        .map((finding) => ({ detector: detector.name, tenant, at, finding }))
    } catch (error) {
      const problem = problemOf(error)
      this.#warn({
        code: 'detector-failed',
        text: {
          en: `Detector ${detector.name} failed on ${batch.length} feedbacks: ${problem}`,
          zh: `检测器 ${detector.name} 处理 ${batch.length} 条反馈时出错：${problem}`,
        },
      })
      return []
    }
  }
}

function byTenant(entries: readonly PreparedEntry[]): ReadonlyMap<string, readonly FeedbackRecord[]> {
  const batches = new Map<string, FeedbackRecord[]>()
  for (const entry of entries) {
    if (entry.kind !== 'feedback') continue
    const batch = batches.get(entry.feedback.tenant) ?? []
    batches.set(entry.feedback.tenant, batch)
    batch.push(entry.feedback)
  }
  return batches
}
