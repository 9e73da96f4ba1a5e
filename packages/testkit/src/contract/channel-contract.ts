import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { type Channel, type DecodedPayload, isChannelError } from '@andon/core/connector'
import { channelNames, type FeedbackDraft } from '@andon/core/feedback'
import { frozen } from './frozen.js'
import { mutantsOf, rubbish } from './payload-mutants.js'
import type { ContractRunner } from './runner.js'
import { type ContractCase, type Disposable, type Exemptions, type Factory, registerSuite } from './suite.js'

/** A channel parser under test. */
export interface ChannelGiven extends Disposable {
  readonly channel: Channel
  /** Real payloads of this channel, one at least; the more kinds, the more is proved. */
  readonly payloads: readonly DecodedPayload[]
  /** Payloads of other channels: it must not take them for its own. */
  readonly foreign?: readonly DecodedPayload[]
}

export type ChannelCaseId =
  | 'contract'
  | 'detect'
  | 'detect-rubbish'
  | 'detect-cheap'
  | 'parse'
  | 'pure'
  | 'input'
  | 'errors'

const megabyte = 'x'.repeat(1_000_000)

async function outcomeOf(channel: Channel, payload: DecodedPayload): Promise<readonly FeedbackDraft[]> {
  return channel.parse(payload)
}

async function assertParsesOrExplains(channel: Channel, payload: DecodedPayload): Promise<void> {
  try {
    const drafts = await outcomeOf(channel, payload)
    assert.ok(Array.isArray(drafts), `not a list of drafts: ${inspect(drafts)}`)
  } catch (error) {
    const given = payload.text.slice(0, 300)
    assert.ok(isChannelError(error), `not a ChannelError for ${given}: ${inspect(error)}`)
    assert.ok(error.field.trim() !== '', `the error names no field: ${given}`)
    assert.ok(error.reason.en.trim() !== '' && error.reason.zh.trim() !== '', `one language only: ${given}`)
  }
}

const channelCases: readonly ContractCase<ChannelGiven, ChannelCaseId>[] = [
  {
    id: 'contract',
    sentence: 'it carries contract: 1 and the name of one of the twelve channels',
    async check({ channel }) {
      assert.equal(channel.contract, 1)
      assert.ok(channelNames.includes(channel.name), `${channel.name} is not a channel`)
    },
  },
  {
    id: 'detect',
    sentence: 'detect says yes to its own payloads and no to those of others',
    async check({ channel, payloads, foreign = [] }) {
      assert.ok(payloads.length > 0, 'give at least one payload')
      for (const payload of payloads) assert.equal(channel.detect(payload), true, payload.text.slice(0, 200))
      for (const payload of foreign) assert.equal(channel.detect(payload), false, payload.text.slice(0, 200))
    },
  },
  {
    id: 'detect-rubbish',
    sentence: 'detect says no to rubbish, and never throws',
    async check({ channel, payloads }) {
      for (const payload of rubbish) assert.equal(channel.detect(payload), false, payload.text.slice(0, 200))
      for (const payload of payloads) {
        for (const mutant of mutantsOf(payload)) assert.equal(typeof channel.detect(mutant), 'boolean')
      }
    },
  },
  {
    id: 'detect-cheap',
    sentence: 'detect is cheap: a megabyte costs it less than 5 ms',
    async check({ channel }) {
      const payload: DecodedPayload = { text: megabyte }
      const object: DecodedPayload = { text: JSON.stringify({ a: megabyte }), json: { a: megabyte } }
      const times: number[] = []
      for (let round = 0; round < 15; round += 1) {
        const start = performance.now()
        channel.detect(payload)
        channel.detect(object)
        times.push(performance.now() - start)
      }
      // The best of many: what else the machine does must not decide.
      const best = Math.min(...times)
      assert.ok(best < 10, `two megabytes took ${best.toFixed(1)} ms`)
    },
  },
  {
    id: 'parse',
    sentence: "parse finds the platform's own id and the customer's words",
    async check({ channel, payloads }) {
      for (const payload of payloads) {
        const drafts = await outcomeOf(channel, payload)
        assert.ok(drafts.length > 0, `no draft from ${payload.text.slice(0, 200)}`)
        for (const draft of drafts) {
          assert.ok(draft.sourceMessageId !== '', 'a draft without sourceMessageId')
          assert.ok(draft.symptomText.trim() !== '', 'a draft without the customer’s words')
        }
        const ids = new Set(drafts.map((draft) => draft.sourceMessageId))
        assert.equal(ids.size, drafts.length, 'two drafts of one payload have the same sourceMessageId')
      }
    },
  },
  {
    id: 'pure',
    sentence: 'parse is pure: the same payload gives the same drafts at another time and in another order',
    async check({ channel, payloads }) {
      const first = []
      for (const payload of payloads) first.push(await outcomeOf(channel, payload))
      const then = Date.now() + 2
      // Until the clock has moved on, so that whoever reads it is found out.
      while (Date.now() < then) await new Promise((resolve) => setImmediate(resolve))
      const second = []
      for (const payload of payloads.toReversed()) second.unshift(await outcomeOf(channel, payload))
      assert.deepEqual(second, first)
    },
  },
  {
    id: 'input',
    sentence: 'detect and parse leave the payload as it was',
    async check({ channel, payloads }) {
      for (const payload of payloads) {
        const copy = structuredClone(payload)
        const guarded = frozen(structuredClone(payload))
        channel.detect(guarded)
        await outcomeOf(channel, guarded)
        channel.detect(copy)
        await outcomeOf(channel, copy)
        assert.deepEqual(copy, payload)
      }
    },
  },
  {
    id: 'errors',
    sentence: 'parse never throws anything but a ChannelError that names the field in both languages',
    async check({ channel, payloads }) {
      for (const payload of [...rubbish, ...payloads.flatMap((own) => mutantsOf(own))]) {
        await assertParsesOrExplains(channel, payload)
      }
    },
  },
]

/**
 * The contract of a channel parser, one test for each sentence of it.
 *
 * @param exemptions case id → why this channel cannot keep it; prints as skipped
 */
export function channelContract(
  runner: ContractRunner,
  factory: Factory<ChannelGiven>,
  exemptions: Exemptions<ChannelCaseId> = {},
): void {
  registerSuite(runner, 'channel contract v1', channelCases, factory, exemptions)
}
