// The process that everything happens to: the whole loop on the embedded store, and the people around it.
import { seeded } from '../random.mjs'
import { jumpingClock } from './clocks.mjs'
import { errandOf, ripens } from './people.mjs'
import { calledTwice } from './twice.mjs'
import { itemsOf, payloadsOf, policyFor, rulesOf } from './work.mjs'

/** @type {import('./life.mjs').Task} */
const task = JSON.parse(process.argv[2] ?? '{}')
const { seed, from, life, again, twice, jumps, offset, begun, data, plantUrl, core } = task
/** @type {typeof import('@andon/core')} */
const { createAndon, isAndonError, parseRules } = await import(core)
const { standardChannels } = await import('@andon/channels')
const { plantTarget } = await import('@andon/testkit')

// Without its parent nobody would end it.
process.on('disconnect', () => process.exit())
const tell = (/** @type {import('./life.mjs').Message} */ message) => process.send?.(message)
const wait = (/** @type {number} */ milliseconds) =>
  new Promise((resolve) => setTimeout(resolve, milliseconds))

const clock = jumpingClock(begun, offset)
const jump = (/** @type {number} */ milliseconds) => {
  clock.jump(milliseconds)
  tell({ jumped: milliseconds })
}
for (const { afterMs, byMs } of jumps) {
  if (afterMs === 0) jump(byMs)
  else setTimeout(() => jump(byMs), afterMs).unref()
}

const random = seeded(seed + 977 * life)
const items = itemsOf(seed)
const byName = new Map(items.map((item) => [item.name, item]))
const target = plantTarget({ url: plantUrl, timeoutMs: 5000 })
const andon = createAndon({
  channels: standardChannels(),
  rules: parseRules(rulesOf(items)),
  targets: { plant: twice ? calledTwice(target, random) : target },
  policy: policyFor(items),
  data,
  customerKey: 'the same in every life',
  clock,
  // Tried until it is known: an action may only die of a no.
  limits: { readers: 0, actionTimeoutMs: 8000, maxAttempts: 1000, snapshotEvery: 50 },
  verification: { settleMs: 400 * 86_400_000 },
})
andon.on('error', (error) => tell({ problem: error.message }))

await andon.start()
tell({ ready: true })
const all = payloadsOf(seed, items)
const working = takeIn().then(() => tell({ takenIn: true }))
let done = false
while (!done) {
  await wait(15)
  done = (await errands()) && (await isQuiet())
}
await working
await andon.close()
process.disconnect?.()

/** Batch by batch, each until it is taken; some again, and after a death some that were taken before it. */
async function takeIn() {
  for (let batch = again ? Math.max(0, from - 2) : from; batch < all.length; batch++) {
    const payloads = all[batch] ?? []
    await surely(() => andon.ingest(payloads))
    tell({ acknowledged: batch })
    if (again && random() < 0.4) await surely(() => andon.ingest(payloads))
    await wait(random() * 40)
  }
}

/** @param {() => Promise<unknown>} work */
async function surely(work) {
  for (;;) {
    try {
      return await work()
    } catch (error) {
      tell({ problem: String(error) })
      await wait(50)
    }
  }
}

/** Whether people have nothing left to do. */
async function errands() {
  let isDone = true
  for (const action of await andon.actions.list({ limit: 10_000 })) {
    const item = byName.get(action.rule)
    const errand = item === undefined ? undefined : errandOf(item, action)
    if (item === undefined || errand === undefined) continue
    isDone = false
    if (clock.now() < action.createdAt + item.patienceMs && clock.now() > action.createdAt) continue
    try {
      await errand(andon.actions)
    } catch (error) {
      // It moved on in the same moment; whatever else it is will be seen.
      if (isAndonError(error) && error.code === 'TRANSITION_REFUSED') continue
      tell({ problem: String(error) })
    }
  }
  return isDone
}

/** Whether everything was proposed and nothing is left to be done, by time either. */
async function isQuiet() {
  const actions = await andon.actions.list({ limit: 10_000 })
  /** @type {readonly string[]} */
  const open = ['approved', 'executing', 'retrying', 'reverting']
  const waiting = actions.filter((action) => open.includes(action.status) || ripens(action))
  const last = all.length - 1
  tell({ waiting: waiting.map(told) })
  return actions.length >= items.length && waiting.length === 0 && last >= 0
}

/** @param {import('@andon/core').Action} action */
function told({ rule, status, attempts, dueAt, wakeAt, note }) {
  const inSeconds = (/** @type {number | undefined} */ at) =>
    at === undefined ? 'never' : `${Math.round((at - clock.now()) / 1000)} s`
  return `${rule} ${status}, tried ${attempts} times, due ${inSeconds(dueAt)}, wakes ${inSeconds(wakeAt)}: ${note?.en ?? ''}`
}
