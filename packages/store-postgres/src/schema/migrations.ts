import { hash } from 'node:crypto'
import { effectTables } from './effect-tables.js'
import { findSignals } from './find-signals.js'
import { journalTables } from './journal-tables.js'

/** A step forward. What was released is never changed: the next version is a step of its own. */
export interface Migration {
  readonly version: number
  readonly name: string
  /** With `$schema` where the schema's name belongs. */
  readonly sql: string
}

export const migrations: readonly Migration[] = [
  { version: 1, name: 'tables', sql: journalTables + effectTables },
  { version: 2, name: 'find_signals', sql: findSignals },
]

/** Of the text before the schema is put in: the same in every schema. */
export const checksumOf = ({ sql }: Migration): string => hash('sha256', sql, 'hex')
