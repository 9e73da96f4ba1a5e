import { ROOT_CONTEXT } from '@opentelemetry/api'
import type { Store, StoreTransaction } from '../../connector/store.js'
import { AndonError, isAndonError, problemOf } from '../../errors/index.js'
import type { FeedbackRecord } from '../../feedback/schema.js'
import type { JsonObject } from '../../json.js'
import type { RuleEngineState } from '../../rule/runtime/engine-state.js'
import { addMatches, type Firing, type Matches } from '../../rule/runtime/finding.js'
import type { RuleEngine } from '../../rule/runtime/rule-engine.js'
import type { HeadStart } from '../actuation/head-start.js'
import type { Detection } from '../detection.js'
import { readEvidence } from '../quotes.js'
import { inSpan } from '../tracing.js'
import { type ApplyOptions, applyFindings, type Effects, type Found } from './apply-findings.js'
import type { HourlyCounter } from './hourly-counter.js'
import type { PreparedEntry } from './prepared.js'
import type { Tail } from './tail.js'

/** The journal as analysis reads it. */
export type ReadJournal = Pick<Store['journal'], 'read' | 'last' | 'find'>

export interface AnalysisOptions extends ApplyOptions {
  /** Under which name checkpoint and snapshots are kept. */
  readonly stage: string
  readonly store: Pick<Store, 'checkpoint' | 'snapshot'>
  readonly journal: ReadJournal
  /** Effects and checkpoint move together in it. */
  readonly transaction: Store['transaction']
  readonly tail: Tail
  readonly rules: RuleEngine
  readonly detection: Detection
  readonly counter: Pick<HourlyCounter, 'add' | 'pending' | 'clear'>
  /** Entries between two snapshots. */
  readonly snapshotEvery: number
  readonly headStart: () => HeadStart
  readonly effects: (effects: Effects) => void
  readonly failed: (error: AndonError) => void
  /** Told whenever it could look at what there is. */
  readonly worked: () => void
  /** Waits before trying again what failed. */
  readonly pause: () => Promise<void>
}

interface AnalysisState extends JsonObject {
  readonly rules: RuleEngineState
  readonly detectors: JsonObject
}

const batchSize = 1024
// Counts alone need not be committed batch by batch while more is coming.
const mostHeld = 8192
const nothingFound: Found = { firings: [], matches: new Map(), detected: [] }

/**
 * Analysis reads the journal from its checkpoint, runs rules and detectors, and commits signals, actions
 * and checkpoint in one transaction per batch. After a crash it restores its snapshot and replays the
 * journal up to the checkpoint without emitting; from there on it emits again.
 */
export class Analysis {
  readonly #options: AnalysisOptions
  /** Offset of the next entry to look at. */
  #next = 1
  #snapshotAt = 0
  #checkpoint = 0
  /** Offset of the last commit in this run. */
  #committed = 0
  /** Counts for signals that wait for the next commit: after a crash they are counted again from there. */
  #matches = new Map<string, Matches>()
  /** The state has seen a batch whose effects are not on disk. */
  #ahead = false
  #wanted = false
  #running: Promise<void> | undefined
  #saveWanted = false
  /** Whoever waits until everything up to an offset is counted on disk. */
  #waiting: { readonly offset: number; readonly resolve: (isCounted: boolean) => void }[] = []
  /** State is there, and the checkpoint it stands for is known. */
  #recovered = false
  #finishing = false
  #stopped = false
  #isAbandoned = false

  constructor(options: AnalysisOptions) {
    this.#options = options
  }

  /** Offset of the last entry that has been looked at. */
  get position(): number {
    return this.#next - 1
  }

  /** Everything before this offset is in a snapshot and need not be replayed. */
  get replayFrom(): number {
    return this.#snapshotAt + 1
  }

