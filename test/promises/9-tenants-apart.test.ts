import { defineDetector } from '@andon/core'
import { expect, it } from 'vitest'
import { runLoop, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'

const rules = `CREATE RULE many AS SELECT product_model AS model, COUNT(*) AS reports FROM feedbacks
  GROUP BY product_model WINDOW SLIDING INTERVAL '1 hour' HAVING COUNT(*) >= 3 ESCALATE TO quality;
CREATE RULE grave AS SELECT * FROM feedbacks WHERE severity_score > 9 ONCE PER INTERVAL '1 hour' ESCALATE TO quality;`

const report = (tenant: string, id: string, over: object = {}) => ({
  ...webPayload({ id, at: start, ...over }),
  tenant,
})

it('reports of two tenants never meet in one window', async () => {
  const { andon } = await runLoop({ rules })
  await andon.ingest([report('north', '1'), report('south', '2'), report('north', '3'), report('south', '4')])
  await andon.settled()
  expect(await andon.signals.list()).toEqual([])
  await andon.ingest(report('north', '5'))
  await andon.settled()
  expect(await andon.signals.list()).toMatchObject([{ tenant: 'north', occurrences: 3 }])
  const [signal] = await andon.signals.list()
  expect(signal?.quotes).toHaveLength(3)
})

it('one tenant’s finding does not hold back the other’s, and the same problem is a signal of each', async () => {
  const { andon } = await runLoop({ rules })
  await andon.ingest([report('north', '1', { severity: 9.5 }), report('south', '1', { severity: 9.5 })])
  await andon.settled()
  expect((await andon.signals.list()).map(({ tenant }) => tenant).sort()).toEqual(['north', 'south'])
  expect(await andon.signals.list({ tenant: 'north' })).toMatchObject([{ tenant: 'north' }])
  expect(await andon.actions.list({ tenant: 'south' })).toMatchObject([{ tenant: 'south' }])
})

it('the same message id of two tenants is two messages', async () => {
  const { andon } = await runLoop()
  const results = await andon.ingest([report('north', '1'), report('south', '1'), report('north', '1')])
  expect(results.map(({ status }) => status)).toEqual(['accepted', 'accepted', 'duplicate'])
  expect(results[0]?.id).not.toBe(results[1]?.id)
})

it('what is quarantined and what is counted is listed by tenant', async () => {
  const { andon, data } = await runLoop()
  await andon.ingest([
    report('north', '1'),
    { body: 'nothing', tenant: 'north' },
    { body: 'nothing', tenant: 'south' },
  ])
  expect(await andon.quarantine.list({ tenant: 'south' })).toMatchObject([{ tenant: 'south' }])
  await andon.close()
  const again = await runLoop({ data })
  expect(await again.andon.hourly({ tenant: 'south' })).toEqual([])
  expect(await again.andon.hourly({ tenant: 'north' })).toMatchObject([{ tenant: 'north', count: 1 }])
})

it('a detector has a state of its own for each tenant', async () => {
  const seen: Record<string, string[][]> = {}
  const detector = defineDetector<string[]>({
    name: 'listening',
    capabilities: {},
    init: () => [],
    observe(state, batch) {
      for (const { tenant, sourceMessageId } of batch) {
        state.push(`${tenant}:${sourceMessageId}`)
        seen[tenant] = [...(seen[tenant] ?? []), [...state]]
      }
      return []
    },
  })
  const { andon } = await runLoop({ detectors: [detector] })
  await andon.ingest([report('north', '1'), report('south', '2'), report('north', '3')])
  await andon.settled()
  expect(seen.north?.at(-1)).toEqual(['north:1', 'north:3'])
  expect(seen.south?.at(-1)).toEqual(['south:2'])
})
