import { type ExecuteContext, silentLogger, systemClock } from '@andon/core/connector'

/** What a suite hands to a target. */
export function contextOf(
  attempt: number,
  signal: ExecuteContext['signal'] = new AbortController().signal,
): ExecuteContext {
  return { attempt, signal, clock: systemClock, logger: silentLogger }
}
