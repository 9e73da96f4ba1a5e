import type { Bus } from '../connector/bus.js'
import type { Plugin } from '../connector/plugin.js'
import type { Store } from '../connector/store.js'
import { AndonError } from '../errors/index.js'
import type { Actuation } from './actuation/actuation.js'
import type { Inquiries } from './inquiries.js'
import type { Intake } from './intake.js'
import type { KeptTime } from './kept-time.js'
import type { Periodic } from './periodic.js'
import type { Phases } from './phases.js'
import type { ReaderPool } from './reader-pool.js'
import type { Silences } from './silence-desk.js'
import type { SinkStage } from './sinks/sink-stage.js'
import type { Sources } from './sources.js'
import type { FeedbackStream } from './stream/feedback-stream.js'
import type { VerificationStage } from './verification.js'
import type { Crew } from './worker/crew.js'

/** What begins and ends with a loop. */
export interface LifecycleParts {
  readonly store: Store
  readonly bus: Bus | undefined
  /** Absent where workers have clocks of their own: one that is wrong must not set the others forward. */
  readonly time: KeptTime | undefined
  /** Makes intake over a store that is open; `at` is the instant of its journal's last entry (epoch ms). */
  readonly intake: (at: number) => Promise<Intake>
  readonly availability: { begin(): Promise<void>; keep(): Promise<void> }
  readonly silences: Silences
  readonly phases: Phases
  readonly crew: Crew
  readonly stream: FeedbackStream
  readonly verification: VerificationStage
  readonly actuation: Actuation
  readonly sinks: readonly SinkStage[]
  readonly sources: Sources
  readonly periodic: readonly Periodic[]
  readonly inquiries: Inquiries
  readonly readers: ReaderPool | undefined
  /** Aborted when closing begins: whoever asks or reads stops. */
  readonly stopping: AbortController
  /** Aborted when everything has come in: analysis, too, gives up what fails. */
  readonly finishing: AbortController
  /** Closed after everything else, in this order. */
  readonly plugins: readonly Pick<Plugin, 'close'>[]
  readonly failed: (error: unknown) => void
}

const closeGraceMs = 10_000

/** The order in which the parts of a loop begin and end: each ends before what it needs. */
export class Lifecycle {
  readonly #parts: LifecycleParts
  #intake: Intake | undefined
  #started: Promise<void> | undefined
  #closed: Promise<void> | undefined

  constructor(parts: LifecycleParts) {
    this.#parts = parts
  }

  /** From when the store is open. */
  get intake(): Intake | undefined {
    return this.#intake
  }

  /** @throws AndonError NOT_STARTED before it is open and when it is being closed */
  running(): Intake {
    if (this.#intake === undefined || this.#closed !== undefined) throw new AndonError('NOT_STARTED')
    return this.#intake
  }

  /** May be called twice; not after `close`. */
  start(): Promise<void> {
    if (this.#closed !== undefined) return Promise.reject(new AndonError('NOT_STARTED'))
    this.#started ??= this.#open()
    return this.#started
  }

  /** Drains, saves, closes; may be called twice. */
  close(): Promise<void> {
    this.#closed ??= this.#shut()
    return this.#closed
  }

  async #open(): Promise<void> {
    const { store, time, availability, silences, phases, crew, stream } = this.#parts
    const { verification, actuation, sinks, periodic } = this.#parts
    await store.open()
    const { at } = await store.journal.last()
    await time?.recover(at)
    const intake = await this.#parts.intake(at)
    this.#intake = intake
    await availability.begin()
    await silences.recover()
    await phases.recover()
    await crew.open()
    await stream.open(intake)
    await verification.recover()
    await actuation.recover()
    for (const sink of sinks) sink.start()
    for (const each of periodic) each.start()
    await crew.start()
  }

  async #shut(): Promise<void> {
    if (this.#started === undefined) return
    const { store, time, availability, phases, crew, stream, stopping, finishing, failed } = this.#parts
    const { verification, actuation, sinks, sources, periodic, inquiries, readers, plugins } = this.#parts
    const opened = await this.#started.then(
      () => true,
      () => false,
    )
    stopping.abort()
    await sources.stop()
    await inquiries.settle()
    for (const each of periodic) await each.stop()
    await time?.stop()
    await this.#intake?.settle()
    finishing.abort()
    await stream.finish()
    await crew.stop()
    await actuation.stop(closeGraceMs)
    await verification.stop()
    await phases.settle()
    if (opened) await stream.snapshot()
    if (opened) await availability.keep().catch(failed)
    if (opened) await Promise.all(sinks.map((sink) => sink.stop(closeGraceMs)))
    await crew.leave().catch(failed)
    await readers?.close()
    await this.#parts.bus?.close?.()
    await store.close()
    for (const plugin of plugins) await plugin.close?.()
  }
}
