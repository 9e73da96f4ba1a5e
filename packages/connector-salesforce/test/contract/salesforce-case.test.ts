import { salesforceCase } from '@andon/connector-salesforce'
import { targetContract } from '@andon/testkit/vitest'
import { actionMark } from '../../src/marks.js'
import { auth, openOrg } from '../support/org.js'
import { commentsOf, targetOn, updateOf } from '../support/targets.js'

const secret = 'a-secret-of-the-tests'
const faults = {
  unavailable: '503',
  'timeout-after-work': 'timeout-after-work',
  'lost-answer': 'cut-after',
} as const

targetContract(
  async () => {
    const { org, close } = await openOrg()
    const opened = [targetOn(org)]
    const open = () => {
      const target = targetOn(org)
      opened.push(target)
      return target
    }
    let made = 0
    const action = () => {
      made += 1
      return updateOf(made, [org.create('Case', { Subject: `case ${made}` })])
    }
    return {
      target: opened[0] ?? open(),
      action,
      // The first note: it is there once for each time that it was written.
      effects: (actionId) =>
        commentsOf(org, actionId).filter((body) => body.includes(`${actionMark(actionId)} N1/`)).length,
      kept: (actionId) => commentsOf(org, actionId).join('\n'),
      inject: (fault) => org.faults.next(faults[fault], { path: '/composite', method: 'POST' }),
      refused: () => ({ ...action(), params: { status: 'No such status' } }),
      restart: async () => open(),
      badOptions: [
        { option: 'salesforceCase.url', create: () => salesforceCase({ url: 'https://a.example/x', auth }) },
        {
          option: 'salesforceCase.signalField',
          create: () => salesforceCase({ url: 'https://a.example', auth, signalField: 'no name' }),
        },
      ],
      failure: {
        secret,
        async provoke() {
          const target = targetOn(org, { auth: { ...auth, clientSecret: secret } })
          try {
            await target.execute(action(), {
              signal: new AbortController().signal,
              attempt: 1,
              clock: { now: Date.now, setTimer: () => () => undefined },
              logger: { debug() {}, info() {}, warn() {}, error() {} },
            })
          } finally {
            await target.close()
          }
        },
      },
      async dispose() {
        await Promise.all(opened.map((target) => target.close()))
        await close()
      },
    }
  },
  {
    revert: 'what a customer was told cannot be unsaid',
    'revert-once': 'what a customer was told cannot be unsaid',
    'revert-lost-answer': 'what a customer was told cannot be unsaid',
    observe: 'case.update changes no batch, unit, order or parameter',
    'observe-after-revert': 'what a customer was told cannot be unsaid',
    trace: 'a service knows no lots',
  },
)
