import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import type { Action, ActionKind, Receipt, Target } from '@andon/core/connector'
import { isAndonError } from '@andon/core/errors'
import { contextOf } from './execute-context.js'
import { type ObserveCaseId, observeCases } from './observe-cases.js'
import {
  assertPlainData,
  type PluginCaseId,
  type PluginGiven,
  pluginCases,
  rejection,
} from './plugin-cases.js'
import type { ContractRunner } from './runner.js'
import { type ContractCase, type Exemptions, type Factory, needed, registerSuite } from './suite.js'
import { promptly, within } from './waiting.js'

/** How the system behind a target misbehaves towards the next thing that would change it. */
export type TargetFault =
  /** It answers that it is not well and does nothing. */
  | 'unavailable'
  /** It does the work and never answers. */
  | 'timeout-after-work'
  /** It does the work and the connection breaks before the answer. */
  | 'lost-answer'

/** A target under test and the system behind it. Every call of the factory gives a fresh system. */
export interface TargetGiven extends PluginGiven {
  readonly target: Target
  /** A valid action of this kind, each time with another id and another object in the system. */
  action(kind: string): Action
  /** How often the action took effect, as the system itself counts it. */
  effects(actionId: string): number | Promise<number>
  /** How often the effect of the action was undone, as the system itself counts it. */
  reversals?(actionId: string): number | Promise<number>
  /** Everything that the system kept of the action, as text. */
  kept?(actionId: string): string | Promise<string>
  /** The next change that is asked for meets this fault; the target's own deadline must be below 2 s. */
  inject?(fault: TargetFault): void | Promise<void>
  /** An action whose effect the system refuses for good. */
  refused?(): Action
  /** Kinds of the connector's own, so that their effects can be observed. */
  readonly kinds?: readonly ActionKind[]
  /** A lot and the serial numbers of all units that have it, two or more, as the system knows them. */
  traceable?(): { readonly batch: string; readonly serials: readonly string[] }
  /** Another target over the same system, as a process has it that comes up after a kill -9. */
  restart(): Promise<Target>
}

export type TargetCaseId =
  | PluginCaseId
  | 'check'
  | 'receipt'
  | 'once'
  | 'once-at-once'
  | 'once-restarted'
  | 'timeout'
  | 'lost-answer'
  | 'unavailable'
  | 'refused'
  | 'unknown-kind'
  | 'words'
  | 'abort'
  | 'aborted'
  | 'revert'
  | 'revert-once'
  | 'revert-lost-answer'
  | 'look-up'
  | ObserveCaseId

const firstKind = (target: Target): string => target.handles[0] ?? assert.fail('it handles no kind of action')

/** The first kind whose effect it can take back. */
async function reverted(given: TargetGiven): Promise<{
  readonly action: Action
  readonly receipt: Receipt
  readonly revert: (attempt: number, target?: Target) => Promise<Receipt>
  readonly reversals: () => Promise<number>
}> {
  needed(given.target.revert, 'revert', 'target.revert')
  const count = needed(given.reversals?.bind(given), 'revert', 'reversals')
  const action = given.action(firstKind(given.target))
  const receipt = await given.target.execute(action, contextOf(1))
  return {
    action,
    receipt,
    revert: (attempt, target = given.target) =>
      target.revert?.(action, receipt, contextOf(attempt)) ?? assert.fail('the other target has no revert'),
    reversals: async () => count(action.id),
  }
}

async function onceDespite(given: TargetGiven, fault: TargetFault, id: TargetCaseId): Promise<void> {
  const inject = needed(given.inject?.bind(given), id, 'inject')
  for (const kind of given.target.handles) {
    const action = given.action(kind)
    await inject(fault)
    const error = await rejection(given.target.execute(action, contextOf(1)), `${kind} with ${fault}`)
    assert.ok(
      isAndonError(error, 'TARGET_TIMEOUT') || isAndonError(error, 'TARGET_UNAVAILABLE'),
      `not TARGET_TIMEOUT or TARGET_UNAVAILABLE: ${inspect(error)}`,
    )
    assert.ok(error.retryable, `${error.code} says that trying again is useless`)
    assert.equal(await given.effects(action.id), 1, `${fault} must do the work, or this proves nothing`)
    const receipt = await given.target.execute(action, contextOf(2))
    assert.equal(receipt.alreadyDone, true, `${kind}: the receipt does not say that it was done before`)
    assert.equal(await given.effects(action.id), 1, `${kind}: a second effect of one action id`)
  }
}

