import { jsonAnswer, type SimulatorAnswer, type SimulatorRequest } from '../../simulator/exchange.js'
import { SalesforceRefusal } from '../refusal.js'

/** `[{ message, errorCode, fields? }]` */
export function refusedAnswer({ errorCode, message, fields, status }: SalesforceRefusal): SimulatorAnswer {
  return jsonAnswer(status, [{ message, errorCode, ...(fields.length > 0 ? { fields } : {}) }])
}

/** A row of a collection that was not written. */
export const refusedRow = ({ errorCode, message, fields }: SalesforceRefusal) => ({
  success: false,
  errors: [{ statusCode: errorCode, message, fields }],
})

const problems: Readonly<Record<number, readonly [code: string, message: string]>> = {
  401: ['INVALID_SESSION_ID', 'Session expired or invalid'],
  403: ['REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'],
  404: ['NOT_FOUND', 'The requested resource does not exist'],
  405: ['METHOD_NOT_ALLOWED', 'HTTP Method not allowed for this resource.'],
  409: ['UNABLE_TO_LOCK_ROW', 'unable to obtain exclusive access to this record'],
  413: ['REQUEST_TOO_LARGE', 'The request is larger than the server takes'],
  414: ['URI_TOO_LONG', 'The URI is longer than 16,384 bytes'],
  429: ['REQUEST_LIMIT_EXCEEDED', 'ConcurrentRequests Limit exceeded.'],
  500: ['UNKNOWN_EXCEPTION', 'An unexpected error occurred'],
  503: ['SERVER_UNAVAILABLE', 'The server is too busy, try again later'],
}

export const problem = (status: number): SalesforceRefusal => {
  const [code, message] = problems[status] ?? ['UNKNOWN_EXCEPTION', 'An unexpected error occurred']
  return new SalesforceRefusal(code, message, [], status)
}

/** The body as an object. @throws SalesforceRefusal JSON_PARSER_ERROR */
export function bodyOf({ text }: SimulatorRequest): Readonly<Record<string, unknown>> {
  let body: unknown
  try {
    body = JSON.parse(text)
  } catch {
    throw new SalesforceRefusal('JSON_PARSER_ERROR', 'The HTTP entity body is not valid JSON')
  }
  return objectOf(body)
}

export function objectOf(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SalesforceRefusal('JSON_PARSER_ERROR', 'The HTTP entity body is required to be an object')
  }
  return Object.fromEntries(Object.entries(value))
}

export const decoded = (part: string): string => {
  try {
    return decodeURIComponent(part)
  } catch {
    return part
  }
}
