import type { Store } from '../connector/store.js'
import { Periodic } from './periodic.js'
import type { SteadyClock } from './steady-clock.js'

const keptName = 'clock'
const keepMs = 600_000
/** Of real time: a replay leaps through years in seconds. */
const seldomMs = 1000

/**
 * Time goes on over restarts: how far it has come is written down every ten minutes, and besides with each entry of the
 * journal and each line of the audit log. What was approved while the clock ran ahead is due at once, then, and not when
 * a clock that was set right has come so far.
 */
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
    this.#clock.notBefore(Math.max(journalAt, this.#kept, await this.#auditedAt()))
    this.#periodic.start()
  }

  async stop(): Promise<void> {
    await this.#periodic.stop()
  }

  /** The latest instant at the ends of the audit chains. */
  async #auditedAt(): Promise<number> {
    const { audit } = this.#store
    let latest = 0
    for (const { tenant, sequence } of await audit.heads()) {
      const [line] = await audit.read(tenant, sequence, 1)
      latest = Math.max(latest, instantIn(line?.text ?? ''))
    }
    return latest
  }

  async #keep(): Promise<void> {
    const at = this.#clock.now()
    if (at <= this.#kept || performance.now() - this.#keptAt < seldomMs) return
    this.#keptAt = performance.now()
    await this.#store.transaction((transaction) => transaction.keep(keptName, { at }))
    this.#kept = at
  }
}

/** When a line of the audit log was written (epoch ms); 0 where it does not say so: checking the log is another matter. */
function instantIn(line: string): number {
  try {
    const said: unknown = JSON.parse(line)
    const at = typeof said === 'object' && said !== null && 'at' in said ? Date.parse(String(said.at)) : 0
    return Number.isFinite(at) ? at : 0
  } catch {
    return 0
  }
}
