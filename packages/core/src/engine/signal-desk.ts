import type { Clock } from '../connector/clock.js'
import type { Store } from '../connector/store.js'
import { AndonError } from '../errors/index.js'
import { signalMoved } from '../signal/life.js'
import type { Signal, SignalStatus } from '../signal/signal.js'
import { takeSignalSteps } from './signal-steps.js'

/** What a customer quality engineer does with signals. */
export interface SignalDesk {
  get: Store['signals']['get']
  /** Oldest first. */
  list: Store['signals']['list']
  acknowledge(id: string): Promise<Signal>
  close(id: string): Promise<Signal>
  /** Not a problem: it gathers evidence, but never acts again. */
  dismiss(id: string): Promise<Signal>
}

export function signalDesk(store: Store, clock: Clock, changed: (signal: Signal) => void): SignalDesk {
  async function move(id: string, to: SignalStatus): Promise<Signal> {
    const signal = await store.transaction(async (transaction) => {
      const current = await transaction.getSignal(id)
      if (current === undefined) throw new AndonError('NOT_FOUND', { details: { kind: 'signal', id } })
      const next = signalMoved(current, to, clock.now())
      await takeSignalSteps(transaction, [{ before: current, after: next }])
      return next
    })
    changed(signal)
    return signal
  }
  return {
    get: (id) => store.signals.get(id),
    list: (options) => store.signals.list(options),
    acknowledge: (id) => move(id, 'acknowledged'),
    close: (id) => move(id, 'closed'),
    dismiss: (id) => move(id, 'dismissed'),
  }
}
