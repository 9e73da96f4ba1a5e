import type { Action, Signal } from '@andon/core'
import { memorySystem, memoryTarget } from '@andon/testkit'
import { expect, test } from 'vitest'
import { runLoop } from '../support/loop.js'
import { complaints, runWorkers, workerRules } from '../support/workers.js'

const byText = (texts: readonly string[]): readonly string[] => texts.toSorted()

/** What must be the same however many processes did the work. */
const found = (signals: readonly Signal[]): readonly string[] =>
  byText(
    signals.map(({ fingerprint, firings, occurrences, severity, status }) =>
      JSON.stringify({ fingerprint, firings, occurrences, severity, status }),
    ),
  )
const done = (actions: readonly Action[]): readonly string[] =>
  byText(actions.map(({ kind, target, params, status }) => JSON.stringify([kind, target, params, status])))

test('three workers come to the signals and actions of one process', async () => {
  const payloads = complaints(1200)
  const { andon } = await runLoop({ rules: workerRules, targets: { plant: memoryTarget() } })
  await andon.ingest(payloads)
  await andon.settled()
  const wanted = {
    signals: found(await andon.signals.list({ limit: 1000 })),
    actions: done(await andon.actions.list({ limit: 1000 })),
  }
  expect(wanted.actions.length).toBeGreaterThan(20)

  const plant = memoryTarget({ system: memorySystem() })
  const workers = await runWorkers(3, { rules: workerRules, targets: { plant } })
  for (let from = 0; from < payloads.length; from += 50) {
    await workers.andon((from / 50) % 3).ingest(payloads.slice(from, from + 50))
  }
  await workers.until(async (store) => {
    expect(found(await store.signals.list({ limit: 1000 }))).toEqual(wanted.signals)
    expect(done(await store.actions.list({ limit: 1000 }))).toEqual(wanted.actions)
  })
})
