import { hash } from 'node:crypto'

/** A short id that is the same for the same parts, on every machine and every run. */
export function stableId(prefix: string, ...parts: readonly (string | number)[]): string {
  return `${prefix}_${hash('sha256', parts.join('\u0000'), 'base64url').slice(0, 22)}`
}

const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
/** Enough for 45 bits of milliseconds: until the year 3084. */
const instantDigits = 9

/** Epoch ms as text that sorts as the instants do: Crockford's base 32, as in a ULID. */
function instantText(at: number): string {
  let text = ''
  for (let left = Math.floor(at), digit = 0; digit < instantDigits; digit++) {
    text = (alphabet[left % 32] ?? '') + text
    left = Math.floor(left / 32)
  }
  return text
}

/**
 * The same as {@link stableId} for the same parts and the same instant, and in the order of the instants: what is made
 * at about the same time stands together in an index, so that few of its pages change.
 */
export function timedId(prefix: string, at: number, ...parts: readonly (string | number)[]): string {
  return `${prefix}_${instantText(at)}${hash('sha256', parts.join('\u0000'), 'base64url').slice(0, 16)}`
}
