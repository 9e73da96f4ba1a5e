import { fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { startSalesforce } from '@andon/testkit'

/** What people do in the org. */
export type OrgWork =
  /** So many changes, as fast as it goes. */
  | { readonly kind: 'burst'; readonly changes: number }
  /** So many, evenly, each with the instant of the change as the last word of its subject (ns, monotonic). */
  | { readonly kind: 'steady'; readonly changes: number; readonly perSecond: number }
  /** Nothing: tells how many streams are open. */
  | { readonly kind: 'look' }

/** A simulated org in a process of its own, as a real one is: its work is not counted as ours. */
export interface SalesforceProcess {
  readonly url: string
  readonly endpoint: string
  /** Resolves when it is done. */
  work(work: OrgWork): Promise<{ readonly streams: number }>
  close(): void
}

/** Made by whoever has the same machine: CLOCK_MONOTONIC is one for all processes. */
export const nanoseconds = (): bigint => process.hrtime.bigint()

/** @param cases how many there are, with some 500 characters each */
export function salesforceProcess(cases: number): Promise<SalesforceProcess> {
  const child = fork(fileURLToPath(import.meta.url), [String(cases)], {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('message', (started: { url: string; endpoint: string }) =>
      resolve({
        ...started,
        work: (work) =>
          new Promise((done) => {
            child.once('message', (told: { streams: number }) => done(told))
            child.send(work)
          }),
        close: () => child.disconnect(),
      }),
    )
  })
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const org = await startSalesforce({ apiCallsPerDay: 100_000_000, changeLog: 0, requestLog: 0 })
  const ids = Array.from({ length: Number(process.argv[2]) }, (_, number) =>
    org.create('Case', { Subject: `case ${number}`, Description: 'It does not cool. '.repeat(28) }),
  )
  let made = 0
  const change = (subject: string): void => {
    org.update('Case', ids[made % ids.length] ?? '', { Subject: subject })
    made += 1
  }
  const steadily = async (changes: number, perSecond: number): Promise<void> => {
    const begun = performance.now()
    for (let done = 0; done < changes; done += 1) {
      const wait = begun + (done * 1000) / perSecond - performance.now()
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait))
      change(`steady ${done} ${nanoseconds()}`)
    }
  }
  process.on('message', async (work: OrgWork) => {
    if (work.kind === 'burst') for (let left = work.changes; left > 0; left -= 1) change(`change ${left}`)
    if (work.kind === 'steady') await steadily(work.changes, work.perSecond)
    process.send?.({ streams: org.events.streams })
  })
  process.on('disconnect', () => void org.close())
  process.send?.({ url: org.url, endpoint: `http://${org.pubSubEndpoint}` })
}
