import type { Action } from '../action/action.js'
import type { ActionKind } from '../action/kinds/kind.js'
import type { Clock } from '../connector/clock.js'
import type { Store, StoreTransaction } from '../connector/store.js'
import type { Signal } from '../signal/signal.js'
import { containedBy, nextVerification, type VerificationPlan, verified } from '../signal/verification.js'

export interface VerificationOptions {
  readonly store: Store
  readonly clock: Clock
  readonly changed: (signal: Signal) => void
  readonly failed: (error: unknown) => void
  /** Told whenever it could look at what was due. */
  readonly worked: () => void
}

const longestTimer = 3_600_000
const retryMs = 1000

/** Verification looks at contained signals when their time has come and gives the verdict. */
export class VerificationStage {
  readonly #options: VerificationOptions
  readonly #due = new Map<string, number>()
  #cancel: (() => void) | undefined
  #nextLook = Number.POSITIVE_INFINITY
  #running: Promise<void> = Promise.resolve()
  #stopped = false

  constructor(options: VerificationOptions) {
    this.#options = options
  }

  async recover(): Promise<void> {
    const waiting = await this.#options.store.signals.list({
      status: ['contained', 'verifying'],
      limit: 100_000,
    })
    for (const signal of waiting) this.watch(signal)
  }

  /** Takes note of a signal that has changed. */
  watch(signal: Signal): void {
    const due = nextVerification(signal)
    if (due === undefined) this.#due.delete(signal.id)
    else this.#due.set(signal.id, due)
    if (due !== undefined && due < this.#nextLook) this.#schedule()
  }

  async settle(): Promise<void> {
    await this.#running
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancel?.()
    await this.#running
  }

  /** @param soonest not before so many ms, for what has just failed */
  #schedule(soonest = 0): void {
    this.#cancel?.()
    this.#cancel = undefined
    this.#nextLook = Number.POSITIVE_INFINITY
    if (this.#stopped || this.#due.size === 0) return
    this.#nextLook = [...this.#due.values()].reduce((first, due) => Math.min(first, due))
    const wait = this.#nextLook - this.#options.clock.now()
    this.#cancel = this.#options.clock.setTimer(Math.min(longestTimer, Math.max(soonest, wait)), () => {
      this.#running = this.#judge().then(
        () => {
          this.#options.worked()
          this.#schedule()
        },
        (error: unknown) => {
          this.#options.failed(error)
          this.#schedule(retryMs)
        },
      )
    })
  }

  async #judge(): Promise<void> {
    const { store, clock, changed } = this.#options
    const now = clock.now()
    const ids = [...this.#due].filter(([, due]) => due <= now).map(([id]) => id)
    for (const id of ids) {
      const signal = await store.transaction(async (transaction) => {
        const current = await transaction.getSignal(id)
        const next = current && verified(current, now)
        if (next !== undefined) await transaction.putSignals([next])
        return next ?? current
      })
      this.#due.delete(id)
      if (signal !== undefined) {
        changed(signal)
        this.watch(signal)
      }
    }
  }
}

/** A production action that succeeded contains its signal and starts the test of its effect. */
export async function containSignal(
  transaction: StoreTransaction,
  action: Action,
  kind: ActionKind | undefined,
  plan: VerificationPlan,
  now: number,
): Promise<Signal | undefined> {
  if (kind?.production !== true) return undefined
  const signal = await transaction.getSignal(action.signalId)
  const contained = signal && containedBy(signal, action, now, plan)
  if (contained !== undefined) await transaction.putSignals([contained])
  return contained
}
