import { close, fdatasync, openSync } from 'node:fs'
import { promisify } from 'node:util'

const sync = promisify(fdatasync)

/**
 * Brings the write-ahead log of a database to disk from the thread pool. The database itself runs with
 * synchronous = NORMAL, which leaves out exactly this flush at COMMIT and nothing else: checkpoints still sync.
 */
export function walFlush(path: string): { flush(): Promise<void>; close(): Promise<void> } {
  // Locks belong to the database and its shared memory, never to this file: closing it drops none.
  const file = openSync(`${path}-wal`, 'r+')
  return { flush: () => sync(file), close: () => promisify(close)(file) }
}
