import type { Source } from '../connector/source.js'
import { runSource, type SourceRunnerOptions } from './source-runner.js'

interface Reading {
  readonly stop: AbortController
  readonly ended: Promise<void>
}

/** The sources of one process, each read while it is this process's to read. */
export class Sources {
  readonly names: readonly string[]
  readonly #sources: Readonly<Record<string, Source>>
  readonly #options: SourceRunnerOptions
  readonly #readings = new Map<string, Reading>()
  #stopped = false

  constructor(sources: Readonly<Record<string, Source>>, options: SourceRunnerOptions) {
    this.names = Object.keys(sources)
    this.#sources = sources
    this.#options = options
  }

  /** Reads until `leave` or `stop`; a source that was left a moment ago ends first. */
  read(name: string): void {
    const source = this.#sources[name]
    if (source === undefined || this.#stopped) return
    const before = this.#readings.get(name)
    const stop = new AbortController()
    const ended = this.#readAfter(before?.ended, name, source, stop.signal)
    this.#readings.set(name, { stop, ended })
  }

  /** Another process reads it from now on. */
  leave(name: string): void {
    this.#readings.get(name)?.stop.abort()
  }

  /** What has come in is taken in; nothing more is read. */
  async stop(): Promise<void> {
    this.#stopped = true
    for (const name of this.names) this.leave(name)
    await Promise.all([...this.#readings.values()].map(({ ended }) => ended))
  }

  async #readAfter(
    before: Promise<void> | undefined,
    name: string,
    source: Source,
    signal: AbortSignal,
  ): Promise<void> {
    await before
    await runSource(name, source, signal, this.#options)
  }
}
