import { memoryStore, virtualClock } from '@andon/testkit'
import { expect, it } from 'vitest'
import { channelSet } from '../../src/channel/channel-set.js'
import { Intake } from '../../src/engine/intake.js'
import { RuleEngine } from '../../src/rule/runtime/rule-engine.js'

/** Longer than a test takes where nothing waits for it. */
const gatherMs = 400

/** Intake over a store that says how many payloads came in each append. */
async function gathering() {
  const store = memoryStore()
  await store.open()
  const appends: number[] = []
  const intake = new Intake(
    {
      journal: {
        append: (request) => {
          appends.push(request.entries.length)
          return store.journal.append(request)
        },
      },
      clock: virtualClock(Date.parse('2026-03-02T08:00:00Z')),
      channels: channelSet([
        {
          contract: 1,
          name: 'web',
          detect: () => true,
          parse: ({ text }) => [{ sourceMessageId: text, symptomText: text }],
        },
      ]),
      matcher: new RuleEngine([], { maxGroups: 10, maxEntriesPerGroup: 10 }).matcher,
      readers: undefined,
      keepsAll: () => false,
      ...{ tenant: 'default', source: 'test', customerKey: 'key', maxPayloadBytes: 10_000, maxPending: 100 },
      gatherMs,
      accepted: () => undefined,
      quarantined: () => undefined,
    },
    0,
  )
  const ingest = (text: string) => intake.ingest([{ body: text }])
  return { appends, ingest }
}

const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve))
}

it('a payload that comes alone goes at once; those that come right after wait for each other', async () => {
  const { appends, ingest } = await gathering()
  const before = performance.now()
  await ingest('it leaks')
  expect(performance.now() - before).toBeLessThan(gatherMs / 2)
  const second = ingest('it hums')
  await turns()
  const third = ingest('it smokes')
  await turns()
  expect(appends).toEqual([1])
  await Promise.all([second, third])
  expect(appends).toEqual([1, 2])
})

it('what waits for company waits no longer than was said, and many do not wait at all', async () => {
  const { appends, ingest } = await gathering()
  await ingest('it leaks')
  const before = performance.now()
  await Promise.all(Array.from({ length: 80 }, (_, index) => ingest(`it leaks ${index}`)))
  expect(performance.now() - before).toBeLessThan(gatherMs / 2)
  await ingest('it hums')
  expect(performance.now() - before).toBeLessThan(gatherMs * 2)
  expect(appends).toEqual([1, 80, 1])
})
