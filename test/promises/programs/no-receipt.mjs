// Dies between the effect and the receipt. The system it talks to is a file that knows no idempotency key:
// the target has to look the action up before it tries again, and learns from `attempt` that it must.
import { appendFileSync, existsSync, readFileSync } from 'node:fs'
import { standardChannels } from '@andon/channels'

const { data, core, ledger, dies, rules, payload, at } = JSON.parse(process.argv[2] ?? '{}')
/** @type {typeof import('@andon/core')} */
const { createAndon, defineTarget, parseRules } = await import(core)

const done = () => (existsSync(ledger) ? readFileSync(ledger, 'utf8').split('\n') : [])
const target = defineTarget({
  name: 'ledger',
  capabilities: {},
  handles: ['quality.notification'],
  async execute(action, { attempt }) {
    if (attempt > 1 && done().includes(action.id)) return { reference: action.id, alreadyDone: true }
    appendFileSync(ledger, `${action.id}\n`)
    if (dies) process.kill(process.pid, 'SIGKILL')
    return { reference: action.id }
  },
  check: async () => ({ ok: true }),
})
const andon = createAndon({
  channels: standardChannels(),
  rules: parseRules(rules),
  targets: { ledger: target },
  mode: 'auto',
  data,
  clock: { now: () => at, setTimer: () => () => undefined },
})
await andon.start()
await andon.ingest(payload)
await andon.settled()
const [action] = await andon.actions.list()
await andon.close()
process.send?.({ action })
process.disconnect?.()
