import type { TopicNeed } from '@andon/core/connector'
import type { Cluster, TopicPlace } from '../cluster/cluster.js'
import { backoffMs, within } from '../cluster/patience.js'
import { failed, failureOf, isRefused, reasonOf, type Said, type Speaker, says } from '../failure.js'
import { configuredPartitions, settingsOf, type TopicTable } from './topic-settings.js'

export interface TopicsOptions {
  readonly cluster: Cluster
  readonly speaker: Speaker
  readonly table: TopicTable
  /** What each topic's name begins with at the broker. */
  readonly prefix: string
  /** Whether topics that are not there may be made. */
  readonly create: boolean
  /** How long to try (ms). */
  readonly timeoutMs: number
}

const isUnknown = (error: unknown): boolean =>
  says(error, 'apiId', 'UNKNOWN_TOPIC_OR_PARTITION') || /^Unknown topic /.test(reasonOf(error))
/** The cluster is busy with itself: everything else about making a topic does not pass by waiting. */
const passes = (error: unknown): boolean => !says(error, 'canRetry', false)

/** Topics as they have to be: made when they are not there, checked when they are, never changed. */
export class Topics {
  readonly #options: TopicsOptions
  readonly #ready = new Map<string, Promise<TopicPlace>>()
  /** What is not as configured and does no harm. */
  readonly warnings = new Map<string, string>()

  constructor(options: TopicsOptions) {
    this.#options = options
  }

  nameAtBroker(topic: string): string {
    return this.#options.prefix + topic
  }

  async prepare(needs: readonly TopicNeed[]): Promise<void> {
    for (const { topic, partitions } of needs) {
      const place = this.#prepare(topic, partitions)
      this.#remember(topic, place)
      await place
    }
  }

  /** Where a topic is; prepared the first time that it is asked for. */
  async place(topic: string): Promise<TopicPlace> {
    const known = this.#ready.get(topic) ?? this.#remember(topic, this.#prepare(topic))
    await known
    return this.#options.cluster.topic(this.nameAtBroker(topic))
  }

  #remember(topic: string, place: Promise<TopicPlace>): Promise<TopicPlace> {
    this.#ready.set(topic, place)
    place.catch(() => {
      if (this.#ready.get(topic) === place) this.#ready.delete(topic)
    })
    return place
  }

  async #prepare(topic: string, needed?: number): Promise<TopicPlace> {
    const { table, speaker } = this.#options
    const least = needed ?? configuredPartitions(topic, table)
    const place = (await this.#found(topic)) ?? (await this.#made(topic, needed))
    const there = place.leaders.length
    this.warnings.delete(topic)
    if (least !== undefined && there < least) {
      const problem = {
        en: `the topic ${place.name} has ${there} partitions, and ${least} are needed`,
        zh: `主题 ${place.name} 有 ${there} 个分区，需要 ${least} 个`,
      }
      throw failed(speaker, problem, { retryable: false })
    }
    if (least !== undefined && there > least) {
      this.warnings.set(topic, `the topic ${place.name} has ${there} partitions, ${least} are configured`)
    }
    return place
  }

  /** As it is in the cluster; undefined when it is not there. */
  async #found(topic: string): Promise<TopicPlace | undefined> {
    const { cluster } = this.#options
    const name = this.nameAtBroker(topic)
    return this.#patiently({ en: `looking for the topic ${name}`, zh: `查找主题 ${name}` }, async () => {
      try {
        return await cluster.refresh(name)
      } catch (error) {
        if (isUnknown(error)) return undefined
        throw error
      }
    })
  }

  async #made(topic: string, needed: number | undefined): Promise<TopicPlace> {
    const { cluster, table, speaker, create } = this.#options
    const name = this.nameAtBroker(topic)
    if (!create) {
      const problem = {
        en: `the topic ${name} is not there, and it may not be made from here`,
        zh: `主题 ${name} 不存在，且此处不允许创建`,
      }
      throw failed(speaker, problem, { retryable: false })
    }
    const { partitions, retention, replicas } = settingsOf(topic, table)
    const configs = [
      // The broker's own clock, so that a process whose clock is behind does not date messages back.
      { name: 'message.timestamp.type', value: 'LogAppendTime' },
      ...(retention === 'compact'
        ? [{ name: 'cleanup.policy', value: 'compact' }]
        : [
            { name: 'cleanup.policy', value: 'delete' },
            { name: 'retention.ms', value: String(retention) },
          ]),
    ]
    await this.#patiently({ en: `making the topic ${name}`, zh: `创建主题 ${name}` }, async () => {
      try {
        await cluster.admin.createTopics({
          topics: [{ topic: name, partitions: needed ?? partitions, replicas }],
          configs,
        })
      } catch (error) {
        if (!says(error, 'apiId', 'TOPIC_ALREADY_EXISTS')) throw error
      }
    })
    return this.#patiently(
      { en: `waiting for the topic ${name}`, zh: `等待主题 ${name}` },
      async () => {
        const place = await cluster.refresh(name)
        if (place.leaders.length > 0 && place.leaders.every((leader) => leader >= 0)) return place
        throw new Error('not all of its partitions have a leader yet')
      },
      isUnknown,
    )
  }

  /** Tries for a while what may pass. */
  async #patiently<T>(doing: Said, attempt: () => Promise<T>, mayPass = passes): Promise<T> {
    const { speaker, timeoutMs } = this.#options
    const until = performance.now() + timeoutMs
    for (let tries = 1; ; tries += 1) {
      try {
        return await within(until - performance.now(), attempt())
      } catch (error) {
        const wait = backoffMs(tries)
        if (isRefused(error) || !(passes(error) || mayPass(error)) || performance.now() + wait > until) {
          throw failureOf(speaker, error, doing)
        }
        await new Promise((resolve) => setTimeout(resolve, wait))
      }
    }
  }
}
