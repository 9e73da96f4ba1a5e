import { once } from 'node:events'

/** What a command may touch of the process around it; tests hand in their own. */
export interface Io {
  /** Where results go. */
  readonly out: Output
  /** Where progress and problems go. */
  readonly err: Output
  readonly env: Readonly<Record<string, string | undefined>>
  /** Calls back for SIGINT and SIGTERM; returns how to stop listening. */
  onSignal(listener: () => void): () => void
}

export interface Output {
  write(text: string): void
  /** Resolves when little of what was written waits to leave the process; absent where nothing ever waits. */
  drained?(): Promise<void>
  readonly isTerminal: boolean
  /** Columns of the terminal; 80 when unknown. */
  readonly width: number
}

/** Ctrl-C reaches the command from the terminal and again from npm: what comes together is one press. */
const onePressMs = 200

/** The real process. */
export function processIo(): Io {
  return {
    out: outputOf(process.stdout),
    err: outputOf(process.stderr),
    env: process.env,
    onSignal(listener) {
      let last = Number.NEGATIVE_INFINITY
      const heard = (): void => {
        const now = performance.now()
        if (now - last < onePressMs) return
        last = now
        listener()
      }
      for (const name of ['SIGINT', 'SIGTERM'] as const) process.on(name, heard)
      return () => {
        for (const name of ['SIGINT', 'SIGTERM'] as const) process.off(name, heard)
      }
    },
  }
}

function outputOf(stream: NodeJS.WriteStream): Output {
  return {
    write: (text) => void stream.write(text),
    async drained() {
      if (stream.writableNeedDrain) await once(stream, 'drain')
    },
    isTerminal: stream.isTTY === true,
    get width() {
      return stream.columns ?? 80
    },
  }
}
