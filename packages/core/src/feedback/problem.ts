import type { Problem } from '../connector/store.js'
import { fill, type Localized } from '../text.js'

/** How much of a bad value is kept beside its reason, in UTF-16 units. */
export const maxShownLength = 200

/** The first `length` UTF-16 units of a text, without a torn surrogate pair at the end. */
export function cut(text: string, length: number): string {
  if (text.length <= length) return text
  const last = text.charCodeAt(length - 1)
  return text.slice(0, last >= 0xd800 && last <= 0xdbff ? length - 1 : length)
}

/** Anything as at most 200 characters; never throws, whatever a parser let through. */
function shown(value: unknown): string {
  if (typeof value === 'string') return cut(value, maxShownLength)
  if (value === undefined) return ''
  try {
    const text = typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)
    return cut(text ?? '', maxShownLength)
  } catch {
    // Cyclic, or with a toJSON of its own that fails: the raw payload beside it has the whole.
    return Array.isArray(value) ? '[…]' : '{…}'
  }
}

/** One thing wrong with one field; `{name}` placeholders of the reason are filled from `values`. */
export function problem(
  field: string,
  value: unknown,
  reason: Localized,
  values?: Readonly<Record<string, unknown>>,
): Problem {
  return {
    field,
    value: shown(value),
    reason: values === undefined ? reason : { en: fill(reason.en, values), zh: fill(reason.zh, values) },
  }
}
