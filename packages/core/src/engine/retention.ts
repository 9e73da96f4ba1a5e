import type { Clock } from '../connector/clock.js'
import { Periodic } from './periodic.js'
import type { FeedbackStream } from './stream/feedback-stream.js'

export interface RetentionOptions {
  readonly clock: Clock
  readonly stream: FeedbackStream
  /** How long raw feedback is kept (days). */
  readonly rawDays: number
  /** Writes down what is to outlive a crash. */
  readonly keep: () => Promise<void>
  readonly failed: (error: unknown) => void
}

const everyMs = 600_000
const seldomMs = 1000

/** Every ten minutes what is too old is forgotten, and what a crash must not cost is saved. */
export function retention({ clock, stream, rawDays, keep, failed }: RetentionOptions): Periodic {
  let keptAt = Number.NEGATIVE_INFINITY
  return new Periodic(
    clock,
    everyMs,
    async () => {
      await stream.trim(clock.now() - rawDays * 86_400_000)
      // A replay leaps through years in seconds: what a crash may cost it is a matter of real time.
      if (performance.now() - keptAt < seldomMs) return
      keptAt = performance.now()
      // However little comes in: hourly counts are added, and the next trim can forget what is old by then.
      stream.save()
      await keep()
    },
    failed,
  )
}
