import { setImmediate } from 'node:timers/promises'
import type { Clock } from '../../connector/clock.js'
import type { LoggedMessage, Partition, PartitionedBus } from '../../connector/partitioned-bus.js'
import type { Claim, LaneJournal, LaneOptions, SharedStore } from '../../connector/shared-store.js'
import { isAndonError } from '../../errors/index.js'
import { stableId } from '../../ids.js'
import { RuleEngine, type RuleLosses } from '../../rule/runtime/rule-engine.js'
import { onAbort } from '../actuation/on-abort.js'
import { Detection } from '../detection.js'
import { type SteadyClock, steadyClock } from '../steady-clock.js'
import { Analysis } from '../stream/analysis.js'
import type { StreamOptions } from '../stream/feedback-stream.js'
import type { PreparedEntry } from '../stream/prepared.js'
import { Tail } from '../stream/tail.js'
import { Copier, type LaneFeedback } from './copier.js'
import { readMessages } from './read-messages.js'
import { RecentFeedback } from './recent-feedback.js'
import type { CopyRoute } from './repartition.js'
import { tickMessage } from './stream-message.js'

export interface PartitionLaneOptions extends StreamOptions, LaneOptions {
  readonly clock: Clock
  readonly shared: SharedStore
  readonly partition: Partition
  readonly bus: PartitionedBus
  /** Where feedback is copied for rules that need other partitions. */
  readonly routes: readonly CopyRoute[]
  /** The production function that it works for, e.g. `quality`. */
  readonly stage: string
  /** This worker's own name. */
  readonly owner: string
  /** Whose quarantine takes messages that cannot be read. */
  readonly tenant: string
  /** Aborted when the worker stops. */
  readonly stop: AbortSignal
  /** Told whenever it has got on. */
  readonly went: () => void
}

/** Entries that analysis may be behind before reading waits for it. */
const mostBehind = 4096
/** Entries of one partition in memory for a finding to quote; the rest is in the store. */
const tailCapacity = 8192
/** The broker is told how far the group is (ms of real time): only people look at it. */
const tellBrokerMs = 1000
const countedElsewhere = { add: () => undefined, pending: () => [], clear: () => undefined }
/** A tick that has not come back after so long is taken to be lost (ms). */
const tickLostMs = 30_000
/** Another authority says who has a partition; how long the claim would last by itself makes no difference. */
const claimMs = 86_400_000

/**
 * One partition while this worker has it: its messages go into the lane's journal, and an analysis of its own runs
 * right behind. The claim fences whoever had it before; a handover is a snapshot here and a replay there.
 */
export class PartitionLane {
  readonly name: string
  readonly #options: PartitionLaneOptions
  readonly #end: AbortSignal
  readonly #fenced = new AbortController()
  readonly #tail = new Tail({ capacity: tailCapacity, keptBehind: 0 })
  readonly #engine: RuleEngine
  readonly #journal: LaneJournal
  readonly #recent = new RecentFeedback()
  readonly #copier: Copier | undefined
  /** Steady within this partition: a clock that is wrong by more than its neighbours' is wrong here alone. */
  readonly #clock: SteadyClock
  /** From when its state is there. */
  #analysis: Analysis | undefined
  /** Offset of the last entry that was written here. */
  #written = 0
  #reading: Promise<unknown> = Promise.resolve()
  /** The tick that is under way. */
  #tick: { readonly id: string; readonly at: number } | undefined
  #toldBroker = Number.NEGATIVE_INFINITY

