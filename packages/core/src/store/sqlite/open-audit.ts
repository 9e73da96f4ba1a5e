import { DatabaseSync } from 'node:sqlite'
import * as z from 'zod'
import { type AuditDesk, auditDesk } from '../../audit/audit-desk.js'
import { AndonError } from '../../errors/index.js'
import { parseOptions } from '../../options.js'
import { auditBytes } from './audit.js'
import { storeFailed } from './group-writer.js'
import { stateLayout } from './schema.js'

const optionsSchema = z.strictObject({ path: z.string().min(1) })

/**
 * Opens the audit log of an embedded store for reading alone: beside an Andon that runs on it, and without changing
 * a byte of it.
 *
 * @param options `path`: the state's file, e.g. `.andon/andon.db`
 * @throws AndonError OPTIONS_INVALID; STORE_FAILED when it cannot be opened; STORE_INCOMPATIBLE when a later release
 * wrote it
 */
export function openAudit(options: { readonly path: string }): AuditDesk & { close(): void } {
  const { path } = parseOptions(optionsSchema, options, 'openAudit')
  const database = opened(path)
  try {
    const found = Number(database.prepare("SELECT value FROM meta WHERE key = 'version'").get()?.value)
    if (found > stateLayout.version) {
      const details = { location: path, found, expected: stateLayout.version }
      throw new AndonError('STORE_INCOMPATIBLE', { details })
    }
    // Until a release that keeps a log has opened it, a store has none.
    const hasLog = database.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'audit'").get() !== undefined
    const lines = hasLog ? auditBytes(database) : { read: async () => [], heads: async () => [] }
    return { ...auditDesk(lines), close: () => database.close() }
  } catch (error) {
    database.close()
    throw error instanceof AndonError ? error : storeFailed(`open ${path}`, error)
  }
}

function opened(path: string): DatabaseSync {
  try {
    return new DatabaseSync(path, { readOnly: true, timeout: 5000 })
  } catch (error) {
    throw storeFailed(`open ${path}`, error)
  }
}
