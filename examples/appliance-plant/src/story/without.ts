import { end, start, step } from '../calendar.js'
import { leapClock } from '../clock.js'
import { openSite } from '../world/site.js'
import { type Figures, openWorld } from '../world/world.js'
import { countComplaint, openLedger } from './ledger.js'

export interface Without {
  readonly figures: Readonly<Figures>
  /** Complaints per hour since the start: all, and those of the bad compressor batch. */
  readonly complaints: readonly number[]
  readonly batchComplaints: readonly number[]
}

/** The same plant, customers and seed when nobody listens: what would have happened. */
export async function simulateWithout(seed: number): Promise<Without> {
  const clock = leapClock(start)
  const site = await openSite(clock)
  try {
    const world = openWorld(seed, site.terminal, () => undefined)
    const ledger = openLedger()
    for (let now = start; now < end; now += step) {
      clock.leapTo(now + step)
      for (const message of await world.live(now, now + step)) countComplaint(ledger, message)
    }
    const { complaints, batchComplaints } = ledger
    return { figures: world.figures, complaints, batchComplaints }
  } finally {
    await site.close()
  }
}
