import type { Signal } from '@andon/core/connector'
import { memorySystem, memoryTarget } from '@andon/testkit'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { type Loop, runLoop } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'

const hour = 3_600_000
const rules = `CREATE RULE many AS SELECT component_batches.compressor AS batch, COUNT(*) AS reports FROM feedbacks
  GROUP BY component_batches.compressor WINDOW SLIDING INTERVAL '6 hours' HAVING COUNT(*) >= 3
  THEN inspection.request (batch = batch, reason = '{reports} reports') ON mes;`
const verification = { settleMs: hour, windowMs: 3 * hour, minimumEffect: 0.3 }

/** Enough to contain the signal, then a verdict. */
const plain = [4, 2, 0, 1, 0, 3].map((complaints) => ({ complaints, halfHours: 4, restarts: true }))

/** Complaints, then time, then perhaps a restart. */
const chapter = fc.record({
  complaints: fc.nat(4),
  halfHours: fc.integer({ min: 1, max: 6 }),
  restarts: fc.boolean(),
})

interface Verdict {
  readonly verdict: string
  readonly numbers: object
  readonly dueAt: number
}

async function story(
  chapters: readonly { complaints: number; halfHours: number; restarts: boolean }[],
  isDisturbed: boolean,
): Promise<{ verdicts: readonly Verdict[]; status: Signal['status'] | undefined }> {
  const system = memorySystem()
  const open = (before?: Loop): Promise<Loop> =>
    runLoop({
      ...{ rules, verification, targets: { mes: memoryTarget({ name: 'mes', system }) } },
      ...(before === undefined ? {} : { data: before.data, clock: before.clock }),
    })
  let loop = await open()
  let made = 0
  for (const { complaints, halfHours, restarts } of chapters) {
    const at = loop.clock.now()
    await loop.andon.ingest(Array.from({ length: complaints }, () => webPayload({ id: `r-${made++}`, at })))
    await loop.andon.settled()
    if (restarts && isDisturbed) {
      await loop.andon.close()
      loop = await open(loop)
    }
    for (let step = 0; step < halfHours; step++) {
      await loop.clock.advance(hour / 2)
      await loop.andon.settled()
    }
  }
  const verdicts: Verdict[] = []
  for await (const text of loop.andon.audit.export('default')) {
    const { what, data } = JSON.parse(text)
    if (what !== 'verification.verdict') continue
    verdicts.push({ verdict: data.verdict, numbers: data.numbers, dueAt: data.dueAt })
  }
  const [signal] = await loop.andon.signals.list()
  await loop.andon.close()
  return { verdicts, status: signal?.status }
}

it('restarts change no verdict, give none twice and lose none', async () => {
  let given = 0
  await fc.assert(
    fc.asyncProperty(fc.array(chapter, { minLength: 5, maxLength: 10 }), async (chapters) => {
      const undisturbed = await story(chapters, false)
      given += undisturbed.verdicts.length
      expect(await story(chapters, true)).toEqual(undisturbed)
    }),
    { numRuns: 4, examples: [[plain]] },
  )
  expect(given).toBeGreaterThan(0)
}, 120_000)
