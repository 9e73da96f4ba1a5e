import { AndonError } from '@andon/core/errors'
import type { Database } from '../database/database.js'
import type { Session } from '../database/session.js'
import { checksumOf, type Migration, migrations as ours } from './migrations.js'

const plain = (text: string) => ({ name: '', text })

/**
 * Brings the schema to this release's version, one process at a time, whole or not at all.
 *
 * @throws AndonError STORE_INCOMPATIBLE when a later release has been at it, or when a step was another than ours
 */
export async function migrate(database: Database, migrations: readonly Migration[] = ours): Promise<void> {
  const { schema } = database.settings
  await database.change('open', async (session) => {
    await session.run(plain(`SELECT pg_advisory_xact_lock(hashtext('${schema}.migrate'))`))
    await prepare(session, schema)
    const applied = await session.run(
      plain(`SELECT version, checksum FROM ${schema}.migrations ORDER BY version`),
    )
    const expected = migrations.length
    const incompatible = (found: string | number): AndonError =>
      new AndonError('STORE_INCOMPATIBLE', { details: { location: `schema ${schema}`, found, expected } })
    const latest = Number(applied.at(-1)?.version ?? 0)
    if (latest > expected) throw incompatible(latest)
    for (const { version, checksum } of applied) {
      const step = migrations.find((migration) => migration.version === Number(version))
      if (step === undefined || checksumOf(step) !== checksum) {
        throw incompatible(`${version} (not as this release made it)`)
      }
    }
    for (const step of migrations.filter(({ version }) => version > latest)) {
      await session.run(plain(step.sql.replaceAll('$schema', schema)))
      await session.run(
        plain(
          `INSERT INTO ${schema}.migrations VALUES (${step.version}, '${step.name}', '${checksumOf(step)}', now())`,
        ),
      )
    }
  })
}

/** A role that may not create schemas can be given one that is there. */
async function prepare(session: Session, schema: string): Promise<void> {
  const [row] = await session.run(
    plain(`SELECT to_regnamespace('${schema}') IS NOT NULL AS there,
      to_regclass('${schema}.migrations') IS NOT NULL AS begun`),
  )
  if (row?.there !== true) await session.run(plain(`CREATE SCHEMA ${schema}`))
  if (row?.begun === true) return
  await session.run(
    plain(`CREATE TABLE ${schema}.migrations (
      version int PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at timestamptz NOT NULL)`),
  )
}
