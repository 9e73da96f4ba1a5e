import type { Client } from 'pg'
import type { Database } from '../database/database.js'

export type Changed = 'actions' | 'signals'

const firstPauseMs = 100
const longestPauseMs = 5000

/**
 * Wakes who waits, in every process. It rings after the commit, on a connection of its own: a NOTIFY inside of a
 * transaction makes all commits of the database take turns, flush included. Rings that come while one is on its way
 * become one. So a ring may be missed, when a process dies right after a commit or its connection is lost.
 */
export class Bell {
  readonly #database: Database
  readonly #channel: string
  readonly #listeners = new Set<{ readonly tell: (changed: Changed) => void }>()
  readonly #wanted = new Set<Changed>()
  #client: Client | undefined
  #ringing = false
  #closed = false
  #pauseMs = firstPauseMs
  #timer: NodeJS.Timeout | undefined

  constructor(database: Database) {
    this.#database = database
    this.#channel = `${database.settings.schema}_changed`
  }

  /** Begins to listen; a lost connection is made again by itself. */
  async open(): Promise<void> {
    this.#closed = false
    await this.#connect()
  }

  ring(changed: Iterable<Changed>): void {
    for (const each of changed) this.#wanted.add(each)
    if (!this.#ringing) void this.#ring()
  }

  listen(tell: (changed: Changed) => void): () => void {
    // One of its own for each call: the same function may listen twice.
    const listener = { tell }
    this.#listeners.add(listener)
    return () => {
      this.#listeners.delete(listener)
    }
  }

  async close(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#timer)
    const client = this.#client
    this.#client = undefined
    await client?.end().catch(() => undefined)
  }

  async #ring(): Promise<void> {
    this.#ringing = true
    while (this.#wanted.size > 0 && this.#client !== undefined) {
      const payload = [...this.#wanted].join(',')
      this.#wanted.clear()
      // Whoever waits looks by itself now and then: nothing is lost with a ring.
      await this.#client
        .query({ name: 'ring', text: 'SELECT pg_notify($1, $2)', values: [this.#channel, payload] })
        .catch(() => undefined)
    }
    this.#ringing = false
  }

  async #connect(): Promise<void> {
    const client = this.#database.client()
    client.on('error', () => this.#lost(client))
    client.on('end', () => this.#lost(client))
    client.on('notification', ({ channel, payload = '' }) => {
      if (channel === this.#channel) this.#tell(payload.split(','))
    })
    try {
      await client.connect()
      // A ring is no data: it need not be flushed to disk.
      await client.query(`SET synchronous_commit = off; LISTEN ${this.#channel}`)
    } catch (error) {
      await client.end().catch(() => undefined)
      throw error
    }
    if (this.#closed) {
      await client.end()
      return
    }
    this.#client = client
    this.#pauseMs = firstPauseMs
    if (this.#wanted.size > 0) void this.#ring()
  }

  #tell(changed: readonly string[]): void {
    for (const each of ['actions', 'signals'] as const) {
      if (changed.includes(each)) for (const { tell } of [...this.#listeners]) tell(each)
    }
  }

  #lost(client: Client): void {
    if (this.#client !== client) return
    this.#client = undefined
    this.#connectLater()
  }

  #connectLater(): void {
    if (this.#closed) return
    this.#timer = setTimeout(() => {
      this.#connect().then(
        // Something may have changed while nobody listened.
        () => this.#tell(['actions', 'signals']),
        () => this.#connectLater(),
      )
    }, this.#pauseMs)
    this.#timer.unref()
    this.#pauseMs = Math.min(2 * this.#pauseMs, longestPauseMs)
  }
}
