import assert from 'node:assert/strict'
import type { Detector, Finding, JsonValue } from '@andon/core/connector'
import type { FeedbackRecord } from '@andon/core/feedback'
import { frozen } from './frozen.js'
import { assertPlainData } from './plugin-cases.js'
import type { ContractRunner } from './runner.js'
import { type ContractCase, type Disposable, type Exemptions, type Factory, registerSuite } from './suite.js'

/** A detector under test, and a stream in which it must find something. */
export interface DetectorGiven<S extends JsonValue> extends Disposable {
  readonly detector: Detector<S>
  /** In journal order; each entry is appended at its own `receivedAt`. */
  readonly stream: readonly FeedbackRecord[]
}

export type DetectorCaseId = 'contract' | 'finding' | 'init' | 'replay' | 'batching' | 'snapshot' | 'input'

interface Run {
  readonly findings: readonly Finding[]
  readonly state: JsonValue
}

const jsonCopy = <S extends JsonValue>(state: S): S => JSON.parse(JSON.stringify(state))

/** Feeds the stream in batches of `size`; `between` may replace the state after each of them. */
function runOf<S extends JsonValue>(
  { detector, stream }: DetectorGiven<S>,
  size: number,
  between: (state: S) => S = (state) => state,
): Run {
  const findings: Finding[] = []
  let state = detector.init()
  for (let first = 0; first < stream.length; first += size) {
    const batch = stream.slice(first, first + size)
    const now = new Date(batch.at(-1)?.receivedAt ?? assert.fail('an empty batch'))
    findings.push(...detector.observe(state, batch, now))
    state = between(state)
  }
  return { findings, state: jsonCopy(state) }
}

function detectorCases<S extends JsonValue>(): readonly ContractCase<DetectorGiven<S>, DetectorCaseId>[] {
  return [
    {
      id: 'contract',
      sentence: 'it carries contract: 1, a name and capabilities in plain data',
      async check({ detector }) {
        assert.equal(detector.contract, 1)
        assert.ok(detector.name.trim() !== '')
        assertPlainData(detector.capabilities, 'capabilities')
      },
    },
    {
      id: 'finding',
      sentence:
        'a finding has a key, a title in both languages, a severity of 0 to 10 and evidence it has seen',
      async check(given) {
        const { findings } = runOf(given, 1)
        assert.ok(findings.length > 0, 'it found nothing in the stream, so the suite proves nothing')
        const seen = new Set(given.stream.map(({ feedbackId }) => feedbackId))
        for (const finding of findings) {
          assert.ok(finding.key !== '', 'a finding without a key')
          assert.ok(finding.title.en !== '' && finding.title.zh !== '', `${finding.key}: one language only`)
          assert.ok(finding.severity >= 0 && finding.severity <= 10, `${finding.key}: severity`)
          assert.ok(finding.feedbackIds.length > 0, `${finding.key}: no evidence`)
          assert.ok(
            finding.feedbackIds.every((id) => seen.has(id)),
            `${finding.key}: evidence nobody sent`,
          )
          assertPlainData(finding, `the finding ${finding.key}`)
        }
      },
    },
    {
      id: 'init',
      sentence: 'every init() gives a state of its own',
      async check(given) {
        const untouched = jsonCopy(given.detector.init())
        runOf(given, 1)
        assert.deepEqual(given.detector.init(), untouched)
      },
    },
    {
      id: 'replay',
      sentence: 'a replay finds exactly what the live run found',
      async check(given) {
        assert.deepEqual(runOf(given, 5), runOf(given, 5))
      },
    },
    {
      id: 'batching',
      sentence: 'it finds the same in any batching',
      async check(given) {
        const one = runOf(given, 1)
        for (const size of [2, 7, 64, given.stream.length]) {
          const other = runOf(given, size)
          assert.deepEqual(other.findings, one.findings, `batches of ${size}`)
          assert.deepEqual(other.state, one.state, `the state after batches of ${size}`)
        }
      },
    },
    {
      id: 'snapshot',
      sentence: 'its state is plain JSON: restored from a snapshot after any batch it goes on unchanged',
      async check(given) {
        const restored = runOf(given, 3, (state) => {
          assertPlainData(state, 'the state')
          return jsonCopy(state)
        })
        assert.deepEqual(restored, runOf(given, 3))
      },
    },
    {
      id: 'input',
      sentence: 'it leaves the feedback as it was',
      async check(given) {
        const stream = frozen(structuredClone(given.stream))
        assert.deepEqual(runOf({ ...given, stream }, 4), runOf(given, 4))
      },
    },
  ]
}

/**
 * The contract of a detector, one test for each sentence of it.
 *
 * @param exemptions case id → why this detector cannot keep it; prints as skipped
 */
export function detectorContract<S extends JsonValue>(
  runner: ContractRunner,
  factory: Factory<DetectorGiven<S>>,
  exemptions: Exemptions<DetectorCaseId> = {},
): void {
  registerSuite(runner, 'detector contract v1', detectorCases<S>(), factory, exemptions)
}
