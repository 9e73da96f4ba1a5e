import { Consumer, type GroupAssignment } from '@platformatic/kafka'
import { clientOptionsOf } from '../cluster/client-options.js'
import type { Cluster } from '../cluster/cluster.js'
import { calm } from '../cluster/lanes.js'
import { atMost, backoffMs } from '../cluster/patience.js'
import { failureOf, isRefused, type Speaker } from '../failure.js'
import { assign } from './assign.js'
import { Commits } from './commits.js'

/** One partition in this member's hands. */
export interface Holding {
  readonly topic: string
  readonly number: number
  readonly lost: AbortSignal
  /** Nothing is done on its behalf any more. */
  release(): void
  commit(position: number): Promise<void>
}

export interface MembershipOptions {
  readonly cluster: Cluster
  readonly speaker: Speaker
  readonly groupId: string
  readonly topics: readonly string[]
  /** Without a sign of life for so long a member is taken for dead (ms). */
  readonly sessionTimeoutMs: number
  /** How long a member may take to release what it lost (ms). */
  readonly handoverMs: number
  readonly give: (holding: Holding) => void
  /** Trying again will not help. */
  readonly fail: (error: unknown) => void
  readonly onTrouble: (problem: unknown) => void
}

interface Held {
  readonly losing: AbortController
  readonly released: Promise<void>
  readonly topic: string
  readonly number: number
}

const noAnswer = new Error('the coordinator of the group does not answer')

const keyOf = (topic: string, number: number): string => `${number} ${topic}`

/**
 * This process's place in a consumer group. Partitions move one by one (cooperative): who loses one is told, and the
 * next one gets it when it was released, or after a while.
 */
export class Membership {
  readonly #options: MembershipOptions
  readonly #gone = Promise.withResolvers<void>()
  readonly #held = new Map<string, Held>()
  #consumer: Consumer | undefined
  #assigned: readonly GroupAssignment[] = []
  #left = false
  #joining: Promise<void>
  #tries = 0
  #silent = false
  /** When to look next whether topics have grown, by the monotonic clock. */
  #lookAt = 0
  #partitions: number | undefined
  #watchdog: NodeJS.Timeout | undefined
  readonly #commits: Commits

  constructor(options: MembershipOptions) {
    this.#options = options
    const { cluster, groupId, handoverMs } = options
    this.#commits = new Commits({ cluster, groupId, patienceMs: handoverMs, member: () => this.#consumer })
    this.#joining = this.#join()
  }

  /** Tells the holders, waits for them, and says goodbye. May be called twice. */
  async leave(): Promise<void> {
    if (!this.#left) {
      this.#left = true
      this.#end().finally(() => this.#gone.resolve())
    }
    await this.gone
  }

  /** Resolves when it has left. */
  get gone(): Promise<void> {
    return this.#gone.promise
  }

