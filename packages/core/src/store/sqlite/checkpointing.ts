import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/** Starts the checkpoint thread; it never keeps the host process alive. The returned function ends it. */
export function checkpointing(paths: readonly string[]): () => Promise<void> {
  const worker = new Worker(new URL('./checkpoint-thread.js', import.meta.url), { workerData: paths })
  worker.unref()
  // Without it the logs only grow until the last connection closes: slower, never wrong.
  worker.on('error', () => undefined)
  return async () => {
    if (worker.threadId === -1) return
    worker.ref()
    worker.postMessage('close')
    await once(worker, 'exit')
  }
}
