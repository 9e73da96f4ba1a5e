import type { Channel, Detector } from '@andon/core/connector'
import {
  type ChannelCaseId,
  channelContract,
  type DetectorCaseId,
  detectorContract,
  sampleFeedback,
} from '@andon/testkit'
import { expect, it } from 'vitest'
import { failuresOf } from '../support/broken.js'
import { type CounterState, counterDetector } from '../support/counter.js'
import { noteChannel, notes, otherPayload } from '../support/note-channel.js'

const stream = Array.from({ length: 60 }, (_, index) => sampleFeedback(index))
const whole = counterDetector(10)

const brokenDetectors: readonly {
  readonly what: string
  readonly make: () => Detector<CounterState>
  readonly fails: readonly DetectorCaseId[]
}[] = [
  {
    what: 'keeps a memory beside its state',
    make() {
      let calls = 0
      return {
        ...whole,
        observe(state, batch, now) {
          calls += 1
          return whole.observe(state, batch, now).map((finding) => ({ ...finding, severity: calls % 10 }))
        },
      }
    },
    fails: ['replay', 'batching'],
  },
  {
    what: 'reports once for each batch',
    make: () => ({
      ...whole,
      observe(state, batch, now) {
        whole.observe(state, batch, now)
        const feedbackIds = batch.map(({ feedbackId }) => feedbackId)
        return [{ key: 'batch', title: { en: 'a', zh: '甲' }, severity: 1, feedbackIds, numbers: {} }]
      },
    }),
    fails: ['batching'],
  },
  {
    what: 'shares one state',
    make() {
      const shared: CounterState = { seen: {} }
      return { ...whole, init: () => shared }
    },
    fails: ['init'],
  },
  {
    what: 'speaks one language',
    make: () => ({
      ...whole,
      observe: (state, batch, now) =>
        whole.observe(state, batch, now).map((finding) => ({ ...finding, title: { en: 'only', zh: '' } })),
    }),
    fails: ['finding'],
  },
  {
    what: 'writes into the feedback',
    make: () => ({
      ...whole,
      observe(state, batch, now) {
        for (const feedback of batch) feedback.severityScore += 1
        return whole.observe(state, batch, now)
      },
    }),
    fails: ['input'],
  },
]

for (const { what, make, fails } of brokenDetectors) {
  it(`a detector that ${what} fails the suite`, async () => {
    const failures = await failuresOf((runner) =>
      detectorContract(runner, () => ({ detector: make(), stream: structuredClone(stream) })),
    )
    expect(failures).toEqual(expect.arrayContaining([...fails]))
  })
}

/** TypeScript takes it for plain, JSON does not. */
class Box {
  seen: { [key: string]: string[] } = {}
}

it('a detector whose state is a class of its own fails the suite', async () => {
  const boxed: Detector<CounterState> = {
    ...whole,
    init: () => new Box(),
  }
  const failures = await failuresOf((runner) => detectorContract(runner, () => ({ detector: boxed, stream })))
  expect(failures).toContain('snapshot')
})

const brokenChannels: readonly {
  readonly what: string
  readonly channel: Channel
  readonly fails: readonly ChannelCaseId[]
}[] = [
  {
    what: 'says yes to everything',
    channel: { ...noteChannel, detect: () => true },
    fails: ['detect', 'detect-rubbish'],
  },
  {
    what: 'trusts what it reads',
    channel: {
      ...noteChannel,
      parse: ({ text }) => {
        const { shop_note: note } = JSON.parse(text)
        return [{ sourceMessageId: note.id.trim(), symptomText: note.words.trim() }]
      },
    },
    fails: ['errors'],
  },
  {
    what: 'reads the clock',
    channel: {
      ...noteChannel,
      async parse(payload) {
        const drafts = await noteChannel.parse(payload)
        return drafts.map((draft) => ({ ...draft, receivedAt: Date.now() }))
      },
    },
    fails: ['pure'],
  },
  {
    what: 'has a name of its own',
    channel: Object.assign({ ...noteChannel }, JSON.parse('{"name": "pigeon"}')),
    fails: ['contract'],
  },
]

for (const { what, channel, fails } of brokenChannels) {
  it(`a channel that ${what} fails the suite`, async () => {
    const failures = await failuresOf((runner) =>
      channelContract(runner, () => ({ channel, payloads: notes, foreign: [otherPayload] })),
    )
    expect(failures).toEqual(expect.arrayContaining([...fails]))
  })
}
