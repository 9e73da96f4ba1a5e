import { batchesInRework } from './line.js'
import type { PlantTerminal } from './plant-terminal.js'
import type { Unit } from './unit.js'

export interface Warehouse {
  store(units: readonly Unit[]): void
  /**
   * What reaches customers by `at`. Nothing with a held batch in it leaves or is handed over; what a rework
   * order is about gets another mainboard first.
   */
  deliver(at: number): Promise<readonly Unit[]>
  /** Units that stand still because a batch in them is held, and how many were reworked. */
  readonly stopped: number
  readonly reworked: number
}

/** Finished goods between the line and the customer's door. */
export function warehouse(terminal: PlantTerminal): Warehouse {
  let waiting: readonly Unit[] = []
  let stopped = 0
  let reworked = 0

  /** Exchanges the mainboards, with boards out of a batch that is neither held nor reworked itself. */
  async function rework(units: readonly Unit[]): Promise<void> {
    const orders = await terminal.orders()
    const wanted = batchesInRework(orders)
    const affected = units.filter(({ batches }) => wanted.has(batches.mainboard))
    if (affected.length === 0) return
    const order = orders.find(({ kind, status }) => kind === 'rework' && status !== 'cancelled')
    if (order === undefined) return
    if (order.status === 'planned') await terminal.releaseOrder(order.id)
    const boards = (await terminal.batches()).filter(
      ({ batch, component, status }) => component === 'mainboard' && status === 'free' && !wanted.has(batch),
    )
    for (const { batch } of boards) {
      if (!(await terminal.consume(order.id, batch, affected.length))) continue
      for (const unit of affected) unit.batches = { ...unit.batches, mainboard: batch }
      reworked += affected.length
      return
    }
  }

  return {
    store(units) {
      waiting = [...waiting, ...units]
    },
    async deliver(at) {
      const held = new Set(
        (await terminal.batches()).filter(({ status }) => status === 'held').map(({ batch }) => batch),
      )
      await rework(waiting)
      const isStopped = ({ batches }: Unit): boolean =>
        Object.values(batches).some((batch) => held.has(batch))
      const arrives = (unit: Unit): boolean => unit.readyAt + unit.transport <= at && !isStopped(unit)
      const arrived = waiting.filter(arrives)
      waiting = waiting.filter((unit) => !arrives(unit))
      stopped = waiting.filter(isStopped).length
      return arrived
    },
    get stopped() {
      return stopped
    },
    get reworked() {
      return reworked
    },
  }
}
