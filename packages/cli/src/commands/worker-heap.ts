import v8 from 'node:v8'

/**
 * Node's options for a worker, as on its command line; `andon worker` has them by itself. At a thousand messages a second a full collection, and the marking before it on both of
 * two cores, is what the worst hundredth of actions waits for; most of what it collects had died young.
 */
export const workerHeap: readonly string[] = [
  // Where objects lived long while the worker began, V8 makes all later ones old from the start, and with them lives on
  // whatever they point to, dead or not: megabytes of feedback a second.
  '--no-allocation-site-pretenuring',
  // The next full collection comes when the heap has doubled, and not when it has grown by a tenth.
  '--heap-growing-percent=100',
  // And not because little was allocated for eight seconds, either.
  '--no-memory-reducer',
]

/** For this whole process: a command may do that, a library may not. */
export function settleWorkerHeap(): void {
  for (const option of workerHeap) v8.setFlagsFromString(option)
}
