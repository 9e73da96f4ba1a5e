import { type NewEntry, systemClock } from '@andon/core/connector'
import { memoryStore, sampleEntry, sampleStart } from '@andon/testkit'
import { expect, it } from 'vitest'
import { kindTable } from '../../src/action/kinds/kinds.js'
import { HeadStart } from '../../src/engine/actuation/head-start.js'
import { Detection } from '../../src/engine/detection.js'
import { Analysis } from '../../src/engine/stream/analysis.js'
import { Tail } from '../../src/engine/stream/tail.js'
import { parseRules } from '../../src/rule/index.js'
import { RuleEngine } from '../../src/rule/runtime/rule-engine.js'

/** It fires with the first, and counts all others. */
const rules =
  parseRules(`CREATE RULE counting AS SELECT product_model AS model, COUNT(*) AS reports FROM feedbacks
GROUP BY product_model WINDOW SLIDING INTERVAL '1 hour' HAVING COUNT(*) >= 1 ONCE PER INTERVAL '1 day'
ESCALATE TO quality;`)
const stage = 'analysis/quality@feedback.appliance/0'

async function given(worked: () => void) {
  const store = memoryStore()
  await store.open()
  const journal = store.shared?.lane('feedback.appliance/0')
  if (journal === undefined) throw new TypeError('the reference store is shared')
  const failures = { commits: 0 }
  const analysis = new Analysis({
    ...{ stage, store, tail: new Tail(), rules: new RuleEngine(rules, limits), snapshotEvery: 1000 },
    journal: { ...journal, find: (id) => store.journal.find(id) },
    transaction: (work) =>
      failures.commits-- > 0 ? Promise.reject(new Error('no answer')) : store.transaction(work),
    detection: new Detection([], () => undefined),
    counter: { add: () => undefined, pending: () => [], clear: () => undefined },
    propose: {
      ...{ kinds: kindTable([]), targets: {} },
      policy: () => ({ status: 'awaiting-approval', note: { en: 'asks', zh: '询问' } }),
      phases: { phaseOf: () => undefined, load: async () => undefined },
      verification: { settleMs: 0, windowMs: 1, minimumEffect: 0 },
    },
    silences: { covers: () => false, load: async () => undefined },
    headStart: () =>
      new HeadStart({
        clock: systemClock,
        kinds: new Map(),
        laneOf: () => undefined,
        unsure: () => undefined,
      }),
    effects: () => undefined,
    failed: () => undefined,
    worked,
    pause: async () => undefined,
  })
  return {
    ...{ store, analysis, failures },
    async append(position: number, ...entries: readonly NewEntry[]) {
      const items = entries.map((entry, index) => ({
        ...{ kind: 'feedback' as const, position: position + index, at: sampleStart, entry },
      }))
      await journal.append({ items, quarantined: [] })
    },
    counted: async (): Promise<number> => (await store.signals.list())[0]?.occurrences ?? 0,
  }
}
const limits = { maxGroups: 100, maxEntriesPerGroup: 100 }

it.each([
  ['are told when it stops between two batches', 0, { counted: 3, checkpoint: 3 }],
  ['are counted again by the next one, when they cannot be told', 1, { counted: 1, checkpoint: 1 }],
])('counts that were held back %s', async (_, commits, expected) => {
  let halting: Promise<void> | undefined
  let halts = false
  const here = await given(() => {
    if (halts) halting ??= here.analysis.halt()
  })
  await here.analysis.recover()
  await here.append(0, sampleEntry(1))
  here.analysis.wake()
  await here.analysis.settle()
  expect(await here.counted()).toBe(1)
  await here.append(1, sampleEntry(2), sampleEntry(3))
  halts = true
  here.failures.commits = commits
  here.analysis.wake()
  await here.analysis.settle()
  await halting
  await here.analysis.snapshot()
  expect({ counted: await here.counted(), checkpoint: await here.store.checkpoint(stage) }).toEqual(expected)
})
