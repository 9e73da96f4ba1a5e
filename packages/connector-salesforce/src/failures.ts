import type { Localized } from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'

/** Who says that something failed: a source or a target, by name. */
export interface Speaker {
  readonly role: 'source' | 'target'
  readonly name: string
}

/** What an error says beside its sentence: Salesforce's own code and text, the status. Never a secret. */
export interface FailureDetails {
  readonly status?: number
  /** e.g. `UNABLE_TO_LOCK_ROW`. */
  readonly errorCode?: string
  readonly errorText?: string
}

type Failure = (speaker: Speaker, problem: Localized, cause: unknown, details?: FailureDetails) => AndonError

const failure =
  (retryable: boolean): Failure =>
  ({ role, name }, problem, cause, details = {}) => {
    const target = retryable ? 'TARGET_UNAVAILABLE' : 'TARGET_REFUSED'
    return new AndonError(role === 'source' ? 'SOURCE_FAILED' : target, {
      details: { [role]: name, problem: problem.en, ...details },
      chinese: { problem: problem.zh },
      retryable,
      cause,
    })
  }

/** Trying again is useless. */
export const refused: Failure = failure(false)

/** Trying again may help; whether a write had its effect is unknown unless the problem says that nothing was sent. */
export const unavailable: Failure = failure(true)

/** No answer in time, or nobody waits for it any more: whether the work was done is unknown. */
export function timedOut(speaker: Speaker, elapsed: number, cause: unknown): AndonError {
  const milliseconds = Math.max(0, Math.round(elapsed))
  if (speaker.role === 'target') {
    return new AndonError('TARGET_TIMEOUT', { details: { target: speaker.name, milliseconds }, cause })
  }
  return unavailable(
    speaker,
    { en: `no answer within ${milliseconds} ms`, zh: `${milliseconds} 毫秒内没有应答` },
    cause,
  )
}

/** What was closed is used. Somebody else, or the next process, can do it. */
export const closedFailure = (speaker: Speaker): AndonError =>
  unavailable(speaker, { en: 'it is closed', zh: '已关闭' }, new Error('close() was called'))
