import { Admin, type Broker, type ClusterMetadata, type Connection } from '@platformatic/kafka'
import { clientOptionsOf, socketOptionsOf } from './client-options.js'
import type { CheckedConnection } from './connection.js'
import { calm, Lanes } from './lanes.js'
import type { NodeLine } from './node-line.js'

/** A topic as the cluster has it now. */
export interface TopicPlace {
  readonly name: string
  /** The cluster's own id of it, in 32 hex digits. */
  readonly id: string
  /** The node that leads each partition; -1: none at the moment. */
  readonly leaders: readonly number[]
}

interface Known {
  readonly place: Promise<TopicPlace>
  readonly since: number
  /** Whether the cluster has not answered yet. */
  asking: boolean
}

/** The brokers: who leads what, and how each of them is reached. */
export class Cluster {
  readonly connection: CheckedConnection
  readonly admin: Admin
  readonly #lanes: Lanes
  readonly #topics = new Map<string, Known>()
  #brokers: ClusterMetadata['brokers'] = new Map()
  #versions: Promise<ReadonlyMap<string, number>> | undefined

  constructor(connection: CheckedConnection) {
    this.connection = connection
    this.admin = new Admin(clientOptionsOf(connection))
    calm(this.admin.connections)
    this.#lanes = new Lanes(connection.clientId, socketOptionsOf(connection))
  }

  /** The latest that is known of a topic; asked of the cluster when that is nothing, or old. */
  topic(name: string): Promise<TopicPlace> {
    const known = this.#topics.get(name)
    if (known === undefined) return this.refresh(name)
    if (!known.asking && Date.now() - known.since > this.connection.refreshMs) {
      // Whoever asks now is answered from what is known: an answer that waits would come after later ones.
      const renewed: Known = { place: known.place, since: Date.now(), asking: false }
      this.#topics.set(name, renewed)
      this.#load(name).then(
        (place) => {
          if (this.#topics.get(name) !== renewed) return
          this.#topics.set(name, { place: Promise.resolve(place), since: Date.now(), asking: false })
        },
        () => undefined,
      )
    }
    return known.place
  }

  /** Asks the cluster anew, for instance because a node no longer leads a partition; once for all who ask meanwhile. */
  refresh(name: string): Promise<TopicPlace> {
    const asked = this.#topics.get(name)
    if (asked?.asking === true) return asked.place
    const place = this.#load(name)
    const known: Known = { place, since: Date.now(), asking: true }
    this.#topics.set(name, known)
    place.then(
      () => {
        known.asking = false
      },
      () => {
        if (this.#topics.get(name) === known) this.#topics.delete(name)
      },
    )
    return place
  }

  async #load(name: string): Promise<TopicPlace> {
    const { brokers, topics } = await this.admin.metadata({ topics: [name], forceUpdate: true })
    this.#brokers = brokers
    const topic = topics.get(name)
    return {
      name,
      id: topic?.id.replaceAll('-', '') ?? '',
      leaders: topic?.partitions.map(({ leader }) => leader) ?? [],
    }
  }

  /** A connection to a node for requests of the client's. */
  async connect(node: number, lane: string): Promise<Connection> {
    return this.#lanes.connection(this.#broker(node), lane)
  }

  /** One for requests of ours; the lane leads to this node only. */
  async line(node: number, lane: string): Promise<NodeLine> {
    return this.#lanes.line(this.#broker(node), lane)
  }

  #broker(node: number): Broker {
    const broker = this.#brokers.get(node)
    if (broker === undefined) throw new Error(`The node ${node} is not known in the cluster.`)
    return broker
  }

  /** Closes the connections of a lane: whatever waits for an answer there fails now. */
  drop(lane: string): void {
    this.#lanes.drop(lane)
  }

  /** The latest version of a request that the brokers know, 0 when they do not know it at all. */
  async version(api: string): Promise<number> {
    this.#versions ??= this.admin
      .listApis()
      .then((apis) => new Map(apis.map(({ name, maxVersion }) => [name, maxVersion])))
    try {
      return (await this.#versions).get(api) ?? 0
    } catch (error) {
      this.#versions = undefined
      throw error
    }
  }

  async close(): Promise<void> {
    this.#lanes.close()
    await this.admin.close().catch(() => undefined)
  }
}