  constructor(options: PartitionLaneOptions) {
    const { partition, shared, copies, rules, stop, clock } = options
    this.#options = options
    this.#clock = steadyClock(clock)
    this.name = `${partition.topic}/${partition.number}`
    this.#engine = new RuleEngine(rules, options)
    this.#journal = shared.lane(this.name, copies === undefined ? {} : { copies })
    this.#end = AbortSignal.any([stop, partition.lost, this.#fenced.signal])
    const { routes, bus, store, stage } = options
    if (routes.length > 0) {
      this.#copier = new Copier({
        routes,
        bus,
        store,
        surely: (work) => this.#surely(work),
        name: `copies/${stage}@${this.name}`,
      })
    }
  }

  /**
   * Works until the partition is lost, the worker stops or another has taken over; saves its state then.
   *
   * @throws AndonError when broker or store fail in a way that makes it begin anew
   */
  async run(): Promise<void> {
    const { shared, stage, owner, partition } = this.#options
    const name = `analysis/${stage}@${this.name}`
    const claim = await shared.claim({ name, owner, ttlMs: claimMs, from: 'any' })
    if (claim === undefined) return
    const analysis = this.#analyse(claim)
    try {
      // A claim that came late may have taken the partition from its new owner: that one claims it again.
      if (this.#end.aborted) return
      await analysis.recover()
      const { nextPosition, offset, at } = await this.#journal.last()
      // What was written down has passed.
      this.#clock.notBefore(at)
      this.#written = offset
      this.#analysis = analysis
      analysis.wake()
      await this.#copier?.recover(this.#journal, offset)
      for await (const messages of partition.read({ from: nextPosition, signal: this.#end })) {
        this.#reading = this.#take(messages)
        await this.#reading
      }
    } finally {
      await this.#leave(analysis, claim)
    }
  }

  /** Entries that wait for analysis. */
  get lag(): number {
    return Math.max(0, this.#written - (this.#analysis?.position ?? this.#written))
  }

  losses(): Readonly<Record<string, RuleLosses>> {
    return this.#engine.losses()
  }

  async settle(): Promise<void> {
    await this.#reading.catch(() => undefined)
    await this.#analysis?.settle()
  }

  async counted(): Promise<boolean> {
    return (await this.#analysis?.counted()) ?? true
  }

  save(): void {
    this.#analysis?.save()
  }

  /** Time is the journal's: when a group waits for time alone, a tick goes through the partition. */
  async tick(): Promise<void> {
    if (this.#analysis === undefined || this.#end.aborted || this.lag > 0) return
    const due = this.#engine.nextDue
    const now = this.#clock.now()
    if (due === undefined || due > now) return
    if (this.#tick !== undefined && now - this.#tick.at < tickLostMs) return
    const id = stableId('q', this.name, now, due)
    this.#tick = { id, at: now }
    try {
      await this.#options.partition.append([tickMessage(id, now)])
    } catch (error) {
      this.#tick = undefined
      throw error
    }
  }

  #analyse(claim: Claim): Analysis {
    const { shared, store, detectors, warn } = this.#options
    const { name } = claim
    const analysis: Analysis = new Analysis({
      ...this.#options,
      stage: name,
      journal: {
        read: async (offset, limit) => {
          const recent = limit === 1 ? this.#recent.at(offset) : undefined
          return recent === undefined ? this.#journal.read(offset, limit) : [recent]
        },
        last: () => this.#journal.last(),
        find: async (id) => this.#recent.find(id) ?? store.journal.find(id),
      },
      transaction: (work) =>
        this.#guarded(
          () => analysis,
          () => shared.claimed(claim, work),
        ),
      tail: this.#tail,
      rules: this.#engine,
      detection: new Detection(detectors, warn),
      // The lane's journal counts, once for all stages.
      counter: countedElsewhere,
    })
    return analysis
  }

  /** Who has lost the claim stops at once: what it has not written, its successor will. */
  async #guarded<T>(analysis: () => Analysis, work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (isAndonError(error) && error.code === 'CLAIM_LOST') {
        this.#fenced.abort()
        analysis().abandon()
      }
      throw error
    }
  }

  async #take(messages: readonly LoggedMessage[]): Promise<void> {
    const { tenant, went } = this.#options
    const request = readMessages(messages, { tenant, lane: this.name, now: this.#clock.now() })
    const answers = await this.#surely(() => this.#journal.append(request))
    if (answers === undefined) return
    const entries: PreparedEntry[] = []
    const feedbacks: LaneFeedback[] = []
    for (const [index, answer] of answers.entries()) {
      const item = request.items[index]
      const message = messages[index]
      if (answer.status !== 'accepted' || item === undefined || message === undefined) continue
      const { offset, at } = answer
      if (item.kind === 'tick') entries.push({ kind: 'tick', offset, at })
      else if (item.kind === 'feedback') {
        const { feedback, raw } = item.entry
        entries.push({ kind: 'feedback', offset, at, feedback })
        feedbacks.push({ feedback, at, message: () => message })
        const { feedbackId } = feedback
        const isBase64 = raw.encoding === 'base64'
        if (item.bytes !== undefined) this.#recent.add({ feedbackId, offset, at, isBase64, ...item.bytes })
      }
    }
    if (messages.some(({ id }) => id === this.#tick?.id)) this.#tick = undefined
    this.#tail.push(entries)
    this.#written = entries.at(-1)?.offset ?? this.#written
    this.#analysis?.wake()
    await this.#copier?.take(feedbacks, this.#written)
    this.#tellBroker((messages.at(-1)?.position ?? -1) + 1)
    went()
    // Analysis has a turn of its own after each batch.
    await setImmediate()
    if (this.lag > mostBehind) await this.#caughtUp()
  }

  /** Waits for analysis, but not past the end: what it cannot commit now its successor will. */
  async #caughtUp(): Promise<void> {
    const ended = Promise.withResolvers<void>()
    const stopWaiting = onAbort(this.#end, ended.resolve)
    await Promise.race([this.#analysis?.settle(), ended.promise])
    stopWaiting()
  }

  /** Appending again what was appended is the same: it is tried until it succeeds or the end has come. */
  async #surely<T>(work: () => Promise<T>): Promise<T | undefined> {
    const { failed, pause } = this.#options
    while (!this.#end.aborted) {
      try {
        return await work()
      } catch (error) {
        if (!isAndonError(error) || !error.retryable) throw error
        failed(error)
        await pause()
      }
    }
    return undefined
  }

  #tellBroker(position: number): void {
    if (performance.now() - this.#toldBroker < tellBrokerMs) return
    this.#toldBroker = performance.now()
    // Nothing depends on it; a broker that is gone is told by reading.
    this.#options.partition.commit(position).catch(() => undefined)
  }

  async #leave(analysis: Analysis, claim: Claim): Promise<void> {
    const { shared, partition } = this.#options
    await analysis.halt()
    // What it leaves out its successor copies.
    await this.#copier?.finish().catch(() => undefined)
    if (!this.#fenced.signal.aborted) {
      // The successor replays what this leaves out.
      await analysis.snapshot().catch(() => undefined)
      await shared.release(claim).catch(() => undefined)
    }
    this.#analysis = undefined
    const { nextPosition } = await this.#journal.last().catch(() => ({ nextPosition: 0 }))
    if (nextPosition > 0) await partition.commit(nextPosition).catch(() => undefined)
  }
}
