import type { Redactor } from '@andon/core/connector'
import type { AndonError } from '@andon/core/errors'
import * as z from 'zod'
import { type FailureDetails, refused, type Speaker, unavailable } from '../failures.js'

/** What Salesforce says of one failure: `[{message, errorCode, fields?}]`, in a row of a collection `statusCode`. */
export interface SalesforceProblem {
  readonly code: string
  readonly text: string
  readonly fields: readonly string[]
}

const problemSchema = z
  .object({
    errorCode: z.string().optional(),
    statusCode: z.string().optional(),
    message: z.string().default(''),
    fields: z.array(z.string()).nullish(),
  })
  .transform(({ errorCode, statusCode, message, fields }) => ({
    code: errorCode ?? statusCode ?? '',
    text: message,
    fields: fields ?? [],
  }))

const problemsSchema = z.union([z.array(problemSchema).min(1), problemSchema.transform((one) => [one])])

/** The problems of a body in Salesforce's shape; none where it has another. */
export function problemsIn(body: unknown): readonly SalesforceProblem[] {
  return problemsSchema.safeParse(body).data?.filter(({ code }) => code !== '') ?? []
}

/** Nothing is wrong with the request: somebody holds the row, the org is busy or its quota is used up. */
const passing: ReadonlySet<string> = new Set([
  'UNABLE_TO_LOCK_ROW',
  'REQUEST_LIMIT_EXCEEDED',
  'REQUEST_RUNNING_TOO_LONG',
  'QUERY_TIMEOUT',
  'SERVER_UNAVAILABLE',
  'UNKNOWN_EXCEPTION',
  'CONCURRENT_REQUESTS_LIMIT_EXCEEDED',
  'TXN_SECURITY_RUNTIME_EXCEPTION',
])

/** Whether the same request may succeed later. */
export const isPassing = (status: number, code: string): boolean =>
  status >= 500 || status === 408 || status === 429 || passing.has(code)

const longest = 500

/** The branded error of an answer that is not a yes, with Salesforce's own code and text in its details. */
export function salesforceError(
  speaker: Speaker,
  status: number,
  problem: SalesforceProblem | undefined,
  { redact }: Redactor,
): AndonError {
  const code = redact(problem?.code ?? '').slice(0, longest)
  const text = redact(problem?.text ?? '').slice(0, longest)
  const details: FailureDetails = {
    status,
    ...(code === '' ? {} : { errorCode: code }),
    ...(text === '' ? {} : { errorText: text }),
  }
  const said = [`HTTP ${status}`, code, text].filter((part) => part !== '').join(', ')
  const cause = new Error(said)
  if (status === 401) {
    // Wrong credentials get no session at all; one that is turned away at once has ended by chance, or its user is locked.
    return unavailable(
      speaker,
      {
        en: `it does not accept the session, also not a new one (${said}): is the user of the connected app active?`,
        zh: `会话未被接受，换新会话后仍然如此（${said}）：连接的应用的用户是否有效？`,
      },
      cause,
      details,
    )
  }
  const failure = isPassing(status, code) ? unavailable : refused
  return failure(speaker, { en: said, zh: said }, cause, details)
}
