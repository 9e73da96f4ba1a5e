import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url))

/** A file of this example. */
export const ofExample = (name: string): string => path(`../${name}`)

/** A file of the real data that stands beside the repository. */
export const ofData = (name: string): string => path(`../../../../shared/data/${name}`)

/**
 * Whether a suite must be skipped because its data is not there: never in CI, where it then fails. Says so.
 */
export function skippedWithout(name: string): boolean {
  if (existsSync(ofData(name)) || process.env.CI !== undefined) return false
  console.warn(`skipped: ../shared/data/${name} is not here`)
  return true
}
