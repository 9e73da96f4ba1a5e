import { copyFileSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sqliteStore } from '@andon/core'
import type { Store } from '@andon/core/connector'
import { storeContract } from '@andon/testkit/vitest'
import { afterAll } from 'vitest'

const folder = mkdtempSync(join(tmpdir(), 'andon-store-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
let made = 0

/** The files of a store as a process finds them that comes up after a kill: everything but locks and shared memory. */
function copyOf(path: string): string {
  const copy = mkdtempSync(join(folder, 'crashed-'))
  for (const name of ['andon.db', 'andon.db-wal', 'andon.db.journal', 'andon.db.journal-wal']) {
    const from = join(path, '..', name)
    if (existsSync(from)) copyFileSync(from, join(copy, name))
  }
  return join(copy, 'andon.db')
}

async function opened(path: string): Promise<Store> {
  const store = sqliteStore({ path })
  await store.open()
  return store
}

const exemptions = { shared: 'one process at a time may open it' }

storeContract(async () => {
  const path = join(folder, String(made++), 'andon.db')
  const store = await opened(path)
  return {
    store,
    async reopen() {
      await store.close()
      return opened(path)
    },
    crash: () => opened(copyOf(path)),
    badOptions: [{ create: () => sqliteStore({ path: '' }), option: 'sqliteStore.path' }],
    failure: {
      // A file stands where the folder should be.
      provoke: async () => {
        const blocked = join(folder, `file-${made++}`)
        writeFileSync(blocked, '')
        await opened(join(blocked, 'andon.db'))
      },
    },
    dispose: () => store.close(),
  }
}, exemptions)
