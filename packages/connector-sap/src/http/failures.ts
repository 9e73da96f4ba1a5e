import type { Localized } from '@andon/core/connector'
import { AndonError, isAndonError } from '@andon/core/errors'

/** What an error says beside its sentence: SAP's own code and text, the status. Never a secret. */
export interface FailureDetails {
  readonly status?: number
  readonly sapCode?: string
  readonly sapText?: string
  /** Seconds that the system asks to wait. */
  readonly retryAfterSeconds?: number
}

type Failure = (target: string, problem: Localized, cause: unknown, details?: FailureDetails) => AndonError

const failure =
  (code: 'TARGET_REFUSED' | 'TARGET_UNAVAILABLE'): Failure =>
  (target, problem, cause, details = {}) =>
    new AndonError(code, {
      details: { target, problem: problem.en, ...details },
      chinese: { problem: problem.zh },
      cause,
    })

/** Trying again is useless. */
export const refused: Failure = failure('TARGET_REFUSED')

/** Trying again may help; whether a write had its effect is unknown unless the problem says that nothing was sent. */
export const unavailable: Failure = failure('TARGET_UNAVAILABLE')

/**
 * Reads how things stand after a change that was made. A refusal of such a read is none of the change: whoever tries
 * again finds it done.
 *
 * @throws AndonError TARGET_UNAVAILABLE where the read throws TARGET_REFUSED, else as it does
 */
export async function afterChange<T>(target: string, read: () => T | Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (error) {
    if (!isAndonError(error, 'TARGET_REFUSED')) throw error
    throw unavailable(
      target,
      {
        en: `it was done, and cannot be read back: ${error.message}`,
        zh: `操作已完成，但无法读回：${error.describe('zh')}`,
      },
      error,
    )
  }
}

/** No answer in time, or nobody waits for it any more: whether the work was done is unknown. */
export const timedOut = (target: string, milliseconds: number, cause: unknown): AndonError =>
  new AndonError('TARGET_TIMEOUT', {
    details: { target, milliseconds: Math.max(0, Math.round(milliseconds)) },
    cause,
  })
