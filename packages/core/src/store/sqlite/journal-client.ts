import { Worker } from 'node:worker_threads'
import { AndonError, problemOf } from '../../errors/index.js'
import type { JournalAnswer, JournalReply, JournalRequest } from './journal-messages.js'

interface Waiting {
  readonly resolve: (answer: JournalAnswer) => void
  readonly reject: (error: AndonError) => void
}

type Unnumbered<T> = T extends unknown ? Omit<T, 'id'> : never

/** Talks to the journal's thread. The thread never keeps the host process alive when it has nothing to do. */
export class JournalClient {
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  #next = 1
  #gone: AndonError | undefined

  constructor(path: string) {
    this.#worker = new Worker(new URL('./journal-thread.js', import.meta.url), { workerData: path })
    this.#worker.unref()
    this.#worker.on('message', (reply: JournalReply) => this.#settle(reply))
    this.#worker.on('error', (error) => this.#lost(problemOf(error)))
    this.#worker.on('exit', () => this.#lost('its thread has ended'))
  }

  /** `transfer`: buffers that are handed over and are empty here afterwards. */
  ask(request: Unnumbered<JournalRequest>, transfer: readonly ArrayBuffer[] = []): Promise<JournalAnswer> {
    if (this.#gone !== undefined) return Promise.reject(this.#gone)
    return new Promise((resolve, reject) => {
      const id = this.#next++
      if (this.#waiting.size === 0) this.#worker.ref()
      this.#waiting.set(id, { resolve, reject })
      this.#worker.postMessage({ ...request, id }, [...transfer])
    })
  }

  #settle(reply: JournalReply): void {
    const waiting = this.#waiting.get(reply.id)
    this.#waiting.delete(reply.id)
    if (this.#waiting.size === 0) this.#worker.unref()
    if ('answer' in reply) waiting?.resolve(reply.answer)
    else waiting?.reject(new AndonError(reply.code, { details: reply.details }))
  }

  #lost(problem: string): void {
    this.#gone ??= new AndonError('STORE_FAILED', { details: { operation: 'write the journal', problem } })
    for (const { reject } of this.#waiting.values()) reject(this.#gone)
    this.#waiting.clear()
  }
}