  async recover(): Promise<void> {
    const { stage, store, journal, rules, detection, counter } = this.#options
    const snapshot = await store.snapshot(stage)
    if (snapshot !== undefined) {
      // Written by #snapshot below.
      const state = snapshot.state as AnalysisState
      rules.restore(state.rules)
      detection.restore(state.detectors)
      this.#next = snapshot.offset + 1
      this.#snapshotAt = snapshot.offset
    }
    this.#checkpoint = await store.checkpoint(stage)
    while (this.#next <= this.#checkpoint) {
      const entries = await journal.read(this.#next, Math.min(batchSize, this.#checkpoint - this.#next + 1))
      if (entries.length === 0) break
      rules.observe(entries)
      detection.observe(entries)
      counter.add(entries)
      this.#next = (entries.at(-1)?.offset ?? this.#checkpoint) + 1
    }
    this.#recovered = true
  }

  /** The journal has grown. */
  wake(): void {
    this.#wanted = true
    if (!this.#stopped) this.#running ??= this.#drain()
  }

  async settle(): Promise<void> {
    while (this.#running !== undefined) await this.#running
  }

  /** Asks for a snapshot with the next commit, or now when there is nothing to look at. */
  save(): void {
    this.#saveWanted = true
    this.wake()
  }

  /**
   * Resolves when what stands in the journal now has been looked at, and its counts are on disk: to true, or to false
   * when Andon stops before that.
   */
  async counted(): Promise<boolean> {
    const { journal, tail } = this.#options
    const offset = tail.end ?? (await journal.last()).offset
    if (this.#stopped) return false
    if (offset < this.#next && this.#matches.size === 0 && !this.#ahead) return true
    const counted = new Promise<boolean>((resolve) => this.#waiting.push({ offset, resolve }))
    this.wake()
    return counted
  }

  /** Changes the rules between two batches, and saves the state at once: a replay never crosses the change. */
  async change<T>(work: () => T): Promise<T> {
    while (this.#running !== undefined) await this.#running
    if (this.#stopped) throw new AndonError('NOT_STARTED')
    const changing = this.#changeAndSave(work)
    const settled = changing.then(
      () => this.#idle(),
      () => this.#idle(),
    )
    this.#running = settled
    return changing
  }

  /** Looks at everything there is, then stops. What cannot be committed now is left for the next start. */
  async finish(): Promise<void> {
    this.#finishing = true
    await this.settle()
    this.#end()
  }

  /** Stops after the batch at hand: whoever goes on finds the rest in the journal. */
  async halt(): Promise<void> {
    this.#finishing = true
    this.#end()
    await this.settle()
    if (this.#matches.size === 0 || this.#ahead) return
    // What was held back is told, or else counted again from the checkpoint on.
    await this.#commit([], nothingFound, this.#next - 1).catch(() => undefined)
  }

  /** Stops as it stands: another has taken over, and finds everything in the store. */
  abandon(): void {
    this.#isAbandoned = true
    this.#finishing = true
    this.#end()
  }

  /** Saves state and checkpoint, so that the next start has nothing to replay. */
  async snapshot(): Promise<void> {
    const offset = this.#next - 1
    // A state that has run ahead of its effects must not be saved, nor one that is not whole: a replay makes it right.
    const isAhead = this.#ahead || this.#matches.size > 0
    if (!this.#recovered || isAhead || (offset === this.#snapshotAt && offset === this.#checkpoint)) return
    await this.#options.transaction((transaction) => this.#snapshot(transaction, offset))
    this.#snapshotTaken(offset)
  }

  #end(): void {
    this.#stopped = true
    for (const { resolve } of this.#waiting.splice(0)) resolve(false)
  }

  async #changeAndSave<T>(work: () => T): Promise<T> {
    const result = work()
    // Should saving fail, the next commit saves.
    this.#saveWanted = true
    const offset = this.#next - 1
    await this.#options.transaction((transaction) => this.#snapshot(transaction, offset))
    this.#snapshotTaken(offset)
    return result
  }

  #idle(): void {
    this.#running = undefined
    if (this.#wanted && !this.#stopped) this.#running = this.#drain()
  }

  async #drain(): Promise<void> {
    try {
      while (this.#wanted && !this.#stopped) {
        this.#wanted = false
        try {
          await this.#catchUp()
        } catch (error) {
          if (this.#isAbandoned) return
          // The journal could not be read: what is in it is still there.
          this.#report('read the journal', error)
          if (this.#finishing) return
          this.#wanted = true
          await this.#options.pause()
        }
      }
    } finally {
      this.#running = undefined
    }
  }

  async #catchUp(): Promise<void> {
    const { journal, tail } = this.#options
    while (!this.#stopped) {
      const cached = tail.from(this.#next, batchSize)
      // Asking the store whether there is more costs a read of its last segment: only when it may have more.
      const caughtUp = tail.end !== undefined && this.#next > tail.end
      const entries = cached.length > 0 || caughtUp ? cached : await journal.read(this.#next, batchSize)
      const last = entries.at(-1)
      if (last === undefined) {
        // Nothing more is coming just now: what was held back is told.
        if (this.#matches.size > 0 && !(await this.#commitSurely([], nothingFound, this.#next - 1))) return
        if (this.#saveWanted) await this.snapshot()
        this.#saveWanted = false
        this.#options.worked()
        this.#tellCounted()
        return
      }
      const findings = this.#observe(entries)
      if (!(await this.#commitSurely(entries, findings, last.offset))) return
      this.#options.worked()
      this.#next = last.offset + 1
      tail.release(this.#next)
      this.#tellCounted()
    }
  }

  #tellCounted(): void {
    if (this.#waiting.length === 0 || this.#matches.size > 0) return
    const isReached = ({ offset }: { readonly offset: number }): boolean => offset < this.#next
    for (const { resolve } of this.#waiting.filter(isReached)) resolve(true)
    this.#waiting = this.#waiting.filter((waiting) => !isReached(waiting))
  }

  /** The state has moved on already, so a batch's effects are tried until they are durable, or the end has come. */
  async #commitSurely(entries: readonly PreparedEntry[], findings: Found, offset: number): Promise<boolean> {
    this.#ahead = true
    while (this.#ahead) {
      try {
        await this.#commit(entries, findings, offset)
        this.#ahead = false
      } catch (error) {
        // It is somebody else's to write.
        if (this.#isAbandoned) return false
        this.#report('commit findings', error)
        if (this.#finishing) {
          this.#stopped = true
          return false
        }
        await this.#options.pause()
      }
    }
    return true
  }

  #report(operation: string, cause: unknown): void {
    const details = { operation, problem: problemOf(cause) }
    this.#options.failed(isAndonError(cause) ? cause : new AndonError('STORE_FAILED', { details, cause }))
  }

  #observe(entries: readonly PreparedEntry[]): Found {
    const { rules, detection, counter } = this.#options
    counter.add(entries)
    const found = rules.observe(entries)
    for (const [fingerprint, matches] of found.matches) addMatches(this.#matches, fingerprint, matches)
    return { ...found, detected: detection.observe(entries) }
  }

  async #commit(entries: readonly PreparedEntry[], findings: Found, offset: number): Promise<void> {
    const { stage, snapshotEvery, effects } = this.#options
    const { firings, detected } = findings
    const due = this.#saveWanted || offset - this.#snapshotAt >= snapshotEvery
    const held = offset - this.#committed
    const canWait = held < mostHeld && !due && this.#waiting.length === 0
    if (firings.length + detected.length === 0 && canWait && entries.length > 0) return
    if (firings.length + this.#matches.size + detected.length === 0) {
      // Nothing to tell: looking at these entries again after a crash would find nothing again.
      if (!due) return
      await this.#options.transaction((transaction) => this.#snapshot(transaction, offset))
      this.#snapshotTaken(offset)
      return
    }
    const evidence = await this.#evidence(firings, entries)
    const headStart = this.#options.headStart()
    const apply = (): Promise<Effects> =>
      this.#options.transaction(async (transaction) => {
        const found = { ...findings, matches: this.#matches }
        const made = await applyFindings(transaction, found, evidence, { ...this.#options, headStart })
        if (due) await this.#snapshot(transaction, offset)
        else await transaction.setCheckpoint(stage, offset)
        return made
      })
    const attributes = { 'andon.batch.size': entries.length, 'andon.firings': firings.length }
    const result = await inSpan('andon.analysis', ROOT_CONTEXT, attributes, apply).catch((error: unknown) => {
      headStart.cancel()
      throw error
    })
    this.#checkpoint = offset
    this.#committed = offset
    this.#matches = new Map()
    if (due) this.#snapshotTaken(offset)
    effects(result)
    headStart.go()
  }

  async #evidence(
    firings: readonly Firing[],
    entries: readonly PreparedEntry[],
  ): Promise<ReadonlyMap<Firing, readonly FeedbackRecord[]>> {
    const { tail, journal } = this.#options
    const found = new Map<Firing, readonly FeedbackRecord[]>()
    for (const firing of firings) {
      found.set(firing, await readEvidence(firing.evidence, entries, tail, journal))
    }
    return found
  }

  async #snapshot(transaction: StoreTransaction, offset: number): Promise<void> {
    const { stage, rules, detection, counter } = this.#options
    await transaction.addAggregates(counter.pending())
    await transaction.putSnapshot(stage, {
      offset,
      state: { rules: rules.snapshot(), detectors: detection.snapshot() },
    })
    await transaction.setCheckpoint(stage, offset)
  }

  #snapshotTaken(offset: number): void {
    this.#options.counter.clear()
    this.#saveWanted = false
    this.#snapshotAt = offset
    this.#checkpoint = offset
  }
}
