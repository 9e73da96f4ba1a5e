import { setTimeout as pause } from 'node:timers/promises'
import type { S4Hana, VirtualClock } from '@andon/testkit'

/** Runs work whose requests may never be answered: as soon as the system is silent, the clock moves past the time limit. */
export async function patient<T>(sap: S4Hana, clock: VirtualClock, work: () => Promise<T>): Promise<T> {
  let over = false
  const result = work().finally(() => {
    over = true
  })
  result.catch(() => undefined)
  let silences = silencesOf(sap)
  while (!over) {
    await pause(1)
    if (silencesOf(sap) > silences) {
      silences += 1
      await clock.advance(60_000)
    }
  }
  return result
}

const silencesOf = (sap: S4Hana): number => sap.requests.filter(({ outcome }) => outcome === 'silence').length