  async #end(): Promise<void> {
    clearTimeout(this.#watchdog)
    await this.#lose([...this.#held.values()])
    await atMost(2_000, this.#commits.idle())
    // Whoever goes in the middle of joining is waited for by the others until its session ends.
    await atMost(2_000, this.#joining)
    await this.#drop()
  }

  /** Leaves the group if there is a connection to say so, and forgets the client. */
  async #drop(): Promise<void> {
    const consumer = this.#consumer
    this.#consumer = undefined
    this.#assigned = []
    if (consumer === undefined) return
    await atMost(2_000, consumer.close(true))
  }

  async #join(): Promise<void> {
    if (this.#left) return
    const consumer = this.#newConsumer()
    this.#consumer = consumer
    try {
      await consumer.joinGroup({})
      this.#tries = 0
    } catch (error) {
      await this.#rejoin(consumer, error)
    }
  }

  /** Begins anew with another client, because this one does not recover by itself. */
  async #rejoin(consumer: Consumer, error: unknown): Promise<void> {
    if (this.#consumer !== consumer || this.#left) return
    clearTimeout(this.#watchdog)
    this.#consumer = undefined
    this.#assigned = []
    consumer.close(true).catch(() => undefined)
    const { speaker, groupId } = this.#options
    if (isRefused(error))
      this.#options.fail(
        failureOf(speaker, error, { en: `joining the group ${groupId}`, zh: `加入消费组 ${groupId}` }),
      )
    this.#options.onTrouble(error)
    await this.#lose([...this.#held.values()])
    if (isRefused(error)) return
    this.#tries += 1
    await new Promise((resolve) => setTimeout(resolve, backoffMs(this.#tries)))
    await this.#join()
  }

  #newConsumer(): Consumer {
    const { cluster, groupId, topics, sessionTimeoutMs, handoverMs } = this.#options
    const consumer: Consumer = new Consumer({
      ...clientOptionsOf(cluster.connection),
      groupId,
      protocols: [{ name: 'cooperative-sticky', version: 3 }],
      // Asked for before each time that this member (re)joins: whatever was taken from it is released by then.
      protocolsMetadata: async () => {
        await this.#settle(consumer)
        return Buffer.alloc(0)
      },
      partitionAssigner: (_current, members, _topics, metadata) => assign(members, metadata),
      sessionTimeout: sessionTimeoutMs,
      heartbeatInterval: Math.max(200, Math.min(1_000, Math.floor(sessionTimeoutMs / 6))),
      rebalanceTimeout: Math.max(sessionTimeoutMs, 2 * handoverMs),
      // Where a worker goes on is known to the store, and to whoever commits: never to a timer.
      autocommit: false,
      retries: 3,
      retryDelay: 200,
    })
    calm(consumer.connections)
    consumer.topics.trackAll(...topics)
    consumer.on('consumer:group:join', ({ assignments }) => {
      if (this.#consumer !== consumer) return
      this.#assigned = assignments ?? []
      this.#heard()
    })
    consumer.on('consumer:heartbeat:end', () => {
      if (this.#consumer === consumer) this.#heard()
    })
    // The client gives up rejoining after a few tries, and says it this way.
    consumer.on('error', (error) => void this.#rejoin(consumer, error))
    return consumer
  }

  /** The group knows that we live. When it has not for nearly a session, it may have given everything to others. */
  #heard(): void {
    clearTimeout(this.#watchdog)
    this.#silent = false
    this.#take()
    if (this.#left) return
    void this.#look()
    this.#watch(() => {
      this.#silent = true
      this.#options.onTrouble(noAnswer)
      void this.#lose([...this.#held.values()])
      this.#revive()
    })
  }

  /** The client beats on through an outage by itself; where it has stopped, another one takes its place. */
  #revive(): void {
    this.#watch(() => {
      const consumer = this.#consumer
      if (consumer === undefined || this.#left) return
      if (consumer.isActive()) this.#revive()
      else void this.#rejoin(consumer, noAnswer)
    })
  }

  #watch(overdue: () => void): void {
    this.#watchdog = setTimeout(overdue, Math.floor(this.#options.sessionTimeoutMs * 0.8))
    this.#watchdog.unref()
  }

  /** Asks for a new sharing when a topic has grown; the group does so when its leader asks. */
  async #look(): Promise<void> {
    const { cluster, topics } = this.#options
    const now = performance.now()
    if (now < this.#lookAt) return
    this.#lookAt = now + cluster.connection.refreshMs
    const places = await Promise.all(topics.map((topic) => cluster.topic(topic))).catch(() => [])
    if (places.length === 0) return
    const count = places.reduce((sum, { leaders }) => sum + leaders.length, 0)
    const grown = this.#partitions !== undefined && count > this.#partitions
    this.#partitions = Math.max(count, this.#partitions ?? 0)
    const consumer = this.#consumer
    if (!grown || this.#left || consumer === undefined) return
    try {
      await consumer.joinGroup({})
    } catch (error) {
      await this.#rejoin(consumer, error)
    }
  }

  /** Gives up what is not ours any more, before the group is told so. */
  async #settle(consumer: Consumer): Promise<void> {
    const assignments = consumer.assignments ?? []
    const ours = new Set(
      assignments.flatMap(({ topic, partitions }) => partitions.map((number) => keyOf(topic, number))),
    )
    this.#assigned = assignments
    await this.#lose([...this.#held].filter(([key]) => !ours.has(key)).map(([, held]) => held))
  }

  /** Hands on what is assigned and in nobody's hands here. */
  #take(): void {
    if (this.#left || this.#silent) return
    for (const { topic, partitions } of this.#assigned) {
      for (const number of partitions) if (!this.#held.has(keyOf(topic, number))) this.#give(topic, number)
    }
  }

  #give(topic: string, number: number): void {
    const key = keyOf(topic, number)
    const losing = new AbortController()
    const { promise, resolve } = Promise.withResolvers<void>()
    const held: Held = { losing, released: promise, topic, number }
    this.#held.set(key, held)
    this.#options.give({
      topic,
      number,
      lost: losing.signal,
      release: () => {
        resolve()
        if (this.#held.get(key) !== held) return
        this.#held.delete(key)
        // Where it is still ours it is handed on again: not at once when it was given back, for there was a reason.
        setTimeout(() => this.#take(), losing.signal.aborted ? 0 : 250).unref()
      },
      commit: (position) =>
        this.#commits.commit({
          topic,
          partition: number,
          position,
          isOurs: () => this.#held.get(key) === held,
        }),
    })
  }

  /** Tells holders that they lose these, and waits for them to release. */
  async #lose(some: readonly Held[]): Promise<void> {
    if (some.length === 0) return
    for (const { losing } of some) losing.abort()
    await atMost(this.#options.handoverMs, Promise.all(some.map(({ released }) => released)))
    for (const held of some) {
      const key = keyOf(held.topic, held.number)
      if (this.#held.get(key) === held) this.#held.delete(key)
    }
    this.#take()
  }
}
