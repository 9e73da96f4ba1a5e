import type { Clock } from '@andon/core/connector'
import type { WireEvent, WireRequest, WireStream } from './bus.js'
import { type BusFailure, busFailureOf } from './bus-failure.js'

/** The event bus takes at most so many events asked for and not yet delivered. */
const mostPending = 100

export interface StreamMessage {
  readonly events: readonly WireEvent[]
  /** Up to where the topic was told, where a message without events says so; undefined beside events. */
  readonly latest: Uint8Array | undefined
}

export interface EventStreamOptions {
  readonly wire: WireStream
  /** What the first request says beside the number. */
  readonly first: WireRequest
  readonly clock: Clock
  /** With nothing asked for the bus ends a stream after 60 s: let go before (ms). */
  readonly idleMs: number
  /** Without any message for so long the stream counts as dead (ms). */
  readonly silenceMs: number
  /** Called when something may be read, the bus has taken the stream, or it ended. */
  readonly wake: () => void
}

const letGo: BusFailure = { kind: 'passing', code: 'idle', status: 0, text: 'let go: nobody read' }
const silent: BusFailure = { kind: 'passing', code: 'silent', status: 0, text: 'no message in time' }

/**
 * One stream of the event bus. Asks for events only when its reader wants them, so it never holds more than
 * {@link mostPending}; ends by itself when nobody reads or nothing comes.
 */
export class EventStream {
  readonly #options: EventStreamOptions
  readonly #queue: StreamMessage[] = []
  #pending = 0
  #acceptedAt: number | undefined
  #failure: BusFailure | undefined
  #cancelWatch: () => void = () => undefined

  constructor(options: EventStreamOptions) {
    this.#options = options
    const { wire, first } = options
    wire.on('data', ({ events, latestReplayId, commitResponse }) => {
      this.#pending = Math.max(0, this.#pending - events.length)
      const isCommit = commitResponse !== null && commitResponse !== undefined
      if (events.length > 0 || !isCommit) {
        // Beside events the bus may already name what it has not sent. With nothing asked for it may be ahead as well.
        const isAhead = events.length > 0 || this.#pending === 0 || latestReplayId.length === 0
        this.#queue.push({ events, latest: isAhead ? undefined : latestReplayId })
      }
      this.#watch()
      options.wake()
    })
    wire.on('metadata', () => {
      this.#acceptedAt = options.clock.now()
      options.wake()
    })
    wire.on('error', (error: unknown) => this.#end(busFailureOf(error)))
    wire.on('end', () =>
      this.#end({ kind: 'passing', code: 'completed', status: 0, text: 'it was completed' }),
    )
    this.#pending = mostPending
    wire.write({ ...first, numRequested: mostPending })
    this.#watch()
  }

  /** When the bus took the stream (epoch ms); undefined before. */
  get acceptedAt(): number | undefined {
    return this.#acceptedAt
  }

  /** Whether something can be taken. */
  get waiting(): boolean {
    return this.#queue.length > 0
  }

  /** Why it ended; what had come before can still be taken. */
  get failure(): BusFailure | undefined {
    return this.#queue.length === 0 ? this.#failure : undefined
  }

  /** What has come; asks for more, as whoever takes it has finished with what was before. */
  take(): readonly StreamMessage[] {
    const taken = this.#queue.splice(0)
    const more = mostPending - this.#pending
    if (taken.length === 0 && more > 0 && this.#failure === undefined) {
      this.#pending += more
      this.#options.wire.write({ ...this.#options.first, numRequested: more })
      this.#watch()
    }
    return taken
  }

  /** Tells a managed subscription where to go on the next time. */
  commit(replayId: Uint8Array, id: string): void {
    if (this.#failure !== undefined) return
    const commitReplayIdRequest = { commitRequestId: id, replayId }
    this.#options.wire.write({ ...this.#options.first, commitReplayIdRequest })
  }

  close(): void {
    this.#end(letGo)
  }

  #watch(): void {
    this.#cancelWatch()
    if (this.#failure !== undefined) return
    const { clock, idleMs, silenceMs } = this.#options
    this.#cancelWatch =
      this.#pending === 0
        ? clock.setTimer(idleMs, () => this.#end(letGo))
        : clock.setTimer(silenceMs, () => this.#end(silent))
  }

  #end(failure: BusFailure): void {
    if (this.#failure !== undefined) return
    this.#failure = failure
    this.#cancelWatch()
    // It reports its own cancellation; that is no news.
    this.#options.wire.on('error', () => undefined)
    this.#options.wire.cancel()
    this.#options.wake()
  }
}
