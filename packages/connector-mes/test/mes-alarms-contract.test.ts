import { sourceContract } from '@andon/testkit/vitest'
import { mesAlarms } from '../src/index.js'
import { richMes } from './support/given.js'

const token = 'alarm-token-4711-geheim'

sourceContract(async () => {
  const running = await richMes({ auth: { bearer: token } })
  const { url } = running
  const make = () =>
    mesAlarms({ url, auth: { kind: 'bearer', token }, pollMs: 20, batchSize: 10, waitSeconds: 1 })
  let raised = 0
  return {
    source: make(),
    async offer(count) {
      return Array.from({ length: count }, () => {
        raised += 1
        const conditionId = `IM-07/door_seal/${raised}`
        running.raise({
          conditionId,
          active: true,
          message: `密封不良 ${raised}`,
          time: '2026-03-01T00:00:00Z',
        })
        return conditionId
      })
    },
    markOf({ body }) {
      const id = typeof body === 'object' && 'condition_id' in body ? body.condition_id : undefined
      return typeof id === 'string' ? id : 'not an alarm'
    },
    restart: async () => make(),
    readAhead: { limit: 10, pulled: () => running.alarmsTold },
    badOptions: [
      { option: 'mesAlarms.url', create: () => mesAlarms({ url: 'mes' }) },
      { option: 'mesAlarms.waitSeconds', create: () => mesAlarms({ url, waitSeconds: 61 }) },
      { option: 'mesAlarms.from', create: () => mesAlarms({ url, from: 'yesterday' as 'now' }) },
    ],
    failure: {
      secret: token,
      async provoke() {
        running.faults.next('html-instead-of-json')
        for await (const _ of make().receive({ signal: new AbortController().signal })) break
      },
    },
    dispose: () => running.close(),
  }
})
