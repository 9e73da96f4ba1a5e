import { type SalesforceCasesOptions, salesforceCases } from '@andon/connector-salesforce'
import { sourceContract } from '@andon/testkit/vitest'
import { describe } from 'vitest'
import { auth, openOrg, toldOf } from '../support/org.js'

const secret = 'a-secret-of-the-tests'
const pageRows = 20

const given = async (more: Partial<SalesforceCasesOptions>) => {
  const { org, open, close } = await openOrg()
  const options = { batchSize: pageRows, pollMs: 100, comments: false, emails: false, ...more }
  let made = 0
  return {
    source: open(options),
    async offer(count: number) {
      return Array.from({ length: count }, () => {
        made += 1
        org.create('Case', { Subject: `case ${made}`, Description: 'It does not cool', Origin: 'Web' })
        return `case ${made}`
      })
    },
    markOf: (payload: Parameters<typeof toldOf>[0]) => toldOf(payload).subject ?? '',
    restart: async () => open(options),
    readAhead: {
      limit: 100,
      pulled: () => {
        const pages = org.requests.filter(({ target }) => target.includes('/queryAll')).length
        return org.events.delivered + pages * pageRows
      },
    },
    badOptions: [
      { option: 'salesforceCases.url', create: () => salesforceCases({ url: 'ftp://acme.example', auth }) },
      {
        option: 'salesforceCases.batchSize',
        create: () => salesforceCases({ url: 'https://acme.example', auth, batchSize: 0 }),
      },
    ],
    failure: {
      secret,
      async provoke() {
        const source = open({ ...options, auth: { ...auth, clientSecret: () => secret } })
        for await (const batch of source.receive({ signal: new AbortController().signal }))
          await batch.commit()
      },
    },
    dispose: close,
  }
}

describe('cases by change events', () => sourceContract(() => given({ receive: 'events' })))
describe('cases by polling', () => sourceContract(() => given({ receive: 'polling' })))
describe('cases by bulk and then events', () => sourceContract(() => given({ snapshot: 'bulk' })))
