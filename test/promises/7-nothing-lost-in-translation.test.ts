import { plantTarget, startPlant } from '@andon/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { runLoop, start } from '../support/loop.js'
import { storePayload, webPayload } from '../support/payloads.mjs'

const rules = `
CREATE RULE compressor_batch_hold AS
SELECT component_batches.compressor AS batch, COUNT(*) AS reports FROM feedbacks
GROUP BY component_batches.compressor WINDOW SLIDING INTERVAL '1 hour' HAVING COUNT(*) >= 2
THEN material.hold (batch = batch, reason = '{reports} reports') ON plant;
CREATE RULE grave AS SELECT * FROM feedbacks WHERE severity_score > 9
THEN quality.notification (title = 'grave report') ON plant;`

const english =
  'Between 2 and 8 °C, at night, the fridge hums so loudly that nobody sleeps.\n"It never did before."'
const chinese = '夜里2到8度之间来回跳，早上牛奶都不凉。'

it('the customers’ words arrive at the plant verbatim, with conditions and the reports they come from', async () => {
  const plant = await startPlant({ batches: [{ batch: 'C-1', component: 'compressor' }] })
  onTestFinished(() => plant.close())
  const { andon } = await runLoop({ rules, targets: { plant: plantTarget({ url: plant.url }) } })
  const results = await andon.ingest([
    webPayload({ id: 'm-1', at: start, text: english, serial: 'SN-77' }),
    storePayload({ id: 'm-2', at: start, text: chinese, serial: 'SN-78', language: 'zh-CN' }),
  ])
  await andon.settled()
  const [batch] = plant.state().batches
  expect(batch?.status).toBe('held')
  expect(batch?.quotes).toMatchObject([
    { text: english, channel: 'web', language: 'en', serialNumber: 'SN-77', feedbackId: results[0]?.id },
    { text: chinese, channel: 'store', serialNumber: 'SN-78', feedbackId: results[1]?.id },
  ])
  for (const quote of batch?.quotes ?? []) {
    expect(quote.conditions).toContainEqual(
      expect.objectContaining({ quantity: 'temperature', min: 2, max: 8, unit: 'Cel' }),
    )
    expect(JSON.stringify(quote.conditions)).toMatch(/at night|夜里/)
  }
  const [action] = await andon.actions.list()
  expect(plant.state().actions).toMatchObject([{ id: action?.id, quotes: batch?.quotes }])
})

it('photos and recordings travel with the words', async () => {
  const plant = await startPlant()
  onTestFinished(() => plant.close())
  const { andon } = await runLoop({ rules, targets: { plant: plantTarget({ url: plant.url }) } })
  const { body } = storePayload({ id: 'm-1', at: start, severity: 9.5 })
  const photo = 'https://shop.example.com/f/812.jpg'
  await andon.ingest({ body: JSON.stringify({ ...JSON.parse(body), photos: [photo] }) })
  await andon.settled()
  const [notification] = plant.state().notifications
  expect(notification?.quotes).toMatchObject([{ evidence: [{ uri: photo, mime: 'image/jpeg' }] }])
})

it('a signal keeps the words of its evidence, and an action that was decided by time alone has them too', async () => {
  const rising = `CREATE RULE mean AS SELECT AVG(severity_score) AS mean FROM feedbacks
    GROUP BY product_model WINDOW SLIDING INTERVAL '10 minutes' HAVING AVG(severity_score) > 7
    THEN quality.notification (title = 'mean {mean}') ON plant;`
  const plant = await startPlant()
  onTestFinished(() => plant.close())
  const { andon, clock } = await runLoop({
    rules: rising,
    targets: { plant: plantTarget({ url: plant.url }) },
  })
  await andon.ingest(webPayload({ id: 'm-1', at: start, severity: 2, text: 'A little warm.' }))
  await clock.advance(300_000)
  await andon.ingest(
    webPayload({ id: 'm-2', at: start, severity: 8, text: 'Spoiled milk, between 2 and 8 °C.' }),
  )
  await clock.advance(300_000)
  // Its instant, not its content, makes the first report leave the window.
  await andon.ingest(webPayload({ id: 'm-3', at: start, model: 'other', severity: 0 }))
  await andon.settled()
  const [signal] = await andon.signals.list()
  expect(signal?.quotes.map(({ text }) => text)).toEqual(['Spoiled milk, between 2 and 8 °C.'])
  expect(plant.state().notifications).toMatchObject([
    { title: 'mean 8', quotes: [{ text: 'Spoiled milk, between 2 and 8 °C.' }] },
  ])
})

it('the words survive a restart between the report and the action', async () => {
  const plant = await startPlant({ batches: [{ batch: 'C-1', component: 'compressor' }] })
  onTestFinished(() => plant.close())
  const options = { rules, targets: { plant: plantTarget({ url: plant.url }) } }
  const first = await runLoop(options)
  await first.andon.ingest(webPayload({ id: 'm-1', at: start, text: english }))
  await first.andon.close()
  const { andon } = await runLoop({
    ...options,
    data: first.data,
    targets: { plant: plantTarget({ url: plant.url }) },
  })
  await andon.ingest(webPayload({ id: 'm-2', at: start, text: chinese }))
  await andon.settled()
  expect(plant.state().batches[0]?.quotes.map(({ text }) => text)).toEqual([english, chinese])
})
