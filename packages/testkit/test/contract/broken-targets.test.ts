import type { Receipt, Target } from '@andon/core/connector'
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
    fails: ['revert', 'revert-once', 'revert-lost-answer'],
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
