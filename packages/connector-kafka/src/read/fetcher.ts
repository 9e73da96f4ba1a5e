import type { Bell } from '../bell.js'
import type { Cluster, TopicPlace } from '../cluster/cluster.js'
import { backoffMs } from '../cluster/patience.js'
import { failed, failureOf, isRefused, type Speaker } from '../failure.js'
import { nameOfCode, textOfCode, verdictOf } from '../publish/answers.js'
import { Feed } from './feed.js'
import { type FetchAnswer, type FetchPart, fetchFrom } from './fetch-request.js'

export interface FetcherOptions {
  readonly cluster: Cluster
  readonly speaker: Speaker
  /** With this much of a partition waiting for its reader, nothing more of it is asked for. */
  readonly partitionBytes: number
  /** How long a broker waits with its answer when nothing is there (ms). */
  readonly maxWaitMs: number
  /** Told what goes wrong and is tried again. */
  readonly onTrouble: (problem: unknown) => void
  /** Told what has come, before anybody has asked for it. */
  readonly onFetched: (fetched: Fetched) => void
}

export interface Fetched {
  readonly topic: string
  readonly partition: number
  readonly messages: number
}

/** The most bytes in one answer of a node. */
const answerBytes = 16_000_000
/**
 * Requests to one node at a time. The first waits at the broker for all partitions that are quiet. The others are for
 * what becomes hungry meanwhile, and come back soon, so that nobody waits for the silence of others to end, and all
 * are together in the first again when it comes back.
 */
const lanesPerNode = 3
const shortWaitMs = 20

/**
 * After an answer of less than this (bytes), the next request waits a little (ms): a publish reaches its partitions one
 * after the other, and would otherwise be fetched one after the other.
 */
const smallAnswer = 65_536
const restMs = 1

const laneOf = (node: number, lane: number): string => `fetch ${node} ${lane}`
const feedKey = (topic: string, partition: number): string => `${partition} ${topic}`

/** Fetches for all readers of a client: one request a node asks for all of its partitions that want more. */
export class Fetcher {
  readonly #options: FetcherOptions
  readonly #feeds = new Set<Feed>()
  /** Whether a request is on its way; nothing is ever taken out, so that its table stays the same. */
  readonly #busy = new Map<string, boolean>()
  #scheduled = false
  #turn = 0
  /** No request before. */
  #restUntil = 0
  #closed = false

  constructor(options: FetcherOptions) {
    this.#options = options
  }

