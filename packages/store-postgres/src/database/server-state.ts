import { AndonError } from '@andon/core/errors'
import type { Database } from './database.js'

/** `xid8` and `pg_xact_status` (13) are needed to learn what became of a commit. */
const oldestVersion = 130_000

export interface ServerState {
  /** What keeps the promises from being kept, when the options accept it. */
  readonly warning?: string
}

/**
 * Whether the server keeps what it acknowledges.
 *
 * @throws AndonError STORE_FAILED, not retryable, when it does not
 */
export async function serverState(database: Database): Promise<ServerState> {
  const { acceptNoFsync } = database.settings
  const [row] = await database.run('open', {
    name: 'server_state',
    text: `SELECT current_setting('server_version_num')::int AS version, current_setting('server_encoding') AS encoding,
      current_setting('synchronous_commit') AS commits, current_setting('fsync') AS fsync, pg_is_in_recovery() AS replica`,
  })
  const refuse = (en: string, zh: string): never => {
    throw new AndonError('STORE_FAILED', {
      details: { operation: 'open', problem: en },
      chinese: { problem: zh },
      retryable: false,
    })
  }
  if (Number(row?.version) < oldestVersion) {
    refuse('the server is older than PostgreSQL 13', '服务器版本低于 PostgreSQL 13')
  }
  if (row?.encoding !== 'UTF8') {
    refuse(
      `the database's encoding is ${row?.encoding}, not UTF8`,
      `数据库编码为 ${row?.encoding}，而非 UTF8`,
    )
  }
  if (row?.replica === true) {
    refuse('the server is a replica: it takes no writes', '服务器为只读副本，不接受写入')
  }
  if (row?.commits === 'off') {
    refuse(
      'synchronous_commit is off for this role or database: what was acknowledged could be lost',
      '该角色或数据库的 synchronous_commit 为 off：已确认的数据可能丢失',
    )
  }
  if (row?.fsync !== 'off') return {}
  const problem = 'fsync is off: what was acknowledged is lost with the power'
  if (!acceptNoFsync) {
    refuse(
      `${problem}; acceptNoFsync takes it all the same`,
      'fsync 为 off：断电即丢失已确认的数据；设置 acceptNoFsync 可强行使用',
    )
  }
  return { warning: problem }
}
