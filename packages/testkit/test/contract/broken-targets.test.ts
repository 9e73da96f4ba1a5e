import assert from 'node:assert/strict'
import { type Observation, type Receipt, subjectKey, type Target } from '@andon/core/connector'
import { isAndonError } from '@andon/core/errors'
import { type TargetCaseId, targetContract } from '@andon/testkit'
import { expect, it } from 'vitest'
import { failuresOf } from '../support/broken.js'
import { memoryTargetGiven } from '../support/given.js'
import { plantGiven } from '../support/plant-given.js'

const failuresWith = (
  spoil: (target: Target) => Target,
  given = memoryTargetGiven,
): Promise<readonly string[]> =>
  failuresOf((runner) =>
    targetContract(runner, () => {
      const whole = given()
      return { ...whole, target: spoil(whole.target), restart: async () => spoil(await whole.restart()) }
    }),
  )

const needed = <T>(part: T | undefined): T => part ?? assert.fail('the reference target lacks it')

const broken: readonly {
  readonly what: string
  readonly spoil: (target: Target) => Target
  readonly fails: readonly TargetCaseId[]
}[] = [
  {
    what: 'acts without a look at the action id',
    spoil: (target) => {
      let made = 0
      return {
        ...target,
        async execute(action, context) {
          if (context.attempt === 1) return target.execute(action, context)
          made += 1
          // Another id each time: what a target does that sends none.
          return target.execute({ ...action, id: `${action.id} ${made}` }, context)
        },
      }
    },
    fails: ['once', 'once-restarted', 'timeout', 'lost-answer'],
  },
  {
    what: 'says that a refusal may be tried again',
    spoil: (target) => ({
      ...target,
      async execute(action, context) {
        try {
          return await target.execute(action, context)
        } catch (error) {
          throw isAndonError(error, 'TARGET_REFUSED') ? new Error('refused') : error
        }
      },
    }),
    fails: ['refused', 'unknown-kind'],
  },
  {
    what: 'waits for its own deadline when it is aborted',
    spoil: (target) => ({
      ...target,
      async execute(action, context) {
        const { signal } = new AbortController()
        return target.execute(action, { ...context, signal })
      },
    }),
    fails: ['aborted'],
  },
  {
    what: 'loses the customers’ words',
    spoil: (target) => ({
      ...target,
      execute: (action, context) => target.execute({ ...action, quotes: [] }, context),
    }),
    fails: ['words'],
  },
  {
    what: 'gives no proof',
    spoil: (target) => ({
      ...target,
      async execute(action, context): Promise<Receipt> {
        const { proof: _, ...receipt } = await target.execute(action, context)
        return receipt
      },
    }),
    fails: ['receipt'],
  },
  {
    what: 'does nothing and says that it did',
    spoil: (target) => ({ ...target, execute: async () => ({ reference: 'DONE', proof: {} }) }),
    fails: ['receipt', 'once', 'timeout', 'unavailable', 'refused'],
  },
  {
    what: 'reverts in words only',
    spoil: (target) => ({ ...target, revert: async () => ({ reference: 'REVERTED' }) }),
    fails: ['revert', 'revert-once'],
  },
  {
    what: 'has no revert and no exemption',
    spoil: ({ revert: _, ...target }) => target,
    fails: ['revert', 'revert-once', 'revert-lost-answer', 'observe-after-revert'],
  },
  {
    what: 'says that everything is still as it was',
    spoil: (target) => ({
      ...target,
      observe: async (subjects) => subjects.map(() => ({ found: true, fields: { held: false } })),
    }),
    fails: ['observe', 'observe-after-revert'],
  },
  {
    what: 'answers from what it did last and not from the system',
    spoil(target) {
      const observe = needed(target.observe)
      const cache = new Map<string, Observation>()
      return {
        ...target,
        async observe(subjects, context) {
          const seen = await observe(subjects, context)
          for (const [index, subject] of subjects.entries()) {
            const observation = seen[index]
            const key = subjectKey(subject)
            if (observation !== undefined && !cache.has(key)) cache.set(key, observation)
          }
          return subjects.map((subject) => needed(cache.get(subjectKey(subject))))
        },
      }
    },
    fails: ['observe-after-revert'],
  },
  {
    what: 'gives observations in an order of its own',
    spoil(target) {
      const observe = needed(target.observe)
      return {
        ...target,
        observe: async (subjects, context) => {
          const keyed = [...subjects].sort((one, other) => (subjectKey(one) < subjectKey(other) ? -1 : 1))
          return observe(keyed, context)
        },
      }
    },
    fails: ['observe'],
  },
  {
    what: 'leaves out what it does not know',
    spoil(target) {
      const observe = needed(target.observe)
      return {
        ...target,
        observe: async (subjects, context) => (await observe(subjects, context)).filter(({ found }) => found),
      }
    },
    fails: ['observe'],
  },
  {
    what: 'cuts a trace and does not say so',
    spoil(target) {
      const trace = needed(target.trace)
      return {
        ...target,
        trace: async (question, context) => ({
          ...(await trace(question, context)),
          cut: false,
        }),
      }
    },
    fails: ['trace'],
  },
  {
    what: 'does not name what it could not trace',
    spoil(target) {
      const trace = needed(target.trace)
      return {
        ...target,
        trace: async (question, context) => ({ ...(await trace(question, context)), unknown: [] }),
      }
    },
    fails: ['trace'],
  },
  {
    what: 'acknowledges a write that it does not do',
    spoil: (target) => ({
      ...target,
      async execute(action, context) {
        const other = { ...action, params: { to: 'nobody' } }
        return target.execute(other, context)
      },
    }),
    fails: ['observe', 'observe-after-revert'],
  },
  {
    what: 'can be neither observed nor traced, without an exemption',
    spoil: ({ observe: _, trace: __, ...target }) => target,
    fails: ['observe', 'observe-after-revert', 'trace'],
  },
]

for (const { what, spoil, fails } of broken) {
  it(`a target that ${what} fails the suite`, async () => {
    expect(await failuresWith(spoil)).toEqual(expect.arrayContaining([...fails]))
  })
}

it('a plant target that forgets the action id at a retry fails the suite', async () => {
  const failures = await failuresOf((runner) =>
    targetContract(runner, async () => {
      const whole = await plantGiven()
      let made = 0
      const { target } = whole
      const execute: Target['execute'] = async (action, context) => {
        if (context.attempt === 1) return target.execute(action, context)
        made += 1
        const receipt = await target.execute({ ...action, id: `${action.id} ${made}` }, context)
        return { ...receipt, alreadyDone: true }
      }
      return {
        ...whole,
        target: { ...target, execute },
        effects: async (id) => (await whole.effects(id)) + made,
      }
    }),
  )
  expect(failures).toEqual(expect.arrayContaining(['once', 'timeout', 'lost-answer']))
})

it('a target that keeps the contract fails no case', async () => {
  expect(await failuresWith((target) => target)).toEqual([])
})
