import { DatabaseSync } from 'node:sqlite'
import { type MessagePort, parentPort, workerData } from 'node:worker_threads'

const everyMs = 100
/** Pages in a log before it is made to start again: 32 MB. Writers wait while it does: seldom and long, or often and short. */
const longLog = 8192

/**
 * Moves write-ahead logs into their databases, on a thread of its own: inside a COMMIT that would stop a writer
 * for tens of milliseconds. The bulk is moved beside the writers (PASSIVE); only for the little that came meanwhile
 * do they wait, so that a long log can start again (RESTART).
 */
function serve(port: MessagePort, paths: readonly string[]): void {
  const databases = paths.map((path) => new DatabaseSync(path, { timeout: 1000 }))
  const timer = setInterval(() => {
    for (const database of databases) {
      const row = database.prepare('PRAGMA wal_checkpoint(PASSIVE)').get()
      if (Number(row?.log) >= longLog) database.exec('PRAGMA wal_checkpoint(RESTART)')
    }
  }, everyMs)
  port.once('message', () => {
    clearInterval(timer)
    for (const database of databases) database.close()
    port.postMessage('closed')
    port.close()
  })
}

// Started by checkpointing() alone, with the paths of the databases.
if (parentPort !== null) serve(parentPort, workerData as readonly string[])
