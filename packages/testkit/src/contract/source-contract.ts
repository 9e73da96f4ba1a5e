import assert from 'node:assert/strict'
import type { Batch, Position, RawPayload, ReceiveContext, Source } from '@andon/core/connector'
import { type PluginCaseId, type PluginGiven, pluginCases } from './plugin-cases.js'
import type { ContractRunner } from './runner.js'
import { type ContractCase, type Exemptions, type Factory, needed, registerSuite } from './suite.js'
import { commit, patience, promptly, type Reader, readerOf, settle, within } from './waiting.js'

/** A source under test and its upstream. Every call of the factory gives a fresh upstream. */
export interface SourceGiven extends PluginGiven {
  readonly source: Source
  /** Puts `count` more payloads upstream, in order, and returns how each will be recognised. */
  offer(count: number): Promise<readonly string[]>
  /** The mark that `offer` returned for this payload. */
  markOf(payload: RawPayload): string
  /** Another source over the same upstream, as a process has it that comes up after a kill -9. */
  restart(): Promise<Source>
  /** The longest wait for one batch; default 10,000. */
  readonly patienceMs?: number
  readonly readAhead?: {
    /** How many payloads the source holds at most that its reader has not asked for. */
    readonly limit: number
    /** How many it has taken from upstream so far. */
    pulled(): number | Promise<number>
  }
}

export type SourceCaseId =
  | PluginCaseId
  | 'delivery'
  | 'abort'
  | 'aborted'
  | 'uncommitted'
  | 'uncommitted-tail'
  | 'committed'
  | 'committed-closed'
  | 'early-end'
  | 'position'
  | 'backpressure'

/** Reads as an engine does: remembers the position of the last batch that was committed. */
function engineOver(given: SourceGiven): {
  open(source: Source): Reader<RawPayload>
  keep(batch: Batch<RawPayload>): Promise<void>
  marks(payloads: readonly RawPayload[]): readonly string[]
} {
  let position: Position | undefined
  return {
    open: (source) =>
      readerOf((signal) => {
        const context: ReceiveContext = position === undefined ? { signal } : { signal, resumeFrom: position }
        return source.receive(context)
      }, given.patienceMs),
    async keep(batch) {
      await batch.commit()
      position = batch.position ?? position
    },
    marks: (payloads) => payloads.map((payload) => given.markOf(payload)),
  }
}

