import type { JsonValue, Redactor } from '@andon/core/connector'
import type { AndonError } from '@andon/core/errors'
import * as z from 'zod'
import { type FailureDetails, refused, unavailable } from './failures.js'

/** What SAP says went wrong. */
export interface SapProblem {
  /** e.g. `/IWFND/MED/170` or `CX_OBJECT_LOCKED` */
  readonly code: string
  readonly text: string
  /** Further messages, without repetitions. */
  readonly more: readonly string[]
}

const text = z.union([z.string(), z.object({ value: z.string() }).transform(({ value }) => value)])
const messages = z.array(z.object({ message: z.string().optional() })).catch([])

/** OData V2 has `message: { lang, value }` and `innererror`, V4 `message: string` and `details`. */
const odata = z.object({
  error: z.object({
    code: z.coerce.string().catch(''),
    message: text,
    details: messages.optional(),
    innererror: z.object({ errordetails: messages.optional() }).optional().catch(undefined),
  }),
})

/** Digital Manufacturing's first shape. */
const plain = z.object({
  code: z.coerce.string(),
  message: z.string(),
  causeMessage: z.string().nullish(),
})

/** Digital Manufacturing's second shape. */
const display = z.object({
  errorMessageKey: z.string().nullish(),
  errorCode: z.coerce.string().nullish(),
  displayMessage: z.string().nullish(),
  technicalMessage: z.string().nullish(),
})

const shapes = z.union([
  odata.transform(({ error }) => ({
    code: error.code,
    text: error.message,
    more: [...(error.details ?? []), ...(error.innererror?.errordetails ?? [])],
  })),
  plain.transform(({ code, message, causeMessage }) => ({
    code,
    text: message,
    more: [{ message: causeMessage ?? undefined }],
  })),
  display
    .refine((said) => (said.displayMessage ?? said.technicalMessage ?? said.errorMessageKey) != null)
    .transform(({ errorMessageKey, errorCode, displayMessage, technicalMessage }) => ({
      code: errorCode ?? errorMessageKey ?? '',
      text: displayMessage ?? technicalMessage ?? errorMessageKey ?? '',
      more: [{ message: technicalMessage ?? undefined }],
    })),
])

/** SAP's own words in any of its four shapes, or undefined when the body has none of them. */
export function sapProblem(body: JsonValue | undefined): SapProblem | undefined {
  const { success, data } = shapes.safeParse(body)
  if (!success) return undefined
  const more = data.more.flatMap(({ message = '' }) =>
    message === '' || message === data.text ? [] : [message],
  )
  return { code: data.code, text: data.text, more: [...new Set(more)] }
}

interface Reply {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: JsonValue | undefined
  readonly text: string
}

/** Somebody else holds it, or changed it: nothing is wrong with the request itself. */
const passing: ReadonlySet<number> = new Set([408, 409, 412, 423, 425, 428, 429])
const longest = 500

/**
 * The branded error of an answer that is not a yes: TARGET_UNAVAILABLE for 5xx and for what passes by itself (a lock, a
 * conflict, a rate limit), else TARGET_REFUSED. Its details carry `status`, `sapCode` and `sapText`.
 */
export function sapError(target: string, reply: Reply, { redact }: Redactor): AndonError {
  const { status } = reply
  const problem = sapProblem(reply.body)
  const said = problem && {
    sapCode: redact(problem.code).slice(0, longest),
    sapText: redact([problem.text, ...problem.more].join('; ')).slice(0, longest),
  }
  const seconds = Number(reply.headers['retry-after'])
  const details: FailureDetails = {
    status,
    ...said,
    ...(Number.isFinite(seconds) && seconds > 0 && { retryAfterSeconds: seconds }),
  }
  const sap =
    said === undefined ? '' : `, ${[said.sapCode, said.sapText].filter((part) => part !== '').join(', ')}`
  const cause = new Error(`HTTP ${status}${sap}`)
  if (status === 401) {
    const en = `it does not accept the credentials (HTTP 401${sap}): check user, password or client, and whether the user is locked`
    const zh = `凭据未被接受（HTTP 401${sap}）：请检查用户、密码或客户端，以及用户是否被锁定`
    return refused(target, { en, zh }, cause, details)
  }
  if (status === 403) {
    const en = `the user may not do this (HTTP 403${sap})`
    return refused(target, { en, zh: `该用户没有权限（HTTP 403${sap}）` }, cause, details)
  }
  const words = `HTTP ${status}${sap}`
  const failure = status >= 500 || passing.has(status) ? unavailable : refused
  return failure(target, { en: words, zh: words }, cause, details)
}
