import type { LaneJournal, Message } from '@andon/core/connector'
import { memoryBroker, memoryBus, memoryStore, sampleEntry, sampleStart } from '@andon/testkit'
import * as fc from 'fast-check'
import { expect, it } from 'vitest'
import { Copier } from '../../../src/engine/worker/copier.js'
import { Repartition } from '../../../src/engine/worker/repartition.js'
import { feedbackMessage } from '../../../src/engine/worker/stream-message.js'
import { parseRules } from '../../../src/rule/index.js'

const rules = parseRules(`CREATE RULE regional AS SELECT region, COUNT(*) AS reports FROM feedbacks
WHERE severity_score > 4 GROUP BY region WINDOW SLIDING INTERVAL '1 hour' HAVING COUNT(*) >= 2 ESCALATE TO quality;`)
const limits = { maxGroups: 100, maxEntriesPerGroup: 100 }
const topic = 'repartition.quality.region'
const batchSize = 5

/** A lane's worth of feedback; every third one is nothing for the rule. */
const entries = Array.from({ length: 60 }, (_, index) =>
  sampleEntry(index, { region: `R-${index % 4}`, severityScore: index % 3 === 0 ? 2 : 7 }),
)
const wanted = entries.filter((_, index) => index % 3 !== 0).map(({ feedback }) => feedback.feedbackId)

async function given() {
  const broker = memoryBroker({ partitions: 1 })
  const store = memoryStore()
  await store.open()
  const journal = store.shared?.lane('feedback.appliance/0')
  if (journal === undefined) throw new TypeError('the reference store is shared')
  let crashes = false
  const bus = memoryBus({ broker })
  const repartition = new Repartition({ bus, stage: 'quality', rules, ...limits })
  const copier = (): Copier =>
    new Copier({
      ...{ routes: repartition.routes, bus, store, name: 'copies/quality@feedback.appliance/0' },
      // Who is gone neither finishes nor fails.
      surely: async (work) => (crashes ? undefined : work()),
    })
  return {
    ...{ journal, copier },
    crash(is: boolean) {
      crashes = is
    },
    copies: (): readonly Message[] => broker.read(topic, 0, 0, 1000),
  }
}

const append = (journal: LaneJournal, from: number) =>
  journal.append({
    items: entries.slice(from, from + batchSize).map((entry, index) => ({
      ...{ kind: 'feedback', position: from + index, at: sampleStart + from + index, entry },
    })),
    quarantined: [],
  })

it('whenever its worker dies, everything that is wanted is copied, in the order of the lane', async () => {
  await fc.assert(
    fc.asyncProperty(fc.subarray(entries.map((_, index) => index)), async (deaths) => {
      const { journal, copier, crash, copies } = await given()
      let current = copier()
      for (let from = 0; from < entries.length; from += batchSize) {
        const answers = await append(journal, from)
        const isLast = deaths.some((index) => index >= from && index < from + batchSize)
        // It has written the lane, and copies nothing of it any more.
        if (isLast) crash(true)
        await current.take(
          answers.map((answer, index) => {
            const entry = entries[from + index]
            if (answer.status !== 'accepted' || entry === undefined) throw new TypeError('all are new')
            const { at } = answer
            return { feedback: entry.feedback, at, message: () => feedbackMessage(entry, at, '') }
          }),
          from + batchSize,
        )
        if (!isLast) continue
        crash(false)
        current = copier()
        await current.recover(journal, (await journal.last()).offset)
      }
      await current.finish()
      const first = [...new Set(copies().map(({ id }) => id))]
      expect(first).toEqual(wanted)
    }),
    { numRuns: 60 },
  )
})

it('what was copied and kept is not copied again, and a copy goes by what its rules group by', async () => {
  const { journal, copier, copies } = await given()
  for (let from = 0; from < entries.length; from += batchSize) await append(journal, from)
  const first = copier()
  await first.recover(journal, entries.length)
  await first.finish()
  const second = copier()
  await second.recover(journal, entries.length)
  expect(copies()).toHaveLength(wanted.length)
  expect(new Set(copies().map(({ key }) => key))).toEqual(
    new Set([0, 1, 2, 3].map((region) => JSON.stringify(['default', `R-${region}`]))),
  )
  expect(copies()[0]?.headers?.['andon-at']).toBe(String(sampleStart + 1))
})
