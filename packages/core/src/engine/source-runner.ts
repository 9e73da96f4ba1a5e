import type { RawPayload } from '../channel/payload.js'
import type { Clock } from '../connector/clock.js'
import type { Source } from '../connector/source.js'
import type { Store } from '../connector/store.js'
import { AndonError, problemOf } from '../errors/index.js'
import { pause } from './pause.js'

export interface SourceRunnerOptions {
  readonly store: Store
  readonly clock: Clock
  readonly ingest: (payloads: readonly RawPayload[]) => Promise<unknown>
  readonly failed: (error: AndonError) => void
}

const longestPause = 60_000

/**
 * Reads one source until stopped: batch, durable ingest, position on disk, then the acknowledgement.
 * A source that fails is started again from the last position, with growing pauses.
 */
export async function runSource(
  name: string,
  source: Source,
  signal: AbortSignal,
  { store, clock, ingest, failed }: SourceRunnerOptions,
): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    try {
      const resumeFrom = await store.position(name)
      const context = resumeFrom === undefined ? { signal } : { signal, resumeFrom }
      for await (const batch of source.receive(context)) {
        await ingest(batch.items.map((item) => ({ ...item, source: item.source ?? name })))
        const { position } = batch
        if (position !== undefined) {
          await store.transaction((transaction) => transaction.setPosition(name, position))
        }
        await batch.commit()
        failures = 0
      }
      // The source has nothing more to give.
      return
    } catch (error) {
      if (signal.aborted) return
      failed(
        new AndonError('SOURCE_FAILED', {
          details: { source: name, problem: problemOf(error) },
          cause: error,
        }),
      )
      await pause(clock, Math.min(longestPause, 500 * 2 ** failures++), signal)
    }
  }
}
