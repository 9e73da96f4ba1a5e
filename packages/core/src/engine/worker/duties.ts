import type { Clock } from '../../connector/clock.js'
import type { Claim, SharedStore } from '../../connector/shared-store.js'
import { Periodic } from '../periodic.js'

export interface DutiesOptions {
  readonly shared: SharedStore
  readonly clock: Clock
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

/**
 * Duties that one worker at a time has for all of them, e.g. to speak to a target: within it, locks, rates and circuit
 * breakers hold as in a single process. Whoever cannot renew in time gives up before another may take over.
 */
export class Duties {
  readonly #options: DutiesOptions
  readonly #held = new Map<string, { readonly claim: Claim; readonly renewedAt: number }>()
  readonly #periodic: Periodic
  #stopped = false

  constructor(options: DutiesOptions) {
    this.#options = options
    this.#periodic = new Periodic(options.clock, renewMs, () => this.#look(), options.failed)
  }

  has(name: string): boolean {
    return this.#held.has(name)
  }

  /** Takes what is free now, and looks every few seconds from then on. */
  async start(): Promise<void> {
    await this.#look()
    this.#periodic.start()
  }

  /** Takes on nothing more; what it has it keeps until `release`. */
  async stop(): Promise<void> {
    this.#stopped = true
    await this.#periodic.stop()
  }

  /** Lets others take over at once. */
  async release(): Promise<void> {
    const held = [...this.#held.values()]
    this.#held.clear()
    await Promise.all(held.map(({ claim }) => this.#options.shared.release(claim)))
  }

  async #look(): Promise<void> {
    const { names, failed } = this.#options
    const looks = await Promise.allSettled(names.map((name) => this.#lookAt(name)))
    for (const look of looks) if (look.status === 'rejected') failed(look.reason)
    this.#giveUpStale()
  }

  async #lookAt(name: string): Promise<void> {
    const { shared, owner, gained } = this.#options
    const held = this.#held.get(name)
    const before = performance.now()
    if (held !== undefined) {
      if (await shared.renew(held.claim, ttlMs)) {
        if (this.#held.has(name)) this.#held.set(name, { claim: held.claim, renewedAt: before })
      } else this.#lose(name)
      return
    }
    const claim = this.#stopped
      ? undefined
      : await shared.claim({ name: `duty/${name}`, owner, ttlMs, from: 'free' })
    if (claim === undefined) return
    this.#held.set(name, { claim, renewedAt: before })
    gained(name)
  }

  /** The store has not answered for nearly as long as the claim lasts: another may have it any moment. */
  #giveUpStale(): void {
    for (const [name, { renewedAt }] of this.#held) {
      if (performance.now() - renewedAt > ttlMs - renewMs) this.#lose(name)
    }
  }

  #lose(name: string): void {
    if (this.#held.delete(name)) this.#options.lost(name)
  }
}
