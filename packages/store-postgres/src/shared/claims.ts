import type { Claim, ClaimRequest, SharedStore } from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'
import { storable } from '../database/arrays.js'
import type { Database } from '../database/database.js'
import type { Session } from '../database/session.js'
import { statements } from '../database/statement.js'

export type Claims = Pick<SharedStore, 'claim' | 'renew' | 'release'> & {
  /** Holds the claim's row till the end of the transaction: who takes it waits for that. */
  hold(session: Session, claim: Claim): Promise<void>
}

/** Claims by the server's clock, so that the workers' clocks need not agree. */
export function claims(database: Database): Claims {
  const until = "clock_timestamp() + $3 * interval '1 millisecond'"
  const sql = statements(database.settings.schema, {
    claim: `INSERT INTO $schema.claims AS c VALUES ($1, $2, 1, ${until})
      ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, epoch = c.epoch + 1, until = ${until}
        WHERE $4::boolean OR c.owner IS NULL OR c.owner = excluded.owner OR c.until <= clock_timestamp()
      RETURNING epoch`,
    renew: `UPDATE $schema.claims SET until = ${until} WHERE name = $1 AND owner = $2 AND epoch = $4 RETURNING epoch`,
    release: 'UPDATE $schema.claims SET owner = NULL WHERE name = $1 AND owner = $2 AND epoch = $3',
    hold: 'SELECT epoch FROM $schema.claims WHERE name = $1 AND owner = $2 AND epoch = $3 FOR SHARE',
  })
  const run = database.run.bind(database, 'answer')
  const valuesOf = ({ name, owner }: Pick<ClaimRequest, 'name' | 'owner'>) => [
    storable(name),
    storable(owner),
  ]
  return {
    async claim(request) {
      const { name, owner, ttlMs, from } = request
      const [row] = await run(sql.claim, [...valuesOf(request), ttlMs, from === 'any'])
      return row === undefined ? undefined : { name, owner, epoch: Number(row.epoch) }
    },
    async renew(claim, ttlMs) {
      const rows = await run(sql.renew, [...valuesOf(claim), ttlMs, claim.epoch])
      return rows.length > 0
    },
    async release(claim) {
      await run(sql.release, [...valuesOf(claim), claim.epoch])
    },
    async hold(session, claim) {
      const rows = await session.run(sql.hold, [...valuesOf(claim), claim.epoch])
      if (rows.length === 0) throw new AndonError('CLAIM_LOST', { details: { claim: claim.name } })
    },
  }
}
