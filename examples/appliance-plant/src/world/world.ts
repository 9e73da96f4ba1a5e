import { hour, start } from '../calendar.js'
import type { Message } from '../customers/message.js'
import { writeMessage } from '../customers/write.js'
import { drawFrom } from '../random.js'
import { type Occasion, occasionsOf, olderOccasions } from './failures.js'
import { assemblyLine } from './line.js'
import type { PlantTerminal } from './plant-terminal.js'
import { deliveries, secrets } from './setup.js'
import type { Unit } from './unit.js'
import { warehouse } from './warehouse.js'

/** Plant and customers, moved on in steps. */
export interface World {
  /** Builds, ships, lets things fail; returns what was written in (from, to], oldest first. */
  live(from: number, to: number): Promise<readonly Message[]>
  readonly figures: Figures
}

export interface Figures {
  built: number
  delivered: number
  /** Of them with the bad compressor. */
  badBuilt: number
  badDelivered: number
  /** Finished units that a hold keeps from customers. */
  stopped: number
  reworked: number
}

/** Messages an hour about refrigerators of earlier years. */
const olderRate = 3.5

interface Pending extends Occasion {
  readonly unit: Unit | undefined
}

/** @param onBuilt is told of every unit that leaves the line, for the traceability records */
export function openWorld(
  seed: number,
  terminal: PlantTerminal,
  onBuilt: (units: readonly Unit[]) => void,
): World {
  const build = assemblyLine(seed, terminal)
  const store = warehouse(terminal)
  const figures: Figures = { built: 0, delivered: 0, badBuilt: 0, badDelivered: 0, stopped: 0, reworked: 0 }
  let pending: Pending[] = []
  let arrivals = deliveries.filter(({ after }) => after > 0)
  let written = 0

  const isBad = ({ batches }: Unit): boolean => batches.compressor === secrets.compressorBatch

  async function work(at: number): Promise<void> {
    for (const { batch, component, quantity } of arrivals.filter(({ after }) => start + after <= at)) {
      await terminal.receive(batch, component, quantity)
    }
    arrivals = arrivals.filter(({ after }) => start + after > at)
    const units = await build(at)
    onBuilt(units)
    store.store(units)
    const delivered = await store.deliver(at)
    for (const unit of delivered) {
      pending.push(...occasionsOf(seed, unit, at).map((occasion) => ({ ...occasion, unit })))
    }
    figures.built += units.length
    figures.badBuilt += units.filter(isBad).length
    figures.delivered += delivered.length
    figures.badDelivered += delivered.filter(isBad).length
    figures.stopped = store.stopped
    figures.reworked = store.reworked
  }

  return {
    figures,
    async live(from, to) {
      // The plant works by the hour.
      for (let at = Math.ceil((from + 1) / hour) * hour; at <= to; at += hour) await work(at)
      const older = olderOccasions(drawFrom(seed, `older/${from}`), from, to - from, olderRate)
      pending.push(...older.map((occasion) => ({ ...occasion, unit: undefined })))
      const due = pending.filter(({ at }) => at <= to).sort((a, b) => a.at - b.at)
      pending = pending.filter(({ at }) => at > to)
      return due.map(({ unit, ...occasion }) => {
        written += 1
        return writeMessage(seed, written, occasion, unit)
      })
    },
  }
}
