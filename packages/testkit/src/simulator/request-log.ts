import type { SimulatorAnswer, SimulatorRequest } from './exchange.js'
import type { SimulatorFault } from './fault-kinds.js'

/** What came in, and how it ended. */
export interface LoggedRequest {
  readonly method: string
  /** Path and query exactly as they came. */
  readonly target: string
  /** Name, value, name, value … as they came; credentials are not left out. */
  readonly rawHeaders: readonly string[]
  readonly text: string
  /** Epoch ms. */
  readonly at: number
  readonly fault?: SimulatorFault
  /** The status, or that nothing was answered; undefined while it is being worked at. */
  outcome?: number | 'cut' | 'silence'
  /** The body that was answered. */
  answer?: string
}

export interface RequestLog {
  readonly latest: readonly LoggedRequest[]
  /** How many there were in all. */
  readonly count: number
  add(
    request: SimulatorRequest,
    raw: { target: string; rawHeaders: readonly string[] },
    fault?: SimulatorFault,
  ): LoggedRequest
}

/** Remembers the latest `most` requests. */
export function requestLog(most: number): RequestLog {
  const latest: LoggedRequest[] = []
  let count = 0
  return {
    latest,
    get count() {
      return count
    },
    add({ method, text, at }, { target, rawHeaders }, fault) {
      count += 1
      const logged: LoggedRequest = {
        method,
        target,
        rawHeaders,
        text,
        at,
        ...(fault === undefined ? {} : { fault }),
      }
      if (most > 0) latest.push(logged)
      if (latest.length > most) latest.shift()
      return logged
    },
  }
}

export function logOutcome(logged: LoggedRequest, outcome: SimulatorAnswer | 'cut' | 'silence'): void {
  logged.outcome = typeof outcome === 'string' ? outcome : outcome.status
  if (typeof outcome !== 'string' && outcome.text !== undefined) logged.answer = outcome.text
}
