import { expect, it } from 'vitest'
import { type Loop, runLoop, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'

const rules = 'CREATE RULE grave AS SELECT * FROM feedbacks WHERE severity_score > 9 ESCALATE TO safety;'
const hour = 3_600_000

let sent = 0
async function complain({ andon, clock }: Pick<Loop, 'andon' | 'clock'>, tenant?: string): Promise<void> {
  sent++
  await andon.ingest({
    ...webPayload({ id: `quiet-${sent}`, at: clock.now(), severity: 9.5 }),
    ...(tenant === undefined ? {} : { tenant }),
  })
  await andon.settled()
}

const actionsOf = async ({ andon }: Pick<Loop, 'andon'>): Promise<number> =>
  (await andon.actions.list()).length
const request = { rule: 'grave', until: start + hour, by: 'Chen', reason: 'line test' }

it('a silenced rule finds and counts, and proposes nothing until the silence is over', async () => {
  const loop = await runLoop({ rules })
  const silence = await loop.andon.silences.add(request)
  expect(silence).toMatchObject({ ...request, from: start })
  await complain(loop)
  expect(await actionsOf(loop)).toBe(0)
  expect(await loop.andon.signals.list()).toMatchObject([{ rule: 'grave', firings: 1, occurrences: 1 }])
  await loop.clock.advance(hour)
  await complain(loop)
  expect(await actionsOf(loop)).toBe(1)
  expect(loop.andon.silences.list()).toEqual([])
})

it('a silence reaches only the tenant that it names', async () => {
  const loop = await runLoop({ rules })
  await loop.andon.silences.add({ tenant: 'a', until: start + hour, by: 'Chen', reason: 'move' })
  await complain(loop, 'a')
  await complain(loop, 'b')
  expect((await loop.andon.actions.list()).map(({ tenant }) => tenant)).toEqual(['b'])
})

it('a silence outlives a restart and can be ended before its time', async () => {
  const first = await runLoop({ rules })
  const { id } = await first.andon.silences.add(request)
  await first.andon.close()
  const second = await runLoop({ rules, data: first.data, clock: first.clock })
  expect(second.andon.silences.list()).toMatchObject([{ id, reason: 'line test' }])
  await complain(second)
  expect(await actionsOf(second)).toBe(0)
  await second.clock.advance(1000)
  await second.andon.silences.end(id)
  await complain(second)
  expect(await actionsOf(second)).toBe(1)
})

it.each([
  ['until', { ...request, until: start }],
  ['by', { ...request, by: '' }],
  ['silences.add', { until: start + hour, by: 'Chen', reason: 'everything' }],
])('a silence without a proper %s is refused', async (option, wrong) => {
  const { andon } = await runLoop({ rules })
  await expect(andon.silences.add(wrong)).rejects.toMatchObject({
    code: 'OPTIONS_INVALID',
    message: expect.stringContaining(option),
  })
  await expect(andon.silences.end('q_none')).rejects.toMatchObject({ code: 'NOT_FOUND' })
})

it('an acknowledged signal gathers evidence, and nobody is told again until it comes back', async () => {
  const loop = await runLoop({ rules })
  await complain(loop)
  const [signal] = await loop.andon.signals.list()
  await loop.andon.signals.acknowledge(signal?.id ?? '')
  await complain(loop)
  expect(await actionsOf(loop)).toBe(1)
  expect(await loop.andon.signals.list()).toMatchObject([
    { status: 'acknowledged', firings: 2, occurrences: 2 },
  ])
  await loop.andon.signals.close(signal?.id ?? '')
  await complain(loop)
  expect(await actionsOf(loop)).toBe(2)
  expect(await loop.andon.signals.list()).toMatchObject([{ status: 'open', regressions: 1 }])
})
