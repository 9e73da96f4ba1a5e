import type { RawPayload } from '../channel/payload.js'
import type { Batch, Plugin, Position } from './plugin.js'

export interface ReceiveContext {
  /** Ends the iteration promptly when aborted. */
  readonly signal: AbortSignal
  /** The position of the last committed batch; absent on the very first run. */
  readonly resumeFrom?: Position
}

/** Brings raw payloads. What is not committed is brought again. Backpressure is the iteration itself. */
export interface Source extends Plugin {
  receive(context: ReceiveContext): AsyncIterable<Batch<RawPayload>>
}
