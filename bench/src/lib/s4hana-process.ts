import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type LoggedRequest, startS4Hana } from '@andon/testkit'

export const credentials = { user: 'ANDON', password: 'bench' }
/** The batch that the hold with this index is about. */
export const batchNumber = (index: number): string => `B-${index}`

/** What the system did in its life. */
export interface S4HanaCounts {
  readonly requests: number
  readonly tokensFetched: number
  readonly heldBatches: number
  readonly notifications: number
  /** Every request in the order in which it came, if it was to be recorded. */
  readonly recorded: readonly Pick<LoggedRequest, 'method' | 'target' | 'rawHeaders' | 'text'>[]
}

/** A simulated S/4HANA in a process of its own, as a real one is: its work is not counted as ours. */
export interface S4HanaProcess {
  readonly url: string
  /** Ends the process. */
  close(): Promise<S4HanaCounts>
}

/** @param batches how many there are, none of them restricted */
export function s4hanaProcess(options: { batches: number; record: boolean }): Promise<S4HanaProcess> {
  const child = fork(fileURLToPath(import.meta.url), [JSON.stringify(options)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('message', (started: { url: string }) =>
      resolve({
        url: started.url,
        close: () =>
          new Promise((done) => {
            child.once('message', (counts: S4HanaCounts) => done(counts))
            child.send('close')
          }),
      }),
    )
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { batches, record } = JSON.parse(process.argv[2] ?? '{}') as { batches: number; record: boolean }
  const sap = await startS4Hana({
    basic: credentials,
    batches: Array.from({ length: batches }, (_, index) => ({
      material: 'COMPRESSOR',
      batch: batchNumber(index),
    })),
    requestLog: record ? 1_000_000 : 0,
  })
  process.on('message', async () => {
    const state = sap.state()
    const counts: S4HanaCounts = {
      requests: sap.requestCount,
      tokensFetched: sap.tokensFetched,
      heldBatches: state.batches.filter((batch) => batch.MatlBatchIsInRstrcdUseStock === true).length,
      notifications: state.notifications.length,
      recorded: sap.requests.map(({ method, target, rawHeaders, text }) => ({
        ...{ method, target, rawHeaders, text },
      })),
    }
    process.send?.(counts, undefined, {}, () => process.disconnect())
    await sap.close()
  })
  process.send?.({ url: sap.url })
}
