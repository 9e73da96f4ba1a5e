import { type Connection, type Consumer, offsetCommitV8 } from '@platformatic/kafka'
import type { Cluster } from '../cluster/cluster.js'
import { atMost, backoffMs, pause, within } from '../cluster/patience.js'
import { isRefused } from '../failure.js'

/** How far one partition is. */
export interface Progress {
  readonly topic: string
  readonly partition: number
  /** The offset after the last message that is done. */
  readonly position: number
  /** Whether it is still in our hands: nothing is said of what another member may have by now. */
  readonly isOurs: () => boolean
}

export interface CommitsOptions {
  readonly cluster: Cluster
  readonly groupId: string
  /** How long a commit is tried (ms). */
  readonly patienceMs: number
  /** The member of the group that we are at the moment. */
  readonly member: () => Consumer | undefined
}

/** Commits go over a connection of their own: one that waits for a group to gather answers nothing meanwhile. */
const lane = 'commits'

/**
 * Positions on their way to the group's coordinator. What comes while a request is on its way goes with the next one.
 *
 * While a group shares its partitions anew, the coordinator refuses for a moment to hear of positions; then they are said
 * again. The client would join once more instead, and joining waits for the very commits that are under way.
 */
export class Commits {
  readonly #options: CommitsOptions
  #waiting: Map<string, Progress> | undefined
  #saying: Promise<void> = Promise.resolve()

  constructor(options: CommitsOptions) {
    this.#options = options
  }

  /** Resolves when the coordinator has heard it, or need not: whoever has the partition next commits by itself. */
  async commit(progress: Progress): Promise<void> {
    if (!progress.isOurs()) return
    const key = `${progress.partition} ${progress.topic}`
    if (this.#waiting === undefined) {
      const waiting = new Map([[key, progress]])
      this.#waiting = waiting
      this.#saying = this.#saying
        .catch(() => undefined)
        .then(() => {
          this.#waiting = undefined
          return this.#say(waiting)
        })
    } else {
      this.#waiting.set(key, progress)
    }
    await this.#saying
  }

  /** Resolves when nothing is under way. */
  async idle(): Promise<void> {
    await this.#saying.catch(() => undefined)
  }

  async #say(waiting: ReadonlyMap<string, Progress>): Promise<void> {
    const until = performance.now() + this.#options.patienceMs
    for (let tries = 1; ; tries += 1) {
      const ours = [...waiting.values()].filter(({ isOurs }) => isOurs())
      if (ours.length === 0) return
      try {
        return await within(until - performance.now(), this.#try(ours))
      } catch (error) {
        if (isRefused(error)) throw error
        if (performance.now() > until) {
          // What is still on its way there must not be heard after what is said next.
          this.#options.cluster.drop(lane)
          throw error
        }
      }
      await pause(backoffMs(tries), [])
      await this.#lookAround(ours, until)
    }
  }

  /** The coordinator may be on a node that was not there when the cluster was last asked. */
  async #lookAround(progress: readonly Progress[], until: number): Promise<void> {
    const [first] = progress
    if (first === undefined) return
    await atMost(Math.max(1, until - performance.now()), this.#options.cluster.refresh(first.topic))
  }

  async #try(progress: readonly Progress[]): Promise<void> {
    const { groupId } = this.#options
    const member = this.#options.member()
    if (member?.memberId == null) throw new Error('this process is not in the group at the moment')
    const { memberId, generationId } = member
    const connection = await this.#connect(member)
    await offsetCommitV8.api.async(connection, groupId, generationId, memberId, null, byTopic(progress))
  }

  async #connect(member: Consumer): Promise<Connection> {
    return this.#options.cluster.connect(await member.findGroupCoordinator(), lane)
  }
}

function byTopic(progress: readonly Progress[]): Parameters<typeof offsetCommitV8.createRequest>[4] {
  return [...Map.groupBy(progress, ({ topic }) => topic)].map(([name, parts]) => ({
    name,
    partitions: parts.map(({ partition, position }) => ({
      partitionIndex: partition,
      committedOffset: BigInt(position),
      committedLeaderEpoch: -1,
      committedMetadata: null,
    })),
  }))
}
