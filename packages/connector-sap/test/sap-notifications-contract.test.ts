import { sapNotifications } from '@andon/connector-sap'
import { startS4Hana } from '@andon/testkit'
import { sourceContract } from '@andon/testkit/vitest'

const password = 'planted-password-notifications'

sourceContract(async () => {
  const sap = await startS4Hana({ basic: { user: 'ANDON', password } })
  const options = {
    ...{ url: sap.url, client: '100', from: 'oldest', batchSize: 10, pollMs: 20 },
    auth: { kind: 'basic', username: 'ANDON', password },
  } as const
  let offered = 0
  return {
    source: sapNotifications(options),
    async offer(count) {
      return Array.from({ length: count }, () => {
        offered += 1
        const number = `${20_000_000 + offered}`
        // Three of them always in the same millisecond.
        sap.add('QualityNotification', {
          ...{ QualityNotification: number, NotificationType: 'Q1', NotificationText: `密封不良 ${offered}` },
          ChangedDateTime: Date.UTC(2026, 2, 1) + Math.floor(offered / 3),
        })
        return number
      })
    },
    markOf: ({ body }) =>
      typeof body === 'object' && 'claimId' in body ? String(body.claimId) : 'not a notification',
    restart: async () => sapNotifications(options),
    // A question asks for ten and, to see whether there are more, one.
    readAhead: {
      limit: 11,
      pulled: () => sap.requests.filter(({ target }) => target.includes('/QualityNotification')).length * 11,
    },
    badOptions: [
      { option: 'sapNotifications.url', create: () => sapNotifications({ ...options, url: 'sap' }) },
      { option: 'sapNotifications.from', create: () => sapNotifications({ ...options, from: 'yesterday' }) },
      { option: 'sapNotifications.types', create: () => sapNotifications({ ...options, types: [] }) },
      {
        option: 'sapNotifications.lookBackMs',
        create: () => sapNotifications({ ...options, lookBackMs: -1 }),
      },
    ],
    failure: {
      secret: password,
      async provoke() {
        sap.faults.next('html-instead-of-json')
        for await (const _ of sapNotifications(options).receive({ signal: new AbortController().signal }))
          break
      },
    },
    dispose: () => sap.close(),
  }
})
