// The process that is killed: the whole loop on the embedded store, fed batch by batch. It learns from its
// parent where to go on, and tells it what has been acknowledged.
import { instantOf, payloadsOf, rules } from './plan.mjs'

const { plan, data, plantUrl, from, core } = JSON.parse(process.argv[2] ?? '{}')
/** @type {typeof import('@andon/core')} */
const { createAndon, parseRules } = await import(core)
const { standardChannels } = await import('@andon/channels')
const { plantTarget } = await import('@andon/testkit')

const tell = (/** @type {object} */ message) => process.send?.(message)

/** Instants follow the batches; timers run, twenty times faster, on real time. */
let now = instantOf(from)
const clock = {
  now: () => now,
  setTimer(/** @type {number} */ milliseconds, /** @type {() => void} */ callback) {
    const timer = setTimeout(callback, milliseconds / 20)
    return () => clearTimeout(timer)
  },
}

const andon = createAndon({
  channels: standardChannels(),
  rules: parseRules(rules),
  targets: { plant: plantTarget({ url: plantUrl, timeoutMs: 3000 }) },
  mode: 'auto',
  data,
  // Made at random otherwise: two runs would have different pseudonyms.
  customerKey: 'the same in both runs',
  clock,
  limits: { snapshotEvery: 500, actionTimeoutMs: 4000, maxAttempts: 500 },
  // Beyond the end: the verdict would depend on when the plant did its work.
  verification: { settleMs: 400 * 86_400_000 },
})
andon.on('error', (error) => tell({ problem: error.message }))

await andon.start()
tell({ started: true })
const payloads = payloadsOf(plan)
for (let batch = from; batch < plan.batches; batch++) {
  now = instantOf(batch)
  await andon.ingest(payloads[batch] ?? [])
  tell({ acknowledged: batch })
}
// One more report, far behind the last: whatever still waits for time alone falls due before it.
now = instantOf(plan.batches) + 400 * 86_400_000
const { webPayload } = await import('../payloads.mjs')
await andon.ingest(webPayload({ id: 'the-last', at: now, severity: 1, fault: 'E-NONE' }))
/** @type {import('@andon/core').ActionStatus[]} */
const unfinished = ['approved', 'executing', 'retrying']
do {
  await andon.settled()
  await new Promise((resolve) => setTimeout(resolve, 10))
  // What is to be tried again later must see that it is later.
  now += 200
} while ((await andon.actions.list({ status: unfinished, limit: 1 })).length > 0)
await andon.close()
process.disconnect?.()
