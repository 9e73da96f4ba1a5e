import type { DatabaseSync } from 'node:sqlite'
import type { StoreTransaction } from '../../connector/store.js'
import { frozen } from '../../frozen.js'
import type { Signal } from '../../signal/signal.js'
import { bodyOf } from './row.js'
import { signalText } from './signal-row.js'

/** Of all signals that are remembered together, in characters of their bodies. */
const mostRemembered = 16_000_000

/**
 * The write side of signals. A signal is read and written with every finding and every action of it: those that were
 * written last are remembered, as only one process writes this file.
 */
export function signalWriting(database: DatabaseSync): Pick<
  StoreTransaction,
  'putSignals' | 'getSignal' | 'findSignals'
> & {
  /** A work was taken back: what it wrote is forgotten. */
  takenBack(): void
} {
  const put = database.prepare(
    `INSERT INTO signals (id, tenant, fingerprint, status, opened_at, body) VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO UPDATE SET
       status = excluded.status, body = excluded.body`,
  )
  const get = database.prepare('SELECT body FROM signals WHERE id = ?')
  const find = database.prepare('SELECT body FROM signals WHERE fingerprint = ?')
  const recent = new RecentSignals()
  return {
    async putSignals(signals) {
      for (const signal of signals) {
        const { id, tenant, fingerprint, status, openedAt } = signal
        const body = signalText(frozen(signal))
        put.run(id, tenant, fingerprint, status, openedAt, body)
        recent.add(signal, body.length)
      }
    },
    async getSignal(id) {
      return recent.get(id) ?? recent.read(get.get(id))
    },
    async findSignals(fingerprints) {
      return fingerprints.flatMap(
        (fingerprint) => recent.find(fingerprint) ?? recent.read(find.get(fingerprint)) ?? [],
      )
    },
    takenBack: () => recent.clear(),
  }
}

/** What was written or read last, as it stands on disk; the oldest goes first. Nobody can change what is in it. */
class RecentSignals {
  readonly #byId = new Map<string, { readonly signal: Signal; readonly size: number }>()
  readonly #ids = new Map<string, string>()
  #size = 0

  get(id: string): Signal | undefined {
    return this.#byId.get(id)?.signal
  }

  find(fingerprint: string): Signal | undefined {
    return this.get(this.#ids.get(fingerprint) ?? '')
  }

  read(row: Record<string, unknown> | undefined): Signal | undefined {
    const signal = bodyOf<Signal>(row)
    if (signal !== undefined) this.add(frozen(signal), String(row?.body).length)
    return signal
  }

  add(signal: Signal, size: number): void {
    this.#forget(signal.id)
    this.#byId.set(signal.id, { signal, size })
    this.#ids.set(signal.fingerprint, signal.id)
    this.#size += size
    for (const id of this.#byId.keys()) {
      if (this.#size <= mostRemembered) break
      this.#forget(id)
    }
  }

  #forget(id: string): void {
    const known = this.#byId.get(id)
    if (known === undefined) return
    this.#byId.delete(id)
    this.#ids.delete(known.signal.fingerprint)
    this.#size -= known.size
  }

  clear(): void {
    this.#byId.clear()
    this.#ids.clear()
    this.#size = 0
  }
}
