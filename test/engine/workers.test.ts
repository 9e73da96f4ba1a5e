import type { Action, Signal } from '@andon/core'
import type { RawPayload, Store } from '@andon/core/connector'
import { memorySystem, memoryTarget } from '@andon/testkit'
import { expect, test } from 'vitest'
import { complaints, workerRules } from '../support/distributed/work.mjs'
import { runLoop } from '../support/loop.js'
import { runWorkers } from '../support/workers.js'

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

/** What one process makes of the payloads, as something that workers' store must come to. */
async function aloneOver(payloads: readonly RawPayload[]): Promise<(store: Store) => Promise<void>> {
  const { andon } = await runLoop({ rules: workerRules, targets: { plant: memoryTarget() } })
  await andon.ingest(payloads)
  await andon.settled()
  const signals = found(await andon.signals.list({ limit: 1000 }))
  const actions = done(await andon.actions.list({ limit: 1000 }))
  expect(actions.length).toBeGreaterThan(20)
  return async (store) => {
    expect(found(await store.signals.list({ limit: 1000 }))).toEqual(signals)
    expect(done(await store.actions.list({ limit: 1000 }))).toEqual(actions)
  }
}

test('three workers come to the signals and actions of one process', async () => {
  const payloads = complaints(0, 1200)
  const wanted = await aloneOver(payloads)
  const plant = memoryTarget({ system: memorySystem() })
  const workers = await runWorkers(3, { rules: workerRules, targets: { plant } })
  for (let from = 0; from < payloads.length; from += 50) {
    await workers.andon((from / 50) % 3).ingest(payloads.slice(from, from + 50))
  }
  await workers.until(wanted)
})

test('a worker that dies loses nothing: others take over its partitions, its targets and what it had begun', async () => {
  const payloads = complaints(0, 1500, { seed: 7 })
  const wanted = await aloneOver(payloads)
  const plant = memoryTarget({ system: memorySystem() })
  const workers = await runWorkers(3, { rules: workerRules, targets: { plant } })
  for (let from = 0; from < payloads.length; from += 50) {
    // The first worker has the targets: it started first.
    if (from === 500) workers.die(0)
    await workers
      .andon(from < 500 ? (from / 50) % 3 : 1 + ((from / 50) % 2))
      .ingest(payloads.slice(from, from + 50))
  }
  await workers.until(wanted, 60_000)
}, 90_000)
