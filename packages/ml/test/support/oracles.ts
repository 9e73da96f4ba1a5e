import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'csv-parse/sync'
import { it } from 'vitest'

const folder = join(import.meta.dirname, '..', '..', '..', '..', '..', 'shared', 'oracles')

/** A case that needs the tables beside the repository: skipped where they are not, but for CI, where it then fails. */
export const itWithTables: ReturnType<typeof it.skipIf> = it.skipIf(
  !existsSync(folder) && process.env.CI !== 'true',
)

/** The rows of one table, without its head. */
export function readTable(...path: readonly string[]): string[][] {
  return readRows(...path).slice(1)
}

/** All rows, for files without a head. */
export function readRows(...path: readonly string[]): string[][] {
  return parse(readFileSync(join(folder, ...path)), { relax_column_count: true })
}
