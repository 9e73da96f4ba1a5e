import { EventEmitter } from 'eventemitter3'
import type { Logger } from '../connector/logger.js'
import { AndonError, isAndonError, problemOf } from '../errors/index.js'
import type { AndonEvents, Warning } from './events.js'

/** Tells the host what happens, by events and by its logger. */
export class Announcer {
  readonly #events = new EventEmitter<AndonEvents>()
  readonly #logger: Logger

  constructor(logger: Logger) {
    this.#logger = logger
  }

  on<E extends keyof AndonEvents>(
    event: E,
    listener: EventEmitter.EventListener<AndonEvents, E>,
  ): () => void {
    this.#events.on(event, listener)
    return () => this.#events.off(event, listener)
  }

  isHeard(event: keyof AndonEvents): boolean {
    return this.#events.listenerCount(event) > 0
  }

  /** A listener is the host's code: when it throws the loop goes on, and nothing is done twice. */
  readonly tell = <E extends keyof AndonEvents>(
    event: E,
    ...about: EventEmitter.EventArgs<AndonEvents, E>
  ): void => {
    try {
      this.#events.emit(event, ...about)
    } catch (error) {
      this.#logger.error({ event }, `A listener of "${event}" threw: ${problemOf(error)}`)
    }
  }

  readonly warn = (warning: Warning): void => {
    this.#logger.warn({ code: warning.code }, warning.text.en)
    this.tell('warning', warning)
  }

  readonly failed = (cause: unknown): void => {
    const error = isAndonError(cause)
      ? cause
      : new AndonError('STORE_FAILED', { details: { operation: 'go on', problem: problemOf(cause) }, cause })
    this.#logger.error({ code: error.code }, error.message)
    this.tell('error', error)
  }

  close(): void {
    this.#events.removeAllListeners()
  }
}
