import { randomUUID } from 'node:crypto'
import type { Clock } from '../../connector/clock.js'
import type { Claim } from '../../connector/shared-store.js'
import type { Sink } from '../../connector/sink.js'
import type { Store } from '../../connector/store.js'
import { AndonError, isAndonError, problemOf } from '../../errors/index.js'
import { pause } from '../pause.js'
import { SinkFeed } from './sink-feed.js'

export interface SinkStageOptions {
  readonly name: string
  readonly sink: Sink
  readonly store: Store
  readonly clock: Clock
  readonly failed: (error: AndonError) => void
}

/** What is written beside this process's own events is found after this at the latest (ms). */
const lookMs = 1000
const shortestPause = 500
const longestPause = 60_000
/** A sink is one worker's at a time, or each event would leave once for every worker (ms). */
const claimMs = 30_000

/**
 * Delivers the audit log to one sink: at least once, each tenant's lines in their order. How far it got is in the store,
 * so a process that comes up after a crash goes on there; what was published and not yet noted comes again, with the
 * same ids. A sink that fails is tried again with growing pauses and holds up nothing but itself.
 */
export class SinkStage {
  readonly #options: SinkStageOptions
  readonly #feed: SinkFeed
  readonly #owner = randomUUID()
  /** Ends the waiting; what is there is still delivered. */
  readonly #ending = new AbortController()
  /** Ends the delivery as well. */
  readonly #stop = new AbortController()
  #wake = Promise.withResolvers<void>()
  #claim: Claim | undefined
  #renewedAt = 0
  #problem: string | undefined
  #running: Promise<void> = Promise.resolve()

  constructor(options: SinkStageOptions) {
    this.#options = options
    this.#feed = new SinkFeed(options.store, options.name)
  }

  get name(): string {
    return this.#options.name
  }

  start(): void {
    this.#running = this.#run()
  }

  /** Something has happened. */
  wake(): void {
    this.#wake.resolve()
  }

  /** Delivers what is there, unless the sink fails or `graceMs` of the clock pass, and ends. */
  async stop(graceMs: number): Promise<void> {
    this.#ending.abort()
    this.#wake.resolve()
    const cancelGrace = this.#options.clock.setTimer(graceMs, () => this.#stop.abort())
    const stopped = new Promise<void>((resolve) => {
      this.#stop.signal.addEventListener('abort', () => resolve(), { once: true })
    })
    await Promise.race([this.#running, stopped])
    cancelGrace()
    this.#stop.abort()
  }

  async health(): Promise<{ readonly ok: boolean; readonly detail?: string; readonly behind: number }> {
    const { sink } = this.#options
    const behind = await this.#feed.behind()
    if (this.#problem !== undefined) return { ok: false, detail: this.#problem, behind }
    const health = await sink.check?.().catch((error: unknown) => ({ ok: false, detail: problemOf(error) }))
    return { ...(health ?? { ok: true }), behind }
  }

  async #run(): Promise<void> {
    const { clock } = this.#options
    for (let failures = 0; !this.#stop.signal.aborted; ) {
      this.#wake = Promise.withResolvers()
      try {
        const isMine = await this.#claimed()
        const delivered = isMine && (await this.#deliver())
        this.#problem = undefined
        failures = 0
        if (delivered) continue
        if (this.#ending.signal.aborted) break
        await this.#woken()
      } catch (error) {
        if (this.#stop.signal.aborted) break
        this.#report(error)
        if (this.#ending.signal.aborted) break
        const wait = Math.min(longestPause, shortestPause * 2 ** failures++)
        await pause(clock, wait, this.#ending.signal)
      }
    }
    await this.#release()
  }

  /** @returns whether there was anything */
  async #deliver(): Promise<boolean> {
    const { sink } = this.#options
    let any = false
    for await (const { tenant, events, upTo } of this.#feed.pages()) {
      if (this.#stop.signal.aborted) return any
      await sink.publish(events)
      await this.#feed.keep(tenant, upTo, this.#claim)
      any = true
    }
    return any
  }

  async #woken(): Promise<void> {
    const { clock } = this.#options
    const waited = new AbortController()
    await Promise.race([this.#wake.promise, pause(clock, lookMs, waited.signal)])
    waited.abort()
  }

  /** True where the sink is this worker's: always, when nobody shares the store. */
  async #claimed(): Promise<boolean> {
    const { store, clock, name } = this.#options
    const { shared } = store
    if (shared === undefined) return true
    const now = clock.now()
    if (this.#claim !== undefined) {
      if (now - this.#renewedAt < claimMs / 3) return true
      this.#renewedAt = now
      if (await shared.renew(this.#claim, claimMs)) return true
    }
    this.#claim = await shared.claim({
      ...{ name: `sink/${name}`, owner: this.#owner, ttlMs: claimMs },
      from: 'free',
    })
    this.#renewedAt = now
    this.#feed.forget()
    return this.#claim !== undefined
  }

  async #release(): Promise<void> {
    if (this.#claim === undefined) return
    // Left as it is it ends by itself, a little later.
    await this.#options.store.shared?.release(this.#claim).catch(() => undefined)
  }

  #report(cause: unknown): void {
    const { name, failed } = this.#options
    this.#problem = problemOf(cause)
    // What was remembered may be wrong after a failure to note it.
    this.#feed.forget()
    this.#claim = undefined
    const details = { sink: name, problem: this.#problem }
    failed(isAndonError(cause) ? cause : new AndonError('SINK_FAILED', { details, cause }))
  }
}
