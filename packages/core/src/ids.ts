import { hash } from 'node:crypto'

/** A short id that is the same for the same parts, on every machine and every run. */
export function stableId(prefix: string, ...parts: readonly (string | number)[]): string {
  return `${prefix}_${hash('sha256', parts.join('\u0000'), 'base64url').slice(0, 22)}`
}
