import { AndonError, isAndonError, problemOf } from '@andon/core/errors'

const codeOf = (error: unknown): string | undefined => {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? code : undefined
}

/** SQLSTATE, where the server gave one. The system's own codes are letters alone, for instance EPIPE. */
export function sqlStateOf(error: unknown): string | undefined {
  const code = codeOf(error)
  return code !== undefined && /^(?=.*\d)[0-9A-Z]{5}$/.test(code) ? code : undefined
}

/**
 * Classes of SQLSTATE that fail again however often they are tried: data and syntax that the server cannot take
 * (22, 42), a login or a right that is missing (28), a database or schema that is not there (3D, 3F).
 */
const lasting = new Set(['22', '28', '3D', '3F', '42'])

/**
 * What went wrong below, as STORE_FAILED. Lost connections, restarts, deadlocks (40P01), serialization (40001) and
 * unique keys that another was faster to take (23505) are worth a second try of the whole transaction.
 */
export function storeFailed(operation: string, cause: unknown): AndonError {
  const problem = problemOf(cause)
  const state = sqlStateOf(cause)
  // A certificate that is not trusted now will not be the next time.
  const isUntrusted = /CERT|UNABLE_TO_VERIFY/.test(codeOf(cause) ?? '')
  const retryable = !isUntrusted && (state === undefined || !lasting.has(state.slice(0, 2)))
  const details = { operation, problem: state === undefined ? problem : `${problem} (SQLSTATE ${state})` }
  return new AndonError('STORE_FAILED', { details, cause, retryable })
}

/** An error of ours as it is; anything else as STORE_FAILED. */
export const failureOf = (operation: string, error: unknown): unknown =>
  isAndonError(error) ? error : storeFailed(operation, error)

/** Whether the connection is gone, and with it the answer. */
export function isConnectionLoss(error: unknown): boolean {
  const state = sqlStateOf(error)
  // Class 08: connection exceptions; 57P01 to 57P05: the server ends the session.
  return state === undefined || state.startsWith('08') || state.startsWith('57P')
}
