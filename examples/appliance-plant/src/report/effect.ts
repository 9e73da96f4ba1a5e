import { day, end, start } from '../calendar.js'
import { meanPerHour } from '../story/ledger.js'
import { isLineHold } from '../story/line-hold.js'
import type { Outcome } from '../story/simulate.js'

/** Complaints per hour in three windows around the hold. */
export interface Fall {
  /** The 24 hours before the hold. */
  readonly before: number
  /** The 48 hours after it, in which units that customers had already still fail. */
  readonly settling: number
  /** The last 48 hours. */
  readonly after: number
}

export interface Effect {
  /** When the bad batch was held (epoch ms); undefined when it was not. */
  readonly heldAt: number | undefined
  readonly badBatch: Fall
  /** All complaints; the other findings come and go in it. */
  readonly all: Fall
}

export function effectOf({ actions, ledger }: Pick<Outcome, 'actions' | 'ledger'>): Effect {
  const held = [...actions.values()].find((action) => isLineHold(action) && action.status === 'succeeded')
  const at = held?.createdAt
  const fall = (perHour: readonly number[]): Fall => ({
    before: at === undefined ? meanPerHour(perHour, start, end) : meanPerHour(perHour, at - day, at),
    settling: at === undefined ? 0 : meanPerHour(perHour, at, Math.min(at + 2 * day, end)),
    after: meanPerHour(perHour, end - 2 * day, end),
  })
  return { heldAt: at, badBatch: fall(ledger.batchComplaints), all: fall(ledger.complaints) }
}
