import { hash } from 'node:crypto'

// Crockford's base 32: no I, L, O and U, so it can be read aloud and typed.
const digits = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** Characters of a mark: what SAP's `ReferenceDocument` holds. */
export const markLength = 16

/**
 * The mark under which a system keeps an action: 16 characters for its id, 80 bits of its SHA-256 in Crockford's
 * base 32. Two of a million actions have the same one with a probability of 4 · 10⁻¹³; where there is room for it the
 * whole id stands beside the mark and is compared.
 */
export function actionMark(actionId: string): string {
  const bytes = hash('sha256', actionId, 'buffer')
  let mark = ''
  for (let bit = 0; mark.length < markLength; bit += 5) {
    const pair = ((bytes[bit >> 3] ?? 0) << 8) | (bytes[(bit >> 3) + 1] ?? 0)
    mark += digits[(pair >> (11 - (bit & 7))) & 31] ?? ''
  }
  return mark
}

/** The id under which the reversal of an action is kept. */
export const reversalId = (actionId: string): string => `${actionId}:revert`
