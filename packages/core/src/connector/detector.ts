import type { FeedbackRecord } from '../feedback/schema.js'
import type { JsonObject, JsonValue } from '../json.js'
import type { Localized } from '../text.js'

/** What a detector found, in numbers and in words. */
export interface Finding {
  /** Findings of one problem share it; they become one signal. */
  readonly key: string
  readonly title: Localized
  /** 0 to 10. */
  readonly severity: number
  readonly feedbackIds: readonly string[]
  readonly numbers: JsonObject
}

/**
 * A statistical finder over the stream. A pure function of its state: `S` is plain JSON, it is the
 * snapshot, and replay equals live. `now` is the append instant of the batch's last entry.
 */
export interface Detector<S extends JsonValue = JsonValue> {
  readonly contract: 1
  readonly name: string
  readonly capabilities: JsonObject
  init(): S
  observe(state: S, batch: readonly FeedbackRecord[], now: Date): readonly Finding[]
}
