import type { PoolClient } from 'pg'
import { isConnectionLoss, sqlStateOf } from '../failure.js'
import { queryOf } from './query.js'
import type { Row } from './row.js'
import type { Statement } from './statement.js'

const failedTransaction = '25P02'

/** What a commit gave: the last statement's first row, or what broke the connection. */
export type Committed = { readonly row: Row | undefined } | { readonly lost: unknown }

/**
 * One transaction on its connection. Statements go out at once, one behind the other, without waiting for the answers
 * before (pipelining): the server runs them in that order.
 */
export class Session {
  readonly #client: PoolClient
  readonly #pending: Promise<unknown>[] = []
  #isUsable = true
  #isGathering = false
  /** Its last statement has been sent: what came later would be no part of it. */
  #isOver = false
  /** What failed first. */
  failure: unknown

  constructor(client: PoolClient) {
    this.#client = client
  }

  get isUsable(): boolean {
    return this.#isUsable
  }

  async run(statement: Statement, values: readonly unknown[] = []): Promise<readonly Row[]> {
    return (await this.#send(statement, values)).rows
  }

  /** Sends a write whose answer is of no interest; what fails in it fails the commit. */
  later(statement: Statement, values: readonly unknown[] = []): void {
    this.#notOver()
    const sent = this.#send(statement, values)
    sent.catch(() => undefined)
    this.#pending.push(sent)
  }

  /**
   * Commits, with a last statement before. Gives that one's first row, or the error when the connection was lost, and
   * with it the answer.
   *
   * @throws when something was refused: nothing is committed then
   */
  async commit(last: Statement, values: readonly unknown[] = []): Promise<Committed> {
    // COMMIT takes a transaction back in which anything has failed, so it can go along at once.
    const finished = this.#send(last, values)
    const committed = this.#send(commit, [])
    this.#isOver = true
    await Promise.allSettled([...this.#pending.splice(0), finished, committed])
    if (!this.#isUsable) return { lost: this.failure }
    if (this.failure !== undefined) throw this.failure
    if ((await committed).command !== 'COMMIT') throw new Error('the server took the transaction back')
    return { row: (await finished).rows[0] }
  }

  async rollback(): Promise<void> {
    const rolledBack = this.#isUsable ? this.#send(rollback, []) : undefined
    this.#isOver = true
    // The server takes back by itself what a broken connection leaves, and that connection is not used again.
    await rolledBack?.catch(() => undefined)
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

  /** The connection may be somebody else's by now. */
  #notOver(): void {
    if (this.#isOver) throw new Error('the transaction is over: nothing more can be done in it')
  }

  async #send(statement: Statement, values: readonly unknown[]) {
    this.#notOver()
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
