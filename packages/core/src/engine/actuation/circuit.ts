import { ConsecutiveBreaker } from 'cockatiel'
import type { Clock } from '../../connector/clock.js'
import { retryDelay } from './retry-delay.js'

/** So many failures in a row open it. */
const threshold = 5
/** Never asked again sooner than this (ms). */
const shortestRest = 500

/**
 * A circuit breaker: a target that fails again and again is left in peace, and asked now and then whether it is well.
 * When to open is the library's decision; the time runs on the injected clock.
 */
export class Circuit {
  readonly #clock: Clock
  #breaker = new ConsecutiveBreaker(threshold)
  #openings = 0
  #openUntil: number | undefined

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** When it may be asked again (epoch ms); undefined while it is closed. */
  get openUntil(): number | undefined {
    return this.#openUntil
  }

  success(): void {
    this.#breaker = new ConsecutiveBreaker(threshold)
    this.#openings = 0
    this.#openUntil = undefined
  }

  failure(): void {
    if (this.#openUntil === undefined && !this.#breaker.failure()) return
    this.#open()
  }

  /** It was asked whether it is well, and was not. */
  stillUnwell(): void {
    this.#open()
  }

  /** It says that it is well: the next failure opens it again. */
  halfOpen(): void {
    this.#openUntil = undefined
    this.#breaker = new ConsecutiveBreaker(0)
  }

  #open(): void {
    this.#openings += 1
    this.#openUntil = this.#clock.now() + shortestRest + retryDelay(this.#openings)
  }
}
