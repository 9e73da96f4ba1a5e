import type { Clock } from '../connector/clock.js'

/** Runs `work` every `milliseconds` of the clock, never twice at once; `stop` waits for the one under way. */
export class Periodic {
  readonly #clock: Clock
  readonly #milliseconds: number
  readonly #work: () => Promise<void>
  readonly #failed: (error: unknown) => void
  #cancel: (() => void) | undefined
  #running: Promise<void> = Promise.resolve()
  #stopped = true

  constructor(
    clock: Clock,
    milliseconds: number,
    work: () => Promise<void>,
    failed: (error: unknown) => void,
  ) {
    this.#clock = clock
    this.#milliseconds = milliseconds
    this.#work = work
    this.#failed = failed
  }

  start(): void {
    this.#stopped = false
    this.#schedule()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#cancel?.()
    await this.#running
  }

  #schedule(): void {
    if (this.#stopped) return
    this.#cancel = this.#clock.setTimer(this.#milliseconds, () => {
      this.#running = this.#work()
        .catch(this.#failed)
        .finally(() => this.#schedule())
    })
  }
}
