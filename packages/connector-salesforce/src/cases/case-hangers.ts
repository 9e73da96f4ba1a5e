import type { RawPayload } from '@andon/core/connector'
import { actionMarkIn } from '../marks.js'
import { type Row, textAt, valueAt } from '../rest/rows.js'
import type { PayloadMaker, Said } from './case-payload.js'
import { instantOf } from './keyset-reader.js'

/** What hangs on a case and is asked for now and then: neither is on Change Data Capture. */
export interface Hanger {
  readonly object: 'CaseComment' | 'EmailMessage'
  readonly wanted: readonly string[]
  readonly filter: string | undefined
  /** What was said; undefined where it is nobody's word, or our own. */
  said(row: Row): Said | undefined
}

const said = (
  kind: 'comment' | 'email',
  row: Row,
  text: string | undefined,
  at: string,
): Said | undefined => {
  const id = textAt(row, 'Id')
  const parent = textAt(row, 'ParentId')
  const stamp = textAt(row, at)
  if (id === undefined || parent === undefined || text === undefined) return undefined
  if (valueAt(row, 'IsDeleted') === true) return undefined
  return { kind, id: `${parent}/${id}`, text, at: stamp === undefined ? undefined : instantOf(stamp) }
}

export const caseComments: Hanger = {
  object: 'CaseComment',
  wanted: ['Id', 'ParentId', 'CommentBody', 'IsPublished', 'IsDeleted', 'CreatedDate', 'SystemModstamp'],
  filter: undefined,
  said(row) {
    const text = textAt(row, 'CommentBody')
    // What we wrote ourselves is no feedback.
    return actionMarkIn(text ?? '') === undefined ? said('comment', row, text, 'CreatedDate') : undefined
  },
}

export const incomingEmails: Hanger = {
  object: 'EmailMessage',
  wanted: [
    'Id',
    'ParentId',
    'Subject',
    'TextBody',
    'FromAddress',
    'Incoming',
    'MessageDate',
    'IsDeleted',
    'CreatedDate',
    'SystemModstamp',
  ],
  filter: 'Incoming = true',
  said(row) {
    const text = [textAt(row, 'Subject'), textAt(row, 'TextBody')]
      .filter((part) => part !== undefined)
      .join('\n')
    return said('email', row, text === '' ? undefined : text, 'MessageDate')
  },
}

/** Payloads of what hangs on these cases; what hangs on a case that we do not read is left out. */
export function hangerPayloads(
  hanger: Hanger,
  rows: readonly Row[],
  cases: ReadonlyMap<string, Row>,
  payload: PayloadMaker,
): readonly RawPayload[] {
  return rows.flatMap((row) => {
    const parent = cases.get(textAt(row, 'ParentId') ?? '')
    const words = hanger.said(row)
    if (parent === undefined || words === undefined) return []
    const at = instantOf(textAt(row, 'SystemModstamp') ?? '')
    return [payload(words, { ...parent, [hanger.object]: row }, { type: 'SNAPSHOT', at })]
  })
}
