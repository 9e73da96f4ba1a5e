// The whole loop over a few batches; killed right after its `dies`-th commit, or never when that is 0.
import { join } from 'node:path'
import { standardChannels } from '@andon/channels'
import { plantTarget } from '@andon/testkit'

const { data, core, plantUrl, dies, rules, batches } = JSON.parse(process.argv[2] ?? '{}')
/** @type {typeof import('@andon/core')} */
const { createAndon, parseRules, sqliteStore } = await import(core)

const store = sqliteStore({ path: join(data, 'andon.db') })
let commits = 0
/** @type {typeof store.transaction} */
const transaction = async (work) => {
  const made = await store.transaction(work)
  commits += 1
  if (commits !== dies) return made
  process.kill(process.pid, 'SIGKILL')
  return await new Promise(() => undefined)
}
// Time does not go back with a new life.
await store.open()
let now = Math.max(batches[0].at, (await store.journal.last()).at)
const andon = createAndon({
  channels: standardChannels(),
  rules: parseRules(rules),
  targets: { plant: plantTarget({ url: plantUrl }) },
  mode: 'auto',
  customerKey: 'the same in every life',
  store: new Proxy(store, {
    get: (target, name) => (name === 'transaction' ? transaction : Reflect.get(target, name)),
  }),
  clock: {
    now: () => now,
    setTimer(milliseconds, callback) {
      const timer = setTimeout(callback, milliseconds)
      return () => clearTimeout(timer)
    },
  },
})
await andon.start()
await andon.settled()
for (const { at, payloads } of batches) {
  now = Math.max(now, at)
  await andon.ingest(payloads)
  await andon.settled()
}
await andon.close()
process.send?.({ done: true })
process.disconnect?.()
