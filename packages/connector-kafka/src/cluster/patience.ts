/** How long to wait before a next try: twice as long each time, up to a second, and never quite alike. */
export function backoffMs(tries: number): number {
  const longest = Math.min(1_000, 25 * 2 ** Math.min(tries, 10))
  return Math.round(longest * (0.5 + Math.random() / 2))
}

/** The promise's result, if it comes in time. */
export async function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let late: NodeJS.Timeout | undefined
  const silence = new Promise<never>((_, reject) => {
    late = setTimeout(() => reject(new Error('the broker does not answer')), Math.max(1, ms))
  })
  try {
    return await Promise.race([promise, silence])
  } finally {
    clearTimeout(late)
  }
}

/** Waits for something to end, well or not, and not longer. */
export async function atMost(ms: number, something: Promise<unknown>): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  const late = setTimeout(resolve, ms)
  something.catch(() => undefined).finally(resolve)
  await promise
  clearTimeout(late)
}

/** The promise's result, or undefined as soon as one of the signals is aborted. */
export async function unlessAborted<T>(
  promise: Promise<T>,
  signals: readonly AbortSignal[],
): Promise<T | undefined> {
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>()
  const abort = (): void => resolve(undefined)
  for (const signal of signals) {
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort)
  }
  try {
    return await Promise.race([promise, aborted])
  } finally {
    for (const signal of signals) signal.removeEventListener('abort', abort)
    promise.catch(() => undefined)
  }
}

/** Waits, and not longer than until one of the signals is aborted. */
export async function pause(ms: number, signals: readonly AbortSignal[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const over = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms)
  })
  await unlessAborted(over, signals)
  clearTimeout(timer)
}