  /** @param bell rings when the reader should look */
  open(topic: string, partition: number, from: number, bell: Bell): Feed {
    const feed = new Feed(topic, partition, from, this.#options.partitionBytes, bell)
    if (this.#closed) feed.end()
    else this.#feeds.add(feed)
    this.wanted()
    return feed
  }

  close(feed: Feed): void {
    feed.end()
    this.#feeds.delete(feed)
  }

  /** Somebody has taken something, so there may be room. */
  wanted(): void {
    if (this.#scheduled || this.#closed) return
    this.#scheduled = true
    const ask = (): void => {
      this.#scheduled = false
      void this.#ask()
    }
    const rest = this.#restUntil - performance.now()
    if (rest > 0) setTimeout(ask, rest)
    else queueMicrotask(ask)
  }

  end(): void {
    this.#closed = true
    for (const feed of this.#feeds) feed.end()
    this.#feeds.clear()
  }

  async #ask(): Promise<void> {
    const now = performance.now()
    const hungry = [...this.#feeds].filter((feed) => feed.hungry && feed.notBefore <= now)
    if (hungry.length === 0) return
    const places = new Map<string, TopicPlace>()
    for (const topic of new Set(hungry.map((feed) => feed.topic))) {
      try {
        places.set(topic, await this.#options.cluster.topic(topic))
      } catch (error) {
        this.#again(
          hungry.filter((feed) => feed.topic === topic),
          error,
        )
      }
    }
    const byNode = new Map<number, Feed[]>()
    for (const feed of hungry) {
      const place = places.get(feed.topic)
      if (place === undefined || !feed.hungry) continue
      const node = place.leaders[feed.partition] ?? -1
      if (node >= 0) {
        const feeds = byNode.get(node)
        if (feeds === undefined) byNode.set(node, [feed])
        else feeds.push(feed)
      } else {
        void this.#options.cluster.refresh(feed.topic).catch(() => undefined)
        this.#again([feed], new Error(`nobody leads ${feed.topic}/${feed.partition} at the moment`))
      }
    }
    for (const [node, feeds] of byNode) {
      for (let lane = 0; lane < lanesPerNode; lane += 1) {
        if (this.#busy.get(laneOf(node, lane)) === true) continue
        const waitMs = lane === 0 ? this.#options.maxWaitMs : shortWaitMs
        void this.#request({ node, lane: laneOf(node, lane), waitMs }, feeds, places)
        break
      }
    }
  }

  async #request(
    { node, lane, waitMs }: { readonly node: number; readonly lane: string; readonly waitMs: number },
    feeds: readonly Feed[],
    places: ReadonlyMap<string, TopicPlace>,
  ): Promise<void> {
    const { cluster, partitionBytes } = this.#options
    this.#busy.set(lane, true)
    for (const feed of feeds) feed.asked = true
    // A full answer leaves out the last ones: each is first once.
    this.#turn += 1
    const turned = feeds
      .map((_, index) => feeds[(index + this.#turn) % feeds.length])
      .filter((feed) => feed !== undefined)
    const asked = new Map(
      turned.map((feed) => [feedKey(feed.topic, feed.partition), { feed, from: feed.next }]),
    )
    const parts = turned.map(
      (feed): FetchPart => ({
        topic: feed.topic,
        topicId: places.get(feed.topic)?.id ?? '',
        partition: feed.partition,
        from: feed.next,
        maxBytes: partitionBytes,
      }),
    )
    try {
      const version = await cluster.version('Fetch')
      const toNode = await cluster.line(node, lane)
      const limits = { maxWaitMs: waitMs, maxBytes: answerBytes }
      const answers = await fetchFrom(toNode, version, limits, cluster.connection.requestTimeoutMs, parts)
      for (const feed of feeds) feed.asked = false
      const bytes = answers.reduce((sum, { records }) => sum + (records?.length ?? 0), 0)
      if (bytes > 0 && bytes < smallAnswer) this.#restUntil = performance.now() + restMs
      for (const answer of answers) {
        const known = asked.get(feedKey(answer.topic, answer.partition))
        if (known !== undefined) this.#judge(known.feed, known.from, answer)
      }
    } catch (error) {
      cluster.drop(lane)
      for (const feed of feeds) feed.asked = false
      for (const topic of places.keys()) void cluster.refresh(topic).catch(() => undefined)
      this.#again(feeds, error)
    } finally {
      this.#busy.set(lane, false)
    }
    this.wanted()
  }

  #judge(feed: Feed, from: number, answer: FetchAnswer): void {
    if (feed.next !== from) return
    const { cluster, speaker } = this.#options
    if (answer.errorCode === 0) {
      feed.tries = 0
      if (answer.records === undefined) return
      const messages = feed.push({ bytes: answer.records, aborted: answer.aborted })
      this.#options.onFetched({ topic: feed.topic, partition: feed.partition, messages })
      return
    }
    const name = nameOfCode(answer.errorCode)
    if (name === 'OFFSET_OUT_OF_RANGE') {
      feed.asked = true
      void this.#findRange(feed)
      return
    }
    const what = textOfCode(answer.errorCode)
    const problem = {
      en: `reading ${feed.topic}/${feed.partition}: ${what}`,
      zh: `读取 ${feed.topic}/${feed.partition}：${what}`,
    }
    const verdict = verdictOf(answer.errorCode)
    if (verdict === 'refused' && name !== 'UNKNOWN_TOPIC_ID') {
      feed.fail(failed(speaker, problem, { retryable: false }))
      return
    }
    void cluster.refresh(feed.topic).catch(() => undefined)
    this.#again([feed], new Error(problem.en))
  }

  /** What the reader wants is no longer kept, so it goes on with the oldest that is; or it was never there. */
  async #findRange(feed: Feed): Promise<void> {
    const { cluster, speaker } = this.#options
    try {
      const [oldest, end] = await Promise.all([
        offsetAt(cluster, feed.topic, feed.partition, -2n),
        offsetAt(cluster, feed.topic, feed.partition, -1n),
      ])
      feed.asked = false
      if (feed.next < oldest) feed.next = oldest
      else if (feed.next > end) {
        const where = `${feed.topic}/${feed.partition}`
        const problem = {
          en: `${where} ends at ${end}, and ${feed.next} was asked for: the topic was emptied or made anew`,
          zh: `${where} 的末尾是 ${end}，但请求的位置是 ${feed.next}：该主题已被清空或重建`,
        }
        feed.fail(failed(speaker, problem, { retryable: false }))
      }
    } catch (error) {
      feed.asked = false
      this.#again([feed], error)
    }
    this.wanted()
  }

  #again(feeds: readonly Feed[], error: unknown): void {
    if (isRefused(error)) {
      const refusal = failureOf(this.#options.speaker, error, { en: 'reading', zh: '读取' })
      for (const feed of feeds) feed.fail(refusal)
      return
    }
    if (this.#closed) return
    this.#options.onTrouble(error)
    for (const feed of feeds) {
      feed.tries += 1
      const wait = backoffMs(feed.tries)
      feed.notBefore = performance.now() + wait
      setTimeout(() => this.wanted(), wait + 1)
    }
  }
}

/** @param timestamp -2: the oldest offset that is kept; -1: the one after the last */
async function offsetAt(
  cluster: Cluster,
  topic: string,
  partition: number,
  timestamp: bigint,
): Promise<number> {
  const [found] = await cluster.admin.listOffsets({
    topics: [{ name: topic, partitions: [{ partitionIndex: partition, timestamp }] }],
  })
  return Number(found?.partitions[0]?.offset ?? 0)
}
