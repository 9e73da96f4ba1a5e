import { AndonError, type ErrorCode, isAndonError } from '@andon/core/errors'
import { findErrorBy } from '@platformatic/kafka'

/** Who says that something failed: a bus, a source or a sink, by name. */
export interface Speaker {
  readonly code: Extract<ErrorCode, 'BUS_FAILED' | 'SOURCE_FAILED' | 'SINK_FAILED'>
  readonly name: string
}

const roles = { BUS_FAILED: 'bus', SOURCE_FAILED: 'source', SINK_FAILED: 'sink' } as const

/** An error of ours with a problem that was found here. */
export function failed(
  speaker: Speaker,
  problem: string,
  options: { retryable?: boolean; cause?: Error } = {},
): AndonError {
  return new AndonError(speaker.code, {
    details: { [roles[speaker.code]]: speaker.name, problem },
    ...options,
  })
}

/** All errors in one: the client nests them, and the innermost say what happened. */
function* innermost(error: unknown, depth = 0): Generator<Error> {
  if (!(error instanceof Error) || depth > 8) return
  const nested = error instanceof AggregateError ? error.errors : []
  const inner = error.cause === undefined ? nested : [...nested, error.cause]
  if (inner.length === 0) yield error
  for (const each of inner) yield* innermost(each, depth + 1)
}

/** What an error of the client comes down to, in one line: each reason once. */
export function reasonOf(error: unknown): string {
  const reasons = new Set<string>()
  for (const inner of innermost(error)) {
    const code: unknown = Reflect.get(inner, 'apiId') ?? Reflect.get(inner, 'code')
    const text = inner.message.replace(/\.$/, '') || inner.name
    reasons.add(
      typeof code === 'string' && !code.startsWith('PLT_') && !text.includes(code)
        ? `${text} (${code})`
        : text,
    )
  }
  return [...reasons].slice(0, 3).join('; ') || 'unknown'
}

const clientErrors = (error: unknown, property: string, value: unknown): boolean =>
  error instanceof Error && findErrorBy(error, property, value) !== null

/** Wrong credentials, or a user that may not do this: trying again will not help. */
export function isRefused(error: unknown): boolean {
  return (
    clientErrors(error, 'code', 'PLT_KFK_AUTHENTICATION') ||
    ['TOPIC_AUTHORIZATION_FAILED', 'GROUP_AUTHORIZATION_FAILED', 'CLUSTER_AUTHORIZATION_FAILED'].some(
      (apiId) => clientErrors(error, 'apiId', apiId),
    ) ||
    clientErrors(error, 'apiId', 'UNSUPPORTED_SASL_MECHANISM')
  )
}

/**
 * An error of the client as a user may see it. The client's own error holds connections and requests, and with them
 * secrets; so the cause is a copy of what it says.
 */
export function failureOf(speaker: Speaker, error: unknown, doing: string): AndonError {
  if (isAndonError(error)) return error
  const reason = clientErrors(error, 'code', 'PLT_KFK_AUTHENTICATION')
    ? 'the broker refused the credentials'
    : reasonOf(error)
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  const cause = Object.assign(new Error(reason), typeof code === 'string' ? { code } : {})
  return failed(speaker, `${doing}: ${reason}`, { retryable: !isRefused(error), cause })
}
