import type { PoolClient } from 'pg'
import { isConnectionLoss, sqlStateOf } from '../failure.js'
import { queryOf } from './query.js'
import type { Row } from './row.js'
import type { Statement } from './statement.js'

const failedTransaction = '25P02'

/**
 * One transaction on its connection. Statements go out at once, one behind the other, without waiting for the answers
 * before (pipelining): the server runs them in that order.
 */
export class Session {
  readonly #client: PoolClient
  readonly #pending: Promise<unknown>[] = []
  #isUsable = true
  #isGathering = false
  /** What failed first. */
  failure: unknown
  /** The transaction's id, once it is known; and of the server. */
  id: string | undefined
  timeline: string | undefined

  constructor(client: PoolClient) {
    this.#client = client
  }

  get isUsable(): boolean {
    return this.#isUsable
  }

  async run(statement: Statement, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return (await this.#send(statement, values)).rows
  }

  /** Sends a write whose answer is of no interest; `settle` tells when one failed. */
  later(statement: Statement, values: readonly unknown[] = []): void {
    const sent = this.#send(statement, values)
    sent.catch(() => undefined)
    this.#pending.push(sent)
  }

  /** Resolves when everything sent has been done. */
  async settle(): Promise<void> {
    await Promise.all(this.#pending.splice(0))
    if (this.failure !== undefined) throw this.failure
  }

  /** Says how to ask for the transaction when the answer to its commit is lost. */
  identify(id: string, timeline: string): void {
    this.id = id
    this.timeline = timeline
  }

  /**
   * Commits. Gives the error when the connection was lost and the answer with it.
   *
   * @throws when the server refused
   */
  async commit(): Promise<unknown> {
    try {
      const { command } = await this.#send(commit, [])
      if (command !== 'COMMIT') throw new Error('the server rolled the transaction back')
      return undefined
    } catch (error) {
      if (this.#isUsable) throw error
      return error
    }
  }

  async rollback(): Promise<void> {
    if (!this.#isUsable) return
    await this.#send(rollback, []).catch(() => undefined)
  }

  /** What is sent in one turn of the event loop goes in one call of the system: that costs more than all the rest. */
  #gather(): void {
    if (this.#isGathering) return
    this.#isGathering = true
    const { stream } = this.#client.connection
    stream.cork()
    process.nextTick(() => {
      this.#isGathering = false
      stream.uncork()
    })
  }

  async #send(statement: Statement, values: readonly unknown[]) {
    this.#gather()
    try {
      return await this.#client.query<Record<string, unknown>>(queryOf(statement, values))
    } catch (error) {
      if (isConnectionLoss(error)) this.#isUsable = false
      if (sqlStateOf(error) !== failedTransaction) this.failure ??= error
      throw error
    }
  }
}

const commit: Statement = { name: '', text: 'COMMIT' }
const rollback: Statement = { name: '', text: 'ROLLBACK' }
