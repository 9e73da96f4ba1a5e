import type { Message } from '@andon/core/connector'
import type { Cluster, TopicPlace } from '../cluster/cluster.js'
import { backoffMs } from '../cluster/patience.js'
import { closedFailure, failed, failureOf, isRefused, type Speaker } from '../failure.js'
import { type Compression, encodeBatch } from '../wire/encode-batch.js'
import { textOfCode, verdictOf } from './answers.js'
import { newIdentity } from './identity-request.js'
import { cut, type Identity, Line, type Order } from './line.js'
import { OpenOrders } from './open-orders.js'
import { type ProduceAnswer, produce } from './produce-request.js'

export interface SenderOptions {
  readonly cluster: Cluster
  readonly speaker: Speaker
  readonly compression: Compression
  /** How long a message may wait to be written, tries included (ms). */
  readonly deliveryTimeoutMs: number
  /** The most bytes of one partition in one request, before compression. */
  readonly batchBytes: number
}

/** The most bytes in one request to a node. */
const requestBytes = 8_000_000

const lineKey = (topic: string, partition: number): string => `${partition} ${topic}`
const laneOf = (node: number): string => `produce ${node}`

/**
 * Writes messages to partitions: at once when nothing is on its way to their node, else with the next request; so
 * there is no waiting for company, and the busier it is the larger the batches are. One request a node is on its way
 * at a time, so one batch a partition: a second try cannot come after what was written later.
 */
