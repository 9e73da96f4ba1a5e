import type { Action, JsonValue } from '@andon/core/connector'
import * as z from 'zod'
import { actionMark, markText } from '../marks.js'
import { piecesOf } from './pieces.js'
import { wordsOf } from './words.js'

/** What `case.update` may say; Andon has checked it before, with the same limits. */
export const paramsSchema = z.strictObject({
  status: z.string().min(1).max(200).optional(),
  note: z.string().min(1).max(4000).optional(),
  reply: z.string().min(1).max(4000).optional(),
})
export type CaseParams = z.output<typeof paramsSchema>

/** One thing said on one case. */
export interface Message {
  readonly kind: 'note' | 'reply'
  /** `note 1/2` */
  readonly part: string
  readonly text: string
}

/** A comment takes so many bytes of UTF-8. */
const commentBytes = 4000
/** Room for the mark and the line before it. */
const markBytes = 48

/** The note for the people of the service, with the customers' own words; then the reply to the customer. */
function textsOf(action: Action, params: CaseParams): readonly { kind: 'note' | 'reply'; text: string }[] {
  const note = {
    kind: 'note',
    text: wordsOf(action, params.note === undefined ? [] : [params.note]),
  } as const
  return params.reply === undefined ? [note] : [note, { kind: 'reply', text: params.reply }]
}

/** As comments: what is too long for one is split, not cut; each ends in the mark by which it is found again. */
export function commentsOf(action: Action, params: CaseParams): readonly Message[] {
  const mark = actionMark(action.id)
  return textsOf(action, params).flatMap(({ kind, text }) => {
    const pieces = piecesOf(text, commentBytes - markBytes)
    return pieces.map((piece, index) => {
      const place = { mark, kind, part: index + 1, parts: pieces.length }
      return { kind, part: partName(place), text: `${piece}\n${markText(place)}` }
    })
  })
}

/** As records of a custom object: whole, one for each kind. */
export const recordsOf = (action: Action, params: CaseParams): readonly Message[] =>
  textsOf(action, params).map(({ kind, text }) => ({ kind, part: kind, text }))

export const partName = ({
  kind,
  part,
  parts,
}: {
  readonly kind: string
  readonly part: number
  readonly parts: number
}): string => `${kind} ${part}/${parts}`

/** The parameters of an action, as Andon has checked them. */
export const paramsOf = (params: Readonly<Record<string, JsonValue>>) => paramsSchema.safeParse(params)
