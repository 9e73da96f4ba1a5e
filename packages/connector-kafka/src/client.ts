import type { Health, Logger } from '@andon/core/connector'
import { isAndonError } from '@andon/core/errors'
import { Cluster, type TopicPlace } from './cluster/cluster.js'
import type { CheckedConnection } from './cluster/connection.js'
import { unlessAborted, within } from './cluster/patience.js'
import { closedFailure, failureOf, reasonOf, type Speaker } from './failure.js'
import { Membership, type MembershipOptions } from './group/membership.js'
import { Sender } from './publish/sender.js'
import { Fetcher } from './read/fetcher.js'
import type { TopicTable } from './topics/topic-settings.js'
import { Topics } from './topics/topics.js'
import type { Compression } from './wire/encode-batch.js'

export interface ClientOptions {
  readonly connection: CheckedConnection
  readonly speaker: Speaker
  readonly logger: Logger
  readonly prefix: string
  readonly topics: TopicTable
  readonly createTopics: boolean
  readonly compression: Compression
  readonly deliveryTimeoutMs: number
  readonly batchBytes: number
  readonly partitionBytes: number
  readonly sessionTimeoutMs: number
  readonly handoverMs?: number | undefined
}

/** How long a broker waits with an answer when there is nothing to read (ms). */
const maxWaitMs = 500
/** How long a check may take (ms). */
const checkMs = 5_000
/** What goes wrong is said this often at most (ms). */
const troubleEveryMs = 5_000

/** What bus, source and sink have in common: the brokers, and the ways to read, write and share. */
export class Client {
  readonly speaker: Speaker
  readonly cluster: Cluster
  readonly topics: Topics
  readonly sender: Sender
  readonly fetcher: Fetcher
  readonly #options: ClientOptions
  readonly #closing = new AbortController()
  readonly #memberships = new Set<Membership>()
  #closed: Promise<void> | undefined
  #saidAt = Number.NEGATIVE_INFINITY

  constructor(options: ClientOptions) {
    const { connection, speaker, logger, prefix, deliveryTimeoutMs } = options
    this.#options = options
    this.speaker = speaker
    this.cluster = new Cluster(connection)
    const { cluster } = this
    this.topics = new Topics({
      cluster,
      speaker,
      table: options.topics,
      prefix,
      create: options.createTopics,
      timeoutMs: deliveryTimeoutMs,
    })
    this.sender = new Sender({
      cluster,
      speaker,
      compression: options.compression,
      deliveryTimeoutMs,
      batchBytes: options.batchBytes,
    })
    this.fetcher = new Fetcher({
      cluster,
      speaker,
      partitionBytes: options.partitionBytes,
      maxWaitMs,
      onTrouble: (problem) => this.#trouble(problem),
      onFetched: (fetched) => logger.debug({ kafka: speaker.name, ...fetched }, 'fetched from Kafka'),
    })
  }

  /** Aborted when it is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal
  }

  /** @throws AndonError when it is closed */
  use(): void {
    if (this.closing.aborted) throw closedFailure(this.speaker)
  }

  /**
   * Where a topic is at the broker, however long that takes; undefined when one of the signals is aborted meanwhile.
   *
   * @throws AndonError when trying again will not help
   */
  async place(topic: string, signals: readonly AbortSignal[]): Promise<TopicPlace | undefined> {
    while (signals.every(({ aborted }) => !aborted)) {
      try {
        return await unlessAborted(this.topics.place(topic), signals)
      } catch (error) {
        if (!isAndonError(error) || !error.retryable) throw error
        this.#trouble(error)
      }
    }
    return undefined
  }

  /** Takes a place in a group, until it is left or the client is closed. */
  join(
    groupId: string,
    topics: readonly string[],
    handlers: Pick<MembershipOptions, 'give' | 'fail'>,
  ): Membership {
    const { sessionTimeoutMs, handoverMs } = this.#options
    const membership = new Membership({
      cluster: this.cluster,
      speaker: this.speaker,
      groupId,
      topics,
      sessionTimeoutMs,
      handoverMs: handoverMs ?? Math.floor(sessionTimeoutMs / 2),
      onTrouble: (problem) => this.#trouble(problem),
      ...handlers,
    })
    this.#memberships.add(membership)
    void membership.gone.then(() => this.#memberships.delete(membership))
    return membership
  }

  async check(): Promise<Health> {
    try {
      this.use()
      await within(checkMs, this.cluster.admin.metadata({ topics: [], forceUpdate: true }))
      const warnings = [...this.topics.warnings.values()]
      return warnings.length === 0 ? { ok: true } : { ok: true, detail: warnings.join('; ') }
    } catch (error) {
      const doing = { en: 'asking the brokers', zh: '询问服务器' }
      return { ok: false, detail: failureOf(this.speaker, error, doing).message }
    }
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async #close(): Promise<void> {
    this.#closing.abort()
    await Promise.all([...this.#memberships].map((membership) => membership.leave()))
    this.fetcher.end()
    await this.sender.close()
    await this.cluster.close()
  }

  #trouble(problem: unknown): void {
    const now = performance.now()
    if (now - this.#saidAt < troubleEveryMs || this.closing.aborted) return
    this.#saidAt = now
    const details = { kafka: this.speaker.name, problem: reasonOf(problem) }
    this.#options.logger.warn(details, 'Kafka does not answer as it should; trying again')
  }
}
