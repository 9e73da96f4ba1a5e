import type { Store } from '../connector/store.js'
import { Periodic } from './periodic.js'
import type { SteadyClock } from './steady-clock.js'

const keptName = 'clock'
const keepMs = 600_000
/** Of real time: a replay leaps through years in seconds. */
const seldomMs = 1000

/** Time goes on over restarts: how far it has come is written down every ten minutes, as the journal does with each entry. */
export class KeptTime {
  readonly #store: Store
  readonly #clock: SteadyClock
  readonly #periodic: Periodic
  #kept = 0
  #keptAt = Number.NEGATIVE_INFINITY

  constructor(store: Store, clock: SteadyClock, failed: (error: unknown) => void) {
    this.#store = store
    this.#clock = clock
    this.#periodic = new Periodic(clock, keepMs, () => this.#keep(), failed)
  }

  /** @param journalAt instant of the journal's last entry (epoch ms) */
  async recover(journalAt: number): Promise<void> {
    const kept = (await this.#store.kept(keptName))?.at
    this.#kept = typeof kept === 'number' ? kept : 0
    this.#clock.notBefore(Math.max(journalAt, this.#kept))
    this.#periodic.start()
  }

  async stop(): Promise<void> {
    await this.#periodic.stop()
  }

  async #keep(): Promise<void> {
    const at = this.#clock.now()
    if (at <= this.#kept || performance.now() - this.#keptAt < seldomMs) return
    this.#keptAt = performance.now()
    await this.#store.transaction((transaction) => transaction.keep(keptName, { at }))
    this.#kept = at
  }
}
