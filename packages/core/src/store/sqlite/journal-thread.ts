import { type MessagePort, parentPort, workerData } from 'node:worker_threads'
import { isAndonError, problemOf } from '../../errors/index.js'
import { JournalFile } from './journal-file.js'
import type { JournalAnswer, JournalReply, JournalRequest } from './journal-messages.js'

/**
 * The journal's thread: compression, hashing, deduplication and fsync happen here, beside the host's event
 * loop. Requests that have arrived together share one commit, and are answered in order.
 */
function serve(port: MessagePort, path: string): void {
  const waiting: JournalRequest[] = []
  let file: JournalFile | undefined
  const fail = (id: number, error: unknown): JournalReply =>
    isAndonError(error)
      ? { id, code: error.code, details: error.details }
      : { id, code: 'STORE_FAILED', details: { operation: 'write the journal', problem: problemOf(error) } }

  function work(journal: JournalFile, request: JournalRequest): JournalAnswer {
    switch (request.kind) {
      case 'append':
        return journal.append(request.at, request.packed)
      case 'tick':
        return journal.appendTick(request.at)
      case 'trim':
        return journal.trim(request.before, request.keepFrom)
      case 'close':
        return null
    }
  }

  /** Frees a batch's bytes now: this thread makes so little garbage of its own that its collector comes too late. */
  function release({ buffer }: Uint8Array<ArrayBuffer>): void {
    buffer.transfer(0)
  }

  function drain(): void {
    const requests = waiting.splice(0)
    try {
      file ??= new JournalFile(path)
      const journal = file
      const answers = journal.commit(() => requests.map((request) => work(journal, request)))
      for (const request of requests) if (request.kind === 'append') release(request.packed.bytes)
      const closing = requests.find(({ kind }) => kind === 'close')
      if (closing !== undefined) {
        journal.close()
        file = undefined
      }
      for (const [index, { id }] of requests.entries())
        port.postMessage({ id, answer: answers[index] ?? null })
      if (closing !== undefined) port.close()
    } catch (error) {
      for (const { id } of requests) port.postMessage(fail(id, error))
    }
  }

  port.on('message', (request: JournalRequest) => {
    waiting.push(request)
    if (waiting.length === 1) setImmediate(drain)
  })
}

if (parentPort !== null) serve(parentPort, String(workerData))