const sourceCases: readonly ContractCase<SourceGiven, SourceCaseId>[] = [
  ...pluginCases<SourceGiven>((given) => given.source),
  {
    id: 'delivery',
    sentence: 'it brings every payload once while nothing fails, in the order it was offered',
    async check(given) {
      const engine = engineOver(given)
      const before = await given.offer(12)
      const reader = engine.open(given.source)
      const first = await reader.take(12, engine.keep)
      const after = await given.offer(8)
      const second = await reader.take(8, engine.keep)
      await reader.stop()
      assert.deepEqual(engine.marks([...first, ...second]), [...before, ...after])
    },
  },
  {
    id: 'abort',
    sentence: 'an aborted signal ends an iteration that waits, promptly and without an error',
    async check(given) {
      const engine = engineOver(given)
      await given.offer(1)
      const reader = engine.open(given.source)
      await reader.take(1, engine.keep)
      const waiting = reader.next()
      waiting.catch(() => undefined)
      await settle()
      await reader.stop()
      await within(waiting, promptly, 'the step that waited')
    },
  },
  {
    id: 'aborted',
    sentence: 'a signal that was aborted before ends the iteration at once',
    async check(given) {
      await given.offer(1)
      const signal = AbortSignal.abort()
      const iterator = given.source.receive({ signal })[Symbol.asyncIterator]()
      const step = await within(iterator.next(), promptly, 'the end')
      assert.equal(step.done, true, 'it brought a batch for a signal that was aborted before')
    },
  },
  {
    id: 'uncommitted',
    sentence: 'what was not committed is brought again',
    async check(given) {
      const engine = engineOver(given)
      const offered = await given.offer(6)
      const reader = engine.open(given.source)
      await reader.take(6)
      await reader.stop()
      const again = engine.open(await given.restart())
      const items = await again.take(6, engine.keep)
      await again.stop()
      assert.deepEqual(engine.marks(items), offered)
    },
  },
  {
    id: 'uncommitted-tail',
    sentence: 'of two batches only the one that was not committed is brought again',
    async check(given) {
      const engine = engineOver(given)
      const first = await given.offer(3)
      const reader = engine.open(given.source)
      const kept = engine.marks(await reader.take(3, engine.keep))
      assert.deepEqual(kept, first)
      const second = await given.offer(3)
      await reader.take(3)
      await reader.stop()
      const again = engine.open(await given.restart())
      const items = await again.take(3, engine.keep)
      await again.stop()
      assert.deepEqual(engine.marks(items), second)
    },
  },
  {
    id: 'committed',
    sentence: 'what was committed is not brought again after a restart',
    async check(given) {
      const engine = engineOver(given)
      await given.offer(5)
      const reader = engine.open(given.source)
      await reader.take(5, engine.keep)
      await reader.stop()
      const later = await given.offer(2)
      const again = engine.open(await given.restart())
      const items = await again.take(2, engine.keep)
      await again.stop()
      assert.deepEqual(engine.marks(items), later)
    },
  },
  {
    id: 'committed-closed',
    sentence: 'what was committed is not brought again, also when the source is closed at that moment',
    async check(given) {
      const engine = engineOver(given)
      await given.offer(5)
      const closing = await given.restart()
      const reader = engine.open(closing)
      await reader.take(5, engine.keep)
      await closing.close?.()
      await reader.stop()
      const later = await given.offer(2)
      const again = engine.open(await given.restart())
      const items = await again.take(2, engine.keep)
      await again.stop()
      assert.deepEqual(engine.marks(items), later)
    },
  },
  {
    id: 'early-end',
    sentence: 'a reader that leaves the loop early loses nothing',
    async check(given) {
      const engine = engineOver(given)
      const offered = await given.offer(4)
      const iterator = given.source.receive({ signal: new AbortController().signal })[Symbol.asyncIterator]()
      await within(iterator.next(), given.patienceMs ?? patience, 'the first batch')
      // What `break` does in a loop.
      const left = Promise.resolve(iterator.return?.())
      await within(left, promptly, 'the end of a loop that was left')
      const again = engine.open(await given.restart())
      const items = await again.take(4, engine.keep)
      await again.stop()
      assert.deepEqual(engine.marks(items), offered)
    },
  },
  {
    id: 'position',
    sentence: 'a position is plain data, so that it can be kept and handed back',
    async check(given) {
      await given.offer(3)
      const reader = readerOf((signal) => given.source.receive({ signal }), given.patienceMs)
      const batch = await reader.next()
      const position = needed(batch?.position, 'position', 'position of a batch')
      assert.deepEqual(JSON.parse(JSON.stringify(position)), position)
      await reader.stop()
    },
  },
  {
    id: 'backpressure',
    sentence: 'the iteration is the backpressure: it does not read ahead without bound',
    async check(given) {
      const { limit, pulled } = needed(given.readAhead, 'backpressure', 'readAhead')
      const count = limit * 4 + 40
      await given.offer(count)
      const reader = readerOf((signal) => given.source.receive({ signal }), given.patienceMs)
      const batch = await reader.next()
      await settle()
      const allowed = (batch?.items.length ?? 0) + limit
      const taken = await pulled()
      assert.ok(taken <= allowed, `it took ${taken} of ${count} for a reader that asked for one batch`)
      await reader.take(count - (batch?.items.length ?? 0), commit)
      await reader.stop()
    },
  },
]

/**
 * The contract of a source, one test for each sentence of it.
 *
 * @param exemptions case id → why this source cannot keep it; prints as skipped
 * @example
 * sourceContract({ describe, it }, () => startedUpstream())
 */
export function sourceContract(
  runner: ContractRunner,
  factory: Factory<SourceGiven>,
  exemptions: Exemptions<SourceCaseId> = {},
): void {
  registerSuite(runner, 'source contract v1', sourceCases, factory, exemptions)
}
