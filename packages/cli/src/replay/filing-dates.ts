import { readInstant } from '@andon/core/feedback'
import { textOf } from '../mapping/row.js'
import type { FileRow } from './rows.js'

/** When a row says that it was filed (epoch ms); NaN where it does not, or not so that it can be read. */
export function filingDateOf({ body }: FileRow, column: string): number {
  const row = typeof body === 'string' ? objectIn(body) : body
  const text = row && textOf({ row }, column)
  const reading = text === undefined ? undefined : readInstant(text)
  return reading?.ok === true ? reading.ms : Number.NaN
}

/** NDJSON goes to intake as it stands; its date is looked at here. */
function objectIn(text: string): Readonly<Record<string, unknown>> | undefined {
  if (!text.trimStart().startsWith('{')) return undefined
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : undefined
  } catch {
    return undefined
  }
}