export class Sender {
  readonly #options: SenderOptions
  readonly #lines = new Map<string, Line>()
  /** Lines that may have something to get, each once. */
  #waiting: Line[] = []
  readonly #orders = new OpenOrders()
  /** Whether a request to the node is on its way. Nothing is ever taken out: see `OpenOrders`. */
  readonly #busy = new Map<number, boolean>()
  #identity: Promise<Identity> | undefined
  /** Why something was not written at the first try, for whoever gives up in the end. */
  #lastProblem: unknown
  #scheduled = false
  #waking: NodeJS.Timeout | undefined
  #sweeper: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: SenderOptions) {
    this.#options = options
  }

  /**
   * Resolves when all replicas in sync have them.
   *
   * @param partitionOf where each message goes
   * @throws AndonError of the speaker: refused, or not written within the delivery timeout
   */
  send(
    place: TopicPlace,
    messages: readonly Message[],
    partitionOf: (message: Message) => number,
  ): Promise<void> {
    if (this.#closed) return Promise.reject(closedFailure(this.#options.speaker))
    if (messages.length === 0) return Promise.resolve()
    const { promise, resolve, reject } = Promise.withResolvers<void>()
    const settle = (end: () => void): void => {
      if (order.settled) return
      order.settled = true
      this.#orders.settled()
      end()
    }
    const order: Order = {
      deadline: performance.now() + this.#options.deliveryTimeoutMs,
      left: 0,
      settled: false,
      resolve: () => settle(resolve),
      reject: (error) => settle(() => reject(error)),
    }
    this.#orders.add(order)
    const byPartition = new Map<number, Message[]>()
    for (const message of messages) {
      const partition = partitionOf(message)
      const known = byPartition.get(partition)
      if (known === undefined) byPartition.set(partition, [message])
      else known.push(message)
    }
    const limit = { count: Number.POSITIVE_INFINITY, bytes: this.#options.batchBytes }
    for (const [partition, some] of byPartition) {
      const line = this.#line(place.name, partition)
      for (const piece of cut(some, limit, order)) line.add(piece)
      this.#list(line)
    }
    this.#soon()
    this.#watch()
    return promise
  }

  /** Waits for what is on its way, and takes nothing more. */
  async close(): Promise<void> {
    this.#closed = true
    const until = performance.now() + Math.min(5_000, this.#options.deliveryTimeoutMs)
    while (this.#orders.count > 0 && performance.now() < until) {
      await new Promise((resolve) => setTimeout(resolve, 5))
    }
    clearTimeout(this.#sweeper)
    clearTimeout(this.#waking)
    for (const order of this.#orders.open()) order.reject(closedFailure(this.#options.speaker))
    this.#waiting = []
  }

  #line(topic: string, partition: number): Line {
    const key = lineKey(topic, partition)
    const known = this.#lines.get(key)
    if (known !== undefined) return known
    const line = new Line(topic, partition)
    this.#lines.set(key, line)
    return line
  }

  #list(line: Line): void {
    if (line.isListed) return
    line.isListed = true
    this.#waiting.push(line)
  }

  /** What is published in one turn goes together, however many promises lie between. */
  #soon(): void {
    if (this.#scheduled) return
    this.#scheduled = true
    process.nextTick(() => {
      this.#scheduled = false
      void this.#flush()
    })
  }

  /** Tries these again in a while; the others need not wait for them. */
  #again(lines: readonly Line[]): void {
    for (const line of lines) {
      line.tries += 1
      line.notBefore = performance.now() + backoffMs(line.tries)
    }
    this.#later()
  }

  /** One timer, for the line that may be tried first. */
  #later(): void {
    if (this.#waking !== undefined) return
    const now = performance.now()
    let first = Number.POSITIVE_INFINITY
    for (const { notBefore } of this.#waiting) if (notBefore > now) first = Math.min(first, notBefore)
    if (first === Number.POSITIVE_INFINITY) return
    const wake = (): void => {
      this.#waking = undefined
      void this.#flush()
    }
    // A timer may be early by a fraction of a millisecond.
    this.#waking = setTimeout(wake, first - now + 2)
  }

  /** Starts a request to each node that is free and has something to get. */
  async #flush(): Promise<void> {
    const now = performance.now()
    this.#waiting = this.#waiting.filter((line) => {
      line.isListed = line.waits
      return line.isListed
    })
    const ready = this.#waiting.filter(({ inFlight, notBefore }) => !inFlight && notBefore <= now)
    const places = new Map<string, TopicPlace>()
    for (const topic of new Set(ready.map((line) => line.topic))) {
      try {
        places.set(topic, await this.#options.cluster.topic(topic))
      } catch (error) {
        this.#unreachable(
          ready.filter((line) => line.topic === topic),
          error,
        )
      }
    }
    const byNode = new Map<number, Line[]>()
    for (const line of ready) {
      const place = places.get(line.topic)
      // Another turn may have taken it meanwhile.
      if (place === undefined || line.inFlight || !line.waits) continue
      const node = place.leaders[line.partition] ?? -1
      if (node < 0) {
        void this.#options.cluster.refresh(line.topic).catch(() => undefined)
        this.#unreachable([line], new Error(`nobody leads ${line.topic}/${line.partition} at the moment`))
      } else if (this.#busy.get(node) !== true) {
        const lines = byNode.get(node)
        if (lines === undefined) byNode.set(node, [line])
        else lines.push(line)
      }
    }
    for (const [node, lines] of byNode) void this.#request(node, lines)
    this.#later()
  }

  /** One request to one node, and then the next. */
  async #request(node: number, candidates: readonly Line[]): Promise<void> {
    this.#busy.set(node, true)
    const lines: Line[] = []
    try {
      const identity = await this.#producer(node)
      let bytes = 0
      const parts = []
      for (const line of candidates) {
        if (line.inFlight || bytes >= requestBytes) continue
        const encoded = this.#encoded(line, identity)
        if (encoded === undefined) continue
        line.inFlight = true
        lines.push(line)
        bytes += encoded.length
        parts.push({ topic: line.topic, partition: line.partition, bytes: encoded })
      }
      if (lines.length > 0) {
        const { cluster } = this.#options
        const version = await cluster.version('Produce')
        const toNode = await cluster.line(node, laneOf(node))
        const answers = await produce(toNode, version, cluster.connection.requestTimeoutMs, parts)
        this.#judge(lines, answers)
      }
    } catch (error) {
      // Whether it was written is not known: the same batches go again, and the broker knows them by their numbers.
      this.#options.cluster.drop(laneOf(node))
      for (const line of lines) line.inFlight = false
      this.#unreachable(lines.length > 0 ? lines : candidates, error)
      const topics = new Set(candidates.map(({ topic }) => topic))
      for (const topic of topics) void this.#options.cluster.refresh(topic).catch(() => undefined)
    } finally {
      this.#busy.set(node, false)
    }
    if (this.#waiting.some(({ waits }) => waits)) this.#soon()
  }

  /** The line's batch for this identity; the same bytes as before when it was tried before. */
  #encoded(line: Line, identity: Identity): Buffer | undefined {
    const { compression, batchBytes } = this.#options
    const batch = line.batch(batchBytes)
    if (batch === undefined) return undefined
    if (line.identity !== identity) {
      line.identity = identity
      line.sequence = 0
    } else if (line.doubtful) {
      // The counts no longer agree: this one goes with the next request, and as another producer.
      this.#identity = undefined
      return undefined
    }
    line.doubtful = false
    if (batch.encoded?.identity !== identity) {
      const bytes = encodeBatch(batch.messages, {
        ...identity,
        firstSequence: line.sequence,
        compression,
        now: Date.now(),
      })
      batch.encoded = { identity, bytes }
    }
    return batch.encoded.bytes
  }

  #judge(lines: readonly Line[], answers: readonly ProduceAnswer[]): void {
    const { speaker, cluster } = this.#options
    const byLine = new Map(answers.map((answer) => [lineKey(answer.topic, answer.partition), answer]))
    for (const line of lines) {
      line.inFlight = false
      const answer = byLine.get(lineKey(line.topic, line.partition))
      const code = answer?.errorCode ?? -1
      const verdict = verdictOf(code)
      const what = answer?.message ?? textOfCode(code)
      const where = `${line.topic}/${line.partition}`
      if (verdict === 'written') line.written()
      else if (verdict === 'too-large' && line.halve()) continue
      else if (verdict === 'too-large' || verdict === 'refused') {
        const problem = { en: `writing to ${where}: ${what}`, zh: `写入 ${where}：${what}` }
        line.refused(failed(speaker, problem, { retryable: false, cause: new Error(what) }))
      } else {
        if (verdict === 'new-producer') this.#identity = undefined
        if (verdict === 'moved') void cluster.refresh(line.topic).catch(() => undefined)
        this.#lastProblem = new Error(what)
        this.#again([line])
      }
    }
  }

  /** Tries again later; gives up at once where the broker refuses us. */
  #unreachable(lines: readonly Line[], error: unknown): void {
    const { speaker } = this.#options
    this.#lastProblem = error
    if (isRefused(error)) {
      const refusal = failureOf(speaker, error, { en: 'publishing', zh: '发布' })
      for (const line of lines) line.refusedAll(refusal)
    }
    this.#again(lines.filter(({ waits }) => waits))
  }

  /** Ends the orders whose time is up. The client's own patience has no end. */
  #watch(): void {
    if (this.#sweeper !== undefined) return
    const { oldest } = this.#orders
    if (oldest === undefined) return
    const left = Math.max(1, oldest.deadline - performance.now())
    this.#sweeper = setTimeout(() => {
      this.#sweeper = undefined
      const now = performance.now()
      for (const order of this.#orders.expired(now)) {
        const { deliveryTimeoutMs: ms } = this.#options
        const doing = { en: `not written within ${ms} ms`, zh: `${ms} 毫秒内未能写入` }
        const cause = this.#lastProblem ?? new Error('the broker does not answer')
        order.reject(failureOf(this.#options.speaker, cause, doing))
        // Nothing that hangs may hold up what comes after it.
        for (const [node, isBusy] of this.#busy) if (isBusy) this.#options.cluster.drop(laneOf(node))
      }
      this.#watch()
    }, left)
    this.#sweeper.unref()
  }

  /** Asked for once; again when the broker no longer knows us. */
  async #producer(node: number): Promise<Identity> {
    this.#identity ??= this.#newProducer(node)
    try {
      return await this.#identity
    } catch (error) {
      this.#identity = undefined
      throw error
    }
  }

  async #newProducer(node: number): Promise<Identity> {
    const { cluster } = this.#options
    const toNode = await cluster.line(node, laneOf(node))
    return newIdentity(toNode, cluster.connection.requestTimeoutMs)
  }
}
