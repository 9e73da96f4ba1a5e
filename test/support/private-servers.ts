import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { stopWhenThisProcessEnds } from '../../scripts/lib/services/guard.mjs'
import { services } from '../../scripts/lib/services.mjs'

/** Servers of one test, which may kill them: nobody else uses them. */
export type PrivateServers = Pick<ReturnType<typeof services>, 'up' | 'kill' | 'status'> & {
  /** With a folder for each server, and its log in it. */
  readonly folder: string
}

/**
 * Servers that only this test uses, on ports and in a folder of their own. `kill('kafka', 'SIGKILL')` waits until it
 * has ended, and `up(['kafka'])` starts it again on the same data, where it was. They are gone with the test; in a
 * `beforeAll` pass `afterAll`. Needs servers that can be started here, so put the test in a
 * `describeWith(…, startedServers.kafka, …)`.
 */
export function privateServers(
  finished: (stop: () => Promise<void>) => void = onTestFinished,
): PrivateServers {
  const folder = mkdtempSync(join(tmpdir(), 'andon-servers-'))
  const set = services({ folder, environment: {} })
  const unguard = stopWhenThisProcessEnds(folder, [])
  finished(async () => {
    await set.down(undefined, { purge: true })
    unguard()
    rmSync(folder, { recursive: true, force: true })
  })
  return { ...set, folder }
}
