// 10,000 actions of nine priorities queue up while their target is down, and are carried out when it is well again.
import { join } from 'node:path'
import { standardChannels } from '@andon/channels'
import { plantTarget } from '@andon/testkit'
import { webPayload } from '../../support/payloads.mjs'

const { data, core, plantUrl, actions, perSecond } = JSON.parse(process.argv[2] ?? '{}')
/** @type {typeof import('@andon/core')} */
const { createAndon, parseRules } = await import(core)
const tell = (/** @type {object} */ message) => process.send?.(message)

const rules = Array.from(
  { length: 9 },
  (_, index) => `CREATE RULE p${index + 1} AS SELECT * FROM feedbacks
    WHERE severity_score >= ${index} AND severity_score < ${index + 1}
    THEN quality.notification (title = 'p${index + 1}', text = '{symptom_text}') ON plant WITH PRIORITY ${index + 1};`,
)
const andon = createAndon({
  channels: standardChannels(),
  rules: parseRules(rules.join('\n')),
  targets: { plant: plantTarget({ url: plantUrl, timeoutMs: 2000 }) },
  delivery: { plant: { perSecond } },
  mode: 'auto',
  data: join(data, 'drain'),
  customerKey: 'the same in every run',
  limits: { readers: 0 },
})
const heap = () => {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}
await andon.start()
await andon.ingest(Array.from({ length: 100 }, (_, index) => complaint(index)))
await andon.settled()
const few = heap()
const batch = 500
for (let sent = 100; sent < actions; sent += batch) {
  await andon.ingest(
    Array.from({ length: Math.min(batch, actions - sent) }, (_, index) => complaint(sent + index)),
  )
}
await andon.settled()
const { actionsPending } = await andon.health()
tell({ queued: actionsPending, few, many: heap() })
/** @type {number[]} */
const draining = []
process.on('message', async () => {
  for (;;) {
    await new Promise((resolve) => setTimeout(resolve, 500))
    draining.push(heap())
    if ((await andon.health()).actionsPending === 0) break
  }
  const succeeded = await andon.actions.list({ status: ['succeeded'], limit: 1_000_000 })
  await andon.close()
  tell({ drained: succeeded.length, draining })
  process.disconnect?.()
})

function complaint(/** @type {number} */ index) {
  // Every priority over and over, so that arrival is no order of priority.
  return webPayload({ id: `m-${index}`, at: Date.now(), severity: (index * 7) % 9 })
}
