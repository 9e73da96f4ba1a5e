import type { Action } from '../action/action.js'
import type { QuarantineRecord } from '../connector/store.js'
import type { AndonError } from '../errors/index.js'
import type { FeedbackRecord } from '../feedback/schema.js'
import type { Signal } from '../signal/signal.js'
import type { Localized } from '../text.js'

export interface Warning {
  readonly code:
    | 'window-capped'
    | 'late-feedback'
    | 'overloaded'
    | 'readers-stopped'
    | 'source-restarted'
    | 'target-failing'
    | 'policy-failed'
    | 'detector-failed'
    | 'phase-demoted'
    | 'metric-unmeasured'
  readonly text: Localized
}

/** What `andon.on` can listen to. Everything is durable before it is told. */
export interface AndonEvents {
  feedback: (feedback: FeedbackRecord) => void
  quarantined: (record: QuarantineRecord) => void
  /** Opened, fired again, or moved on in its life. */
  signal: (signal: Signal) => void
  /** Every step of an action's life. */
  action: (action: Action) => void
  warning: (warning: Warning) => void
  /** A stage could not go on with something; it tries again by itself. */
  error: (error: AndonError) => void
}
