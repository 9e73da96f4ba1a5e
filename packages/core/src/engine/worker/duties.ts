import type { Clock } from '../../connector/clock.js'
import type { Claim, SharedStore } from '../../connector/shared-store.js'
import { Periodic } from '../periodic.js'

export interface DutiesOptions {
  readonly shared: SharedStore
  readonly clock: Clock
  /** Time that passes evenly (ms), as claims run out in it, whatever the clock shows. */
  readonly elapsed: () => number
  /** This worker's own name. */
  readonly owner: string
  /** What one worker does for all, each under a name. */
  readonly names: readonly string[]
  readonly gained: (name: string) => void
  readonly lost: (name: string) => void
  readonly failed: (error: unknown) => void
}

/** Others may take a duty over when its worker has been silent for so long (ms). */
const ttlMs = 12_000
const renewMs = 3000
const watchMs = 500

interface Held {
  readonly claim: Claim
  /** When the store was last asked and said yes. */
  readonly confirmedAt: number
}

/**
 * Duties that one worker at a time has for all of them, e.g. to speak to a target: within it, locks, rates and circuit
 * breakers hold as in a single process. Whoever cannot renew in time gives up before another may take over.
 */
export class Duties {
  readonly #options: DutiesOptions
  readonly #held = new Map<string, Held>()
  readonly #looking: Periodic
  readonly #watching: Periodic
  #stopped = false

  constructor(options: DutiesOptions) {
    this.#options = options
    const { clock, failed } = options
    this.#looking = new Periodic(clock, renewMs, () => this.#look(), failed)
    this.#watching = new Periodic(clock, watchMs, () => this.#giveUpStale(), failed)
  }

  /** Not when the store has not confirmed it for nearly as long as the claim lasts: another may have it any moment. */
  has(name: string): boolean {
    const held = this.#held.get(name)
    return held !== undefined && !this.#isStale(held)
  }

  /** Those it has. */
  get held(): readonly string[] {
    return [...this.#held.keys()].filter((name) => this.has(name))
  }

  /** Takes what is free now, and looks every few seconds from then on. */
  async start(): Promise<void> {
    this.#watching.start()
    await this.#look()
    this.#looking.start()
  }

  /** Takes on nothing more; what it has it keeps until `release`. */
  stop(): void {
    this.#stopped = true
  }

  /** Lets others take over at once. */
  async release(): Promise<void> {
    this.#stopped = true
    await this.#watching.stop()
    const held = [...this.#held.values()]
    this.#held.clear()
    await this.#looking.stop()
    await Promise.all(held.map(({ claim }) => this.#options.shared.release(claim)))
  }

  async #look(): Promise<void> {
    const { names, failed } = this.#options
    const looks = await Promise.allSettled(names.map((name) => this.#lookAt(name)))
    for (const look of looks) if (look.status === 'rejected') failed(look.reason)
  }

  async #lookAt(name: string): Promise<void> {
    const { shared, owner, gained, elapsed } = this.#options
    const held = this.#held.get(name)
    const confirmedAt = elapsed()
    if (held !== undefined) {
      const isOurs = await shared.renew(held.claim, ttlMs)
      // It was given up meanwhile.
      if (this.#held.get(name) !== held) return
      if (isOurs) this.#held.set(name, { claim: held.claim, confirmedAt })
      else this.#lose(name)
      return
    }
    if (this.#stopped) return
    const claim = await shared.claim({ name: `duty/${name}`, owner, ttlMs, from: 'free' })
    if (claim === undefined) return
    const fresh = { claim, confirmedAt }
    if (this.#stopped || this.#isStale(fresh)) await shared.release(claim)
    else {
      this.#held.set(name, fresh)
      gained(name)
    }
  }

  async #giveUpStale(): Promise<void> {
    for (const [name, held] of this.#held) if (this.#isStale(held)) this.#lose(name)
  }

  #isStale({ confirmedAt }: Held): boolean {
    return this.#options.elapsed() - confirmedAt > ttlMs - renewMs
  }

  #lose(name: string): void {
    if (this.#held.delete(name)) this.#options.lost(name)
  }
}
