/** Resolves when `change` does or one of the signals is aborted, and leaves no listener behind. */
export function changeOrAbort(change: Promise<void>, ...signals: readonly AbortSignal[]): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      for (const signal of signals) signal.removeEventListener('abort', done)
      resolve()
    }
    for (const signal of signals) {
      if (signal.aborted) return done()
      signal.addEventListener('abort', done)
    }
    void change.then(done)
  })
}
