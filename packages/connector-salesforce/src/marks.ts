import { createHash } from 'node:crypto'

// Crockford's base 32: no I, L, O and U, so it can be read aloud and typed.
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const length = 16

/**
 * The mark under which a comment keeps an action: 16 characters, 80 bits of the SHA-256 of its id in Crockford's base 32.
 * Two of a million actions have the same one with a probability of 4 · 10⁻¹³.
 */
export function actionMark(actionId: string): string {
  const bytes = createHash('sha256').update(actionId).digest()
  let mark = ''
  for (let bit = 0; mark.length < length; bit += 5) {
    const pair = ((bytes[bit >> 3] ?? 0) << 8) | (bytes[(bit >> 3) + 1] ?? 0)
    mark += digits[(pair >> (11 - (bit & 7))) & 31] ?? ''
  }
  return mark
}

/** Which part of what an action says a comment is. */
export interface Mark {
  readonly mark: string
  readonly kind: 'note' | 'reply'
  /** From 1 on. */
  readonly part: number
  readonly parts: number
}

const letters = { note: 'N', reply: 'R' } as const
const pattern = /\[Andon ([0-9A-HJKMNP-TV-Z]{16}) ([NR])(\d{1,3})\/(\d{1,3})\]\s*$/

/** The last line of a comment of ours, e.g. `[Andon 7ZK3… R1/2]`. */
export const markText = ({ mark, kind, part, parts }: Mark): string =>
  `[Andon ${mark} ${letters[kind]}${part}/${parts}]`

/** The mark of a comment; undefined when it is not one of ours. */
export function actionMarkIn(comment: string): Mark | undefined {
  const [, mark, letter, part, parts] = pattern.exec(comment) ?? []
  if (mark === undefined) return undefined
  return { mark, kind: letter === 'R' ? 'reply' : 'note', part: Number(part), parts: Number(parts) }
}
