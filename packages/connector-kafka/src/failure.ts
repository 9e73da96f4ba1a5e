import { AndonError, type ErrorCode, isAndonError } from '@andon/core/errors'

/** Who says that something failed: a bus, a source or a sink, by name. */
export interface Speaker {
  readonly code: Extract<ErrorCode, 'BUS_FAILED' | 'SOURCE_FAILED' | 'SINK_FAILED'>
  readonly name: string
}

/** A sentence in both languages. */
export interface Said {
  readonly en: string
  readonly zh: string
}

const roles = { BUS_FAILED: 'bus', SOURCE_FAILED: 'source', SINK_FAILED: 'sink' } as const

export interface FailedOptions {
  /** Default true. */
  readonly retryable?: boolean
  readonly cause?: Error
}

/** An error of ours with a problem that was found here. */
export function failed(speaker: Speaker, problem: Said, options: FailedOptions = {}): AndonError {
  return new AndonError(speaker.code, {
    details: { [roles[speaker.code]]: speaker.name, problem: problem.en },
    chinese: { problem: problem.zh },
    ...options,
  })
}

/** Whoever uses what is closed hears of it. */
export const closedFailure = (speaker: Speaker): AndonError =>
  failed(speaker, { en: 'it is closed', zh: '已关闭' }, { retryable: false, cause: new Error('closed') })

/** All errors in one, the innermost last: the client nests them as causes and in lists. */
function* nested(
  error: unknown,
  depth = 0,
): Generator<{ readonly error: Error; readonly innermost: boolean }> {
  if (!(error instanceof Error) || depth > 8) return
  const list = error instanceof AggregateError ? error.errors : []
  const inner = error.cause === undefined ? list : [...list, error.cause]
  yield { error, innermost: inner.length === 0 }
  for (const each of inner) yield* nested(each, depth + 1)
}

/** What an error of the client comes down to, in one line: each reason once. */
export function reasonOf(error: unknown): string {
  const reasons = new Set<string>()
  for (const { error: inner, innermost } of nested(error)) {
    if (!innermost) continue
    const code: unknown = Reflect.get(inner, 'apiId') ?? Reflect.get(inner, 'code')
    const text = inner.message.replace(/\.$/, '') || inner.name
    const coded = typeof code === 'string' && !code.startsWith('PLT_') && !text.includes(code)
    reasons.add(coded ? `${text} (${code})` : text)
  }
  return [...reasons].slice(0, 3).join('; ') || 'unknown'
}

/** Whether one of the errors in it has a property of that value. */
export function says(error: unknown, property: string, value: unknown): boolean {
  for (const { error: each } of nested(error)) if (Reflect.get(each, property) === value) return true
  return false
}

const isAuthentication = (error: unknown): boolean => says(error, 'code', 'PLT_KFK_AUTHENTICATION')

const refusals = [
  'TOPIC_AUTHORIZATION_FAILED',
  'GROUP_AUTHORIZATION_FAILED',
  'CLUSTER_AUTHORIZATION_FAILED',
  'UNSUPPORTED_SASL_MECHANISM',
]

/** Wrong credentials, or a user that may not do this: trying again will not help. */
export const isRefused = (error: unknown): boolean =>
  isAuthentication(error) ||
  isWrongTls(error) ||
  (isAndonError(error) && !error.retryable) ||
  refusals.some((apiId) => says(error, 'apiId', apiId))

/** The broker's certificate is not trusted, or it speaks TLS and we do not. */
function isWrongTls(error: unknown): boolean {
  for (const { error: each } of nested(error)) {
    const code: unknown = Reflect.get(each, 'code')
    if (each.message.includes('Broker requires TLS')) return true
    if (typeof code === 'string' && /CERT|SELF_SIGNED|ERR_TLS|ERR_SSL|UNABLE_TO_VERIFY/.test(code))
      return true
  }
  return false
}

function problemIn(error: unknown): Said {
  const reason = reasonOf(error)
  if (isAuthentication(error)) {
    return {
      en: 'the broker refused the credentials: check sasl.mechanism, sasl.username and sasl.password',
      zh: '服务器拒绝了凭据：请检查 sasl.mechanism、sasl.username 和 sasl.password',
    }
  }
  if (isWrongTls(error)) {
    return {
      en: `TLS failed: ${reason}; check tls and that the port speaks it`,
      zh: `TLS 失败：${reason}；请检查 tls 以及该端口是否使用 TLS`,
    }
  }
  return { en: reason, zh: reason }
}

/**
 * An error of the client as a user may see it. The client's own error holds connections and requests, and with them
 * secrets; so the cause is a copy of what it says.
 *
 * @param doing what was tried
 */
export function failureOf(speaker: Speaker, error: unknown, doing: Said): AndonError {
  if (isAndonError(error)) return error
  const { en, zh } = problemIn(error)
  const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
  const cause = Object.assign(new Error(reasonOf(error)), typeof code === 'string' ? { code } : {})
  return failed(
    speaker,
    { en: `${doing.en}: ${en}`, zh: `${doing.zh}：${zh}` },
    { retryable: !isRefused(error), cause },
  )
}
