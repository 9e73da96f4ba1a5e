import { createAndon } from '@andon/core'
import { memoryTarget } from '@andon/testkit'
import { expect, it, onTestFinished } from 'vitest'
import { loopOptions, runLoop, start } from '../support/loop.js'
import { webPayload } from '../support/payloads.mjs'

const rules = `CREATE RULE every AS SELECT * FROM feedbacks THEN quality.notification (title = 'report') ON mes;`
const report = (id: string) => webPayload({ id, at: start })

it('close() drains: what was handed in is durable, analysed and carried out', async () => {
  const target = memoryTarget({ name: 'mes' })
  const { andon, data } = await runLoop({ rules, targets: { mes: target } })
  const results = andon.ingest(Array.from({ length: 700 }, (_, index) => report(`m-${index}`)))
  await andon.close()
  expect((await results).filter(({ status }) => status === 'accepted')).toHaveLength(700)
  const again = await runLoop({ data, rules, targets: { mes: target } })
  await again.andon.settled()
  expect(await again.andon.signals.list()).toMatchObject([{ firings: 700, occurrences: 700 }])
  expect(target.effects()).toHaveLength(700)
})

it('close() may be called twice, and before start()', async () => {
  const { andon } = await runLoop()
  const first = andon.close()
  await expect(andon.close()).resolves.toBeUndefined()
  await first
  const never = createAndon(loopOptions())
  await expect(never.close()).resolves.toBeUndefined()
})

it('start() may be called twice and starts once', async () => {
  const { andon } = await runLoop()
  await andon.start()
  await andon.ingest(report('m-1'))
  expect(await andon.ingest(report('m-1'))).toMatchObject([{ status: 'duplicate' }])
})

it('before start() and after close() it says NOT_STARTED', async () => {
  const andon = createAndon(loopOptions())
  await expect(andon.ingest(report('m-1'))).rejects.toMatchObject({ code: 'NOT_STARTED' })
  await andon.start()
  await andon.close()
  await expect(andon.ingest(report('m-1'))).rejects.toMatchObject({ code: 'NOT_STARTED' })
  await expect(andon.start()).rejects.toMatchObject({ code: 'NOT_STARTED' })
})

it('a second Andon on the same files is refused, and can have them when the first is closed', async () => {
  const { andon, data } = await runLoop()
  const second = createAndon(loopOptions({ data }))
  await expect(second.start()).rejects.toMatchObject({ code: 'STORE_LOCKED', retryable: true })
  await second.close()
  await andon.close()
  const third = createAndon(loopOptions({ data }))
  onTestFinished(() => third.close())
  await expect(third.start()).resolves.toBeUndefined()
})

it('two in one process do not meet', async () => {
  const one = await runLoop({
    rules: rules.replace(' ON mes', ''),
    targets: { mes: memoryTarget({ name: 'mes' }) },
  })
  const other = await runLoop({ rules: 'CREATE RULE grave AS SELECT * FROM feedbacks ESCALATE TO quality;' })
  const heard: string[] = []
  one.andon.on('signal', ({ rule }) => heard.push(`one ${rule}`))
  other.andon.on('signal', ({ rule }) => heard.push(`other ${rule}`))
  await one.andon.ingest(report('m-1'))
  await Promise.all([one.andon.settled(), other.andon.settled()])
  expect(heard).toEqual(['one every'])
  expect(await other.andon.signals.list()).toEqual([])
  expect(await other.andon.ingest(report('m-1'))).toMatchObject([{ status: 'accepted' }])
})

it('a listener that is taken off hears nothing more', async () => {
  const { andon } = await runLoop()
  const heard: string[] = []
  const off = andon.on('feedback', ({ sourceMessageId }) => heard.push(sourceMessageId))
  await andon.ingest(report('m-1'))
  off()
  await andon.ingest(report('m-2'))
  expect(heard).toEqual(['m-1'])
})
