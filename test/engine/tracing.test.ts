import { memoryTarget } from '@andon/testkit'
import { trace } from '@opentelemetry/api'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { advanceUntil, runLoop, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'
import { type EndedSpan, recordingProvider } from '../support/spans.js'

const rules = `CREATE RULE grave AS SELECT * FROM feedbacks WHERE severity_score > 9
  THEN quality.notification (title = 'grave report') ON mes;`
const report = webPayload({ id: 'm-1', at: start, severity: 9.5 })

const { provider, ended } = recordingProvider()
let before = 0
const spans = (name: string): readonly EndedSpan[] => ended.slice(before).filter((span) => span.name === name)

beforeAll(() => {
  trace.setGlobalTracerProvider(provider)
})
beforeEach(() => {
  before = ended.length
})
afterAll(() => trace.disable())

it('one trace leads from intake to the receipt', async () => {
  const target = memoryTarget({ name: 'mes' })
  const handedOn: (string | undefined)[] = []
  const noting = {
    ...target,
    execute: async (...given: Parameters<typeof target.execute>) => {
      handedOn.push(given[1].traceparent)
      return target.execute(...given)
    },
  }
  const { andon } = await runLoop({ rules, targets: { mes: noting } })
  await andon.ingest(report)
  await andon.settled()
  const [intake] = spans('andon.intake')
  const [action] = spans('andon.action')
  expect(intake?.attributes).toEqual({ 'andon.batch.size': 1 })
  expect(action).toMatchObject({ traceId: intake?.traceId, parentId: intake?.spanId })
  expect(action?.attributes).toMatchObject({
    'andon.action.kind': 'quality.notification',
    'andon.action.attempt': 1,
  })
  expect(handedOn).toEqual([`00-${action?.traceId}-${action?.spanId}-01`])
  expect(spans('andon.analysis')).toMatchObject([
    { attributes: { 'andon.batch.size': 1, 'andon.firings': 1 } },
  ])
})

it('a trace that the source began goes on', async () => {
  const { andon } = await runLoop({ rules, targets: { mes: memoryTarget({ name: 'mes' }) } })
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  await andon.ingest({ ...report, traceparent: `00-${traceId}-b7ad6b7169203331-01` })
  await andon.settled()
  expect(spans('andon.action')).toMatchObject([{ traceId, parentId: 'b7ad6b7169203331' }])
})

it('every try has a span, and one that fails says why', async () => {
  const target = memoryTarget({ name: 'mes' })
  target.failNext('unavailable')
  const loop = await runLoop({ rules, targets: { mes: target } })
  await loop.andon.ingest(report)
  await advanceUntil(loop, () => target.effects().length > 0, 100)
  await loop.andon.settled()
  expect(spans('andon.action').map(({ attributes }) => attributes['andon.action.attempt'])).toEqual([1, 2])
  expect(spans('andon.action')[0]?.exceptions[0]).toContain('it is down')
  expect(spans('andon.action')[1]?.exceptions).toEqual([])
})
