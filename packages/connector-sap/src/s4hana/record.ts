import type { JsonObject } from '@andon/core/connector'
import * as z from 'zod'

/** What Andon writes down of a change before it makes it: what was, what is to be. It stands in the long text. */
export interface ChangeRecord {
  readonly action: string
  readonly kind: string
  /** True when the change takes the action back. */
  readonly reverts: boolean
  /** RFC 3339, of Andon's clock: the order of records. Numbers of notifications are no order: SAP hands them out in blocks. */
  readonly at: string
  /** How the thing stood before the change. */
  readonly before: JsonObject
  /** How the change wants it, where the action alone does not tell. */
  readonly means?: JsonObject | undefined
  /** True when SAP has refused the change: what was written down of it before is void. */
  readonly refused?: boolean | undefined
}

const schema = z.object({
  action: z.string(),
  kind: z.string(),
  reverts: z.boolean().catch(false),
  at: z.string(),
  before: z.record(z.string(), z.json()),
  means: z.record(z.string(), z.json()).optional().catch(undefined),
  refused: z.boolean().optional().catch(undefined),
})

const open = '#andon {'
const close = '}#'

/** One line. A `#` within it is written as JSON's escape, so the end is the first that comes. */
export function recordLine(record: ChangeRecord): string {
  return `#andon ${JSON.stringify(record).replaceAll('#', '\\u0023')}#`
}

/** The record in a long text, also where SAP has broken the line; undefined when there is none that can be read. */
export function recordIn(text: string): ChangeRecord | undefined {
  const start = text.indexOf(open)
  const end = start === -1 ? -1 : text.indexOf(close, start)
  if (end === -1) return undefined
  // Line breaks within JSON text are escaped: a bare one is SAP's.
  const json = text.slice(start + open.length - 1, end + 1).replaceAll(/[\r\n]/g, '')
  try {
    const result = schema.safeParse(JSON.parse(json))
    return result.success ? result.data : undefined
  } catch {
    return undefined
  }
}
