import {
  type Broker,
  type Connection,
  type ConnectionOptions,
  ConnectionPool,
  type ConnectionPoolEventPayload,
} from '@platformatic/kafka'
import { NodeLine } from './node-line.js'

/**
 * An error of a connection is told to whoever asked something of it; what nobody asked for must not bring the process
 * down, as an `error` event without a listener does.
 */
export function calm(pool: ConnectionPool): ConnectionPool {
  pool.on('connecting', ({ connection }: ConnectionPoolEventPayload) => {
    connection.on('error', () => undefined)
  })
  return pool
}

/**
 * Connections by what they are for. Those of different lanes do not wait for each other: a broker answers the requests of
 * one connection in their order.
 */
export class Lanes {
  readonly #clientId: string
  readonly #options: ConnectionOptions
  readonly #pools = new Map<string, ConnectionPool>()
  readonly #lines = new Map<string, NodeLine>()
  #isClosed = false

  constructor(clientId: string, options: ConnectionOptions) {
    this.#clientId = clientId
    this.#options = options
  }

  /** For the client's own requests. */
  async connection(broker: Broker, lane: string): Promise<Connection> {
    return this.#pool(lane).get(broker)
  }

  /** For ours; in a lane that leads to one node and has nothing else in it. */
  async line(broker: Broker, lane: string): Promise<NodeLine> {
    const known = this.#lines.get(lane)
    if (known?.isOpen && leadsTo(known, broker)) return known
    const connection = await this.connection(broker, lane)
    // Whoever asked at the same time has it by now, and there is one line a connection.
    const other = this.#lines.get(lane)
    if (other?.connection === connection) return other
    other?.close()
    const line = new NodeLine(connection, this.#clientId)
    this.#lines.set(lane, line)
    return line
  }

  #pool(lane: string): ConnectionPool {
    if (this.#isClosed) throw new Error('closed')
    const known = this.#pools.get(lane)
    if (known !== undefined) return known
    const pool = calm(new ConnectionPool(this.#clientId, this.#options))
    this.#pools.set(lane, pool)
    return pool
  }

  /** Closes the connections of a lane: whatever waits for an answer there fails now. */
  drop(lane: string): void {
    this.#lines.get(lane)?.close()
    this.#lines.delete(lane)
    const pool = this.#pools.get(lane)
    this.#pools.delete(lane)
    // What cannot be closed is broken already, and nobody waits for it any more.
    pool?.close().catch(() => undefined)
  }

  close(): void {
    this.#isClosed = true
    const lanes = [...this.#pools.keys()]
    for (const lane of lanes) this.drop(lane)
  }
}

/** A node may come back at another place. */
const leadsTo = ({ connection }: NodeLine, { host, port }: Broker): boolean =>
  connection.host === host && connection.port === port