const targetCases: readonly ContractCase<TargetGiven, TargetCaseId>[] = [
  ...pluginCases<TargetGiven>((given) => given.target),
  {
    id: 'check',
    sentence: 'it names the kinds it handles, and says that it is well when it is',
    async check({ target }) {
      assert.ok(target.handles.length > 0, 'it handles nothing')
      assert.equal(new Set(target.handles).size, target.handles.length, 'it names a kind twice')
      assert.equal((await target.check()).ok, true)
    },
  },
  {
    id: 'receipt',
    sentence: 'every kind it handles takes effect, with a reference and a proof in plain data',
    async check(given) {
      for (const kind of given.target.handles) {
        const action = given.action(kind)
        const receipt = await given.target.execute(action, contextOf(1))
        assert.ok(receipt.reference.trim() !== '', `${kind}: the receipt has no reference`)
        assert.ok(receipt.proof !== undefined, `${kind}: the receipt has no proof`)
        assertPlainData(receipt, `the receipt of ${kind}`)
        assert.equal(await given.effects(action.id), 1, `${kind}: no effect`)
      }
    },
  },
  {
    id: 'once',
    sentence: 'one action id takes effect once, however often it is executed',
    async check(given) {
      for (const kind of given.target.handles) {
        const action = given.action(kind)
        const first = await given.target.execute(action, contextOf(1))
        for (const attempt of [1, 2, 3]) {
          const again = await given.target.execute(action, contextOf(attempt))
          assert.equal(again.reference, first.reference, `${kind}: another reference for the same effect`)
          assert.ok(attempt === 1 || again.alreadyDone === true, `${kind}: it does not say alreadyDone`)
        }
        assert.equal(await given.effects(action.id), 1, `${kind}: not one effect`)
      }
    },
  },
  {
    id: 'once-at-once',
    sentence: 'one action id executed twice at the same time takes effect once',
    async check(given) {
      const action = given.action(firstKind(given.target))
      await Promise.allSettled([1, 2].map((attempt) => given.target.execute(action, contextOf(attempt))))
      await given.target.execute(action, contextOf(3))
      assert.equal(await given.effects(action.id), 1)
    },
  },
  {
    id: 'once-restarted',
    sentence: 'a target that comes up after a kill does not repeat what the one before did',
    async check(given) {
      const action = given.action(firstKind(given.target))
      await given.target.execute(action, contextOf(1))
      const other = await given.restart()
      const receipt = await other.execute(action, contextOf(2))
      await other.close?.()
      assert.equal(receipt.alreadyDone, true)
      assert.equal(await given.effects(action.id), 1)
    },
  },
  {
    id: 'timeout',
    sentence: 'a time-out after the work is a retryable error, and the retry makes no second effect',
    check: (given) => onceDespite(given, 'timeout-after-work', 'timeout'),
  },
  {
    id: 'lost-answer',
    sentence: 'an answer lost after the work is a retryable error, and the retry makes no second effect',
    check: (given) => onceDespite(given, 'lost-answer', 'lost-answer'),
  },
  {
    id: 'unavailable',
    sentence: 'a system that is not well gives TARGET_UNAVAILABLE, retryable, and no effect',
    async check(given) {
      const inject = needed(given.inject?.bind(given), 'unavailable', 'inject')
      const action = given.action(firstKind(given.target))
      await inject('unavailable')
      const error = await rejection(given.target.execute(action, contextOf(1)), 'an unwell system')
      assert.ok(isAndonError(error, 'TARGET_UNAVAILABLE'), `not TARGET_UNAVAILABLE: ${inspect(error)}`)
      assert.ok(error.retryable)
      assert.equal(await given.effects(action.id), 0)
      const receipt = await given.target.execute(action, contextOf(2))
      assert.notEqual(receipt.alreadyDone, true)
      assert.equal(await given.effects(action.id), 1)
    },
  },
  {
    id: 'refused',
    sentence: 'what the system refuses gives TARGET_REFUSED, not retryable, and no effect',
    async check(given) {
      const action = needed(given.refused?.bind(given), 'refused', 'refused')()
      const error = await rejection(given.target.execute(action, contextOf(1)), 'what must be refused')
      assert.ok(isAndonError(error, 'TARGET_REFUSED'), `not TARGET_REFUSED: ${inspect(error)}`)
      assert.ok(!error.retryable)
      assert.equal(await given.effects(action.id), 0)
    },
  },
  {
    id: 'unknown-kind',
    sentence: 'a kind it does not handle is refused without any effect',
    async check(given) {
      const action = { ...given.action(firstKind(given.target)), kind: 'nobody.handles.this' }
      const error = await rejection(given.target.execute(action, contextOf(1)), 'an unknown kind')
      assert.ok(isAndonError(error, 'TARGET_REFUSED'), `not TARGET_REFUSED: ${inspect(error)}`)
      assert.equal(await given.effects(action.id), 0)
    },
  },
  {
    id: 'words',
    sentence: "the customers' own words and the conditions reach the system with the action",
    async check(given) {
      const kept = needed(given.kept?.bind(given), 'words', 'kept')
      const action = given.action(firstKind(given.target))
      assert.ok(action.quotes.length > 0, 'the action has no quotes, so this proves nothing')
      await given.target.execute(action, contextOf(1))
      const text = await kept(action.id)
      for (const quote of action.quotes) {
        assert.ok(text.includes(quote.text), `lost: ${quote.text}`)
        for (const condition of quote.conditions)
          assert.ok(text.includes(condition.text), 'a condition is lost')
      }
    },
  },
  {
    id: 'abort',
    sentence: 'an aborted signal ends an execution that waits, promptly, with a branded error',
    async check(given) {
      const inject = needed(given.inject?.bind(given), 'abort', 'inject')
      const action = given.action(firstKind(given.target))
      await inject('timeout-after-work')
      const stopper = new AbortController()
      const started = performance.now()
      const execution = rejection(
        given.target.execute(action, contextOf(1, stopper.signal)),
        'an aborted call',
      )
      setTimeout(() => stopper.abort(), 50)
      const error = await within(execution, promptly, 'the end of an aborted execution')
      assert.ok(performance.now() - started < promptly)
      assert.ok(isAndonError(error), `not an AndonError: ${inspect(error)}`)
      assert.ok(error.retryable, 'whether the work was done is unknown, so it must be tried again')
    },
  },
  {
    id: 'aborted',
    sentence: 'a signal that was aborted before makes no effect',
    async check(given) {
      const action = given.action(firstKind(given.target))
      const execution = given.target.execute(action, contextOf(1, AbortSignal.abort()))
      const error = await within(rejection(execution, 'an aborted call'), promptly, 'the end')
      assert.ok(isAndonError(error), `not an AndonError: ${inspect(error)}`)
      assert.equal(await given.effects(action.id), 0)
    },
  },
  {
    id: 'revert',
    sentence: 'revert undoes the effect and proves it',
    async check(given) {
      const { revert, reversals } = await reverted(given)
      const receipt = await revert(1)
      assert.ok(receipt.reference.trim() !== '')
      assertPlainData(receipt, 'the receipt of the revert')
      assert.equal(await reversals(), 1)
    },
  },
  {
    id: 'revert-once',
    sentence: 'revert undoes once, however often it is called, also by a target that was restarted',
    async check(given) {
      const { revert, reversals } = await reverted(given)
      await revert(1)
      await revert(1)
      await revert(2)
      const other = await given.restart()
      await revert(2, other)
      await other.close?.()
      assert.equal(await reversals(), 1)
    },
  },
  {
    id: 'revert-lost-answer',
    sentence: 'an answer lost after a revert makes no second one',
    async check(given) {
      const inject = needed(given.inject?.bind(given), 'revert-lost-answer', 'inject')
      const { revert, reversals } = await reverted(given)
      await inject('lost-answer')
      const error = await rejection(revert(1), 'a revert with a lost answer')
      assert.ok(isAndonError(error) && error.retryable, `not retryable: ${inspect(error)}`)
      assert.equal((await revert(2)).alreadyDone, true)
      assert.equal(await reversals(), 1)
    },
  },
  {
    id: 'look-up',
    sentence:
      'it says what became of an action id: nothing before, and its receipt after an answer that was lost',
    async check(given) {
      const lookUp = needed(given.target.lookUp?.bind(given.target), 'look-up', 'target.lookUp')
      const inject = needed(given.inject?.bind(given), 'look-up', 'inject')
      for (const kind of given.target.handles) {
        const action = given.action(kind)
        assert.equal(await lookUp(action, contextOf(1)), undefined, `${kind}: found before it was asked for`)
        await inject('lost-answer')
        await rejection(given.target.execute(action, contextOf(1)), `${kind} with a lost answer`)
        const found = await lookUp(action, contextOf(1))
        const receipt = await given.target.execute(action, contextOf(2))
        assert.equal(found?.reference, receipt.reference, `${kind}: not found, or under another reference`)
        assert.equal(await given.effects(action.id), 1, `${kind}: looking it up did it again`)
      }
    },
  },
  ...observeCases,
]

/**
 * The contract of a target, one test for each sentence of it. Runs every kind that the target handles.
 *
 * @param exemptions case id → why this target cannot keep it; prints as skipped
 */
export function targetContract(
  runner: ContractRunner,
  factory: Factory<TargetGiven>,
  exemptions: Exemptions<TargetCaseId> = {},
): void {
  registerSuite(runner, 'target contract v1', targetCases, factory, exemptions)
}
