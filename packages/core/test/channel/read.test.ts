import { describe, expect, it } from 'vitest'
import type { Channel } from '../../src/channel/channel.js'
import { ChannelError } from '../../src/channel/channel-error.js'
import { type ChannelSet, channelSet } from '../../src/channel/channel-set.js'
import type { DecodedPayload, RawPayload } from '../../src/channel/payload.js'
import { type ReadResult, readFeedback } from '../../src/channel/read.js'
import { isAndonError } from '../../src/errors/andon-error.js'
import type { FeedbackDraft } from '../../src/feedback/draft.js'
import type { ChannelName } from '../../src/feedback/schema.js'

const context = {
  tenant: 'default',
  source: 'ingest',
  now: Date.parse('2026-03-01T08:00:00Z'),
  customerKey: 'key',
}

type Parse = Channel['parse']

const member = (payload: DecodedPayload, name: string): unknown =>
  payload.json === undefined ? undefined : Reflect.get(payload.json, name)

/** A channel whose payloads are `{ "<name>": "symptom" }`. */
function channel(name: ChannelName, parse?: Parse): Channel {
  const plain: Parse = (payload) => [{ sourceMessageId: 'm-1', symptomText: String(member(payload, name)) }]
  return {
    contract: 1,
    name,
    detect: (payload) => member(payload, name) !== undefined,
    parse: parse ?? plain,
  }
}

const both = channelSet([channel('web'), channel('sms')])

const read = async (raw: RawPayload, channels: ChannelSet = both): Promise<readonly ReadResult[]> =>
  readFeedback(raw, channels, context)

/** `channel/symptom` of what was accepted, `field: reason` of what was not. */
async function outcome(raw: RawPayload, channels: ChannelSet = both): Promise<string[]> {
  const results = await read(raw, channels)
  return results.map((result) =>
    result.ok
      ? `${result.feedback.channel}/${result.feedback.symptomText}`
      : result.problems.map(({ field, reason }) => `${field}: ${reason.en}`).join('; '),
  )
}

const failing = (error: unknown): ChannelSet =>
  channelSet([
    channel('web', () => {
      throw error
    }),
  ])

describe('reading a payload', () => {
  it('finds the channel by itself', async () => {
    expect(await outcome({ body: { sms: 'smoke' } })).toEqual(['sms/smoke'])
  })

  it('asks the channels in the order of the set, on every payload anew', async () => {
    const payload = { body: { web: 'a', sms: 'b' } }
    await read({ body: { sms: 'before' } })
    expect(await outcome(payload)).toEqual(['web/a'])
    expect(await outcome(payload, channelSet([channel('sms'), channel('web')]))).toEqual(['sms/b'])
  })

  it('is synchronous where the parser is', () => {
    expect(readFeedback({ body: { web: 'x' } }, both, context)).not.toBeInstanceOf(Promise)
  })

  it('waits for a parser that is asynchronous', async () => {
    const later = channelSet([channel('email', async () => [{ sourceMessageId: 'm', symptomText: 'mail' }])])
    expect(readFeedback({ body: { email: 1 } }, later, context)).toBeInstanceOf(Promise)
    expect(await outcome({ body: { email: 1 } }, later)).toEqual(['email/mail'])
  })

  it("takes the payload's own tenant, source, receiving instant and trace", async () => {
    const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
    const raw = { body: { web: 'x' }, tenant: 'acme', source: 'crm', receivedAt: '2026-02-01', traceparent }
    expect(await read(raw)).toMatchObject([
      { feedback: { tenant: 'acme', source: 'crm', receivedAt: '2026-02-01T00:00:00.000Z', traceparent } },
    ])
  })

  it('keeps the good drafts of a list beside the bad ones', async () => {
    const drafts: FeedbackDraft[] = [
      { sourceMessageId: '1', symptomText: 'one' },
      { sourceMessageId: '2', symptomText: '' },
      { sourceMessageId: '3', symptomText: 'three' },
    ]
    const results = await outcome({ body: { weibo: 1 } }, channelSet([channel('weibo', () => drafts)]))
    expect(results).toEqual(['weibo/one', 'symptomText: is empty', 'weibo/three'])
  })

  it('has the raw payload in every result', async () => {
    for (const body of ['{"web":"x"}', '{"web":', '{"other":1}', '{"web":" "}'])
      expect(await read({ body })).toMatchObject([{ raw: { payload: body } }])
  })
})

describe('a payload that cannot be read', () => {
  it('says so when it cannot be decoded', async () => {
    expect(await outcome({ body: '' })).toEqual(['body: is empty'])
  })

  it('says what it looks like when it came by the wrong channel', async () => {
    expect(await outcome({ body: { sms: 'x' }, channel: 'web' })).toEqual([
      'channel: wrong channel: this does not look like web; it looks like sms',
    ])
    expect(await outcome({ body: { other: 'x' }, channel: 'web' })).toEqual([
      'channel: wrong channel: this does not look like web, nor like any other registered channel',
    ])
  })

  it('says when nobody knows it, or its channel', async () => {
    expect(await outcome({ body: 'hello' })).toEqual([
      'channel: no registered channel recognises this payload',
    ])
    expect(await outcome({ body: { iot: 1 }, channel: 'iot' })).toEqual([
      'channel: no parser for the channel iot is registered',
    ])
  })

  it("carries the parser's field, value and reason", async () => {
    const error = new ChannelError('comments[0].id', 17, { en: 'is not a text', zh: '不是文本' })
    expect(await read({ body: { web: 1 } }, failing(error))).toMatchObject([
      {
        ok: false,
        channel: 'web',
        problems: [{ field: 'comments[0].id', value: '17', reason: { en: 'is not a text', zh: '不是文本' } }],
      },
    ])
  })

  it.each([
    ['an error', new TypeError('x of undefined'), 'x of undefined'],
    ['a text', 'oops', 'oops'],
    ['nothing', undefined, 'undefined'],
  ])('is no crash when the parser throws %s', async (_, error, message) => {
    expect(await outcome({ body: { web: 1 } }, failing(error))).toEqual([
      `body: the web parser failed: ${message}`,
    ])
  })

  it('is no rejection when an asynchronous parser rejects', async () => {
    const rejecting = channelSet([channel('email', () => Promise.reject(new Error('no MIME')))])
    expect(await outcome({ body: { email: 1 } }, rejecting)).toEqual([
      'body: the email parser failed: no MIME',
    ])
  })

  it('is told when the parser finds nothing or returns nonsense', async () => {
    const none = channelSet([channel('iot', () => [])])
    expect(await outcome({ body: { iot: 1 } }, none)).toEqual(['body: the iot parser found no report in it'])
    const nonsense = channelSet([channel('iot', (() => 'x') as unknown as Parse)])
    expect(await outcome({ body: { iot: 1 } }, nonsense)).toEqual([
      'body: the iot parser did not return a list of drafts',
    ])
  })

  it('does not hurt its neighbours when a draft has code of its own that throws', async () => {
    const trap = {
      sourceMessageId: '1',
      get symptomText(): string {
        throw new Error('trap')
      },
    }
    const drafts = [trap, { sourceMessageId: '2', symptomText: 'two' }]
    expect(await outcome({ body: { web: 1 } }, channelSet([channel('web', () => drafts)]))).toEqual([
      'body: the web parser failed: trap',
      'web/two',
    ])
  })

  it('is offered to the next channel when one throws while it looks', async () => {
    const nervous: Channel = {
      ...channel('web'),
      detect: () => {
        throw new Error('nervous')
      },
    }
    expect(await outcome({ body: { sms: 'x' } }, channelSet([nervous, channel('sms')]))).toEqual(['sms/x'])
  })
})

describe('a set of channels', () => {
  it('has each by its name', () => {
    expect(both.get('sms')?.name).toBe('sms')
    expect(both.get('iot')).toBeUndefined()
    expect(both.channels.map(({ name }) => name)).toEqual(['web', 'sms'])
  })

  it.each([
    ['the contract', { ...channel('web'), contract: 2 }, 'its contract is not 1'],
    ['the name', { ...channel('web'), name: 'fax' }, 'its name is none of web, app'],
    ['detect', { ...channel('web'), detect: undefined }, 'it has no method detect'],
    ['parse', { contract: 1, name: 'web', detect: () => true }, 'it has no method parse'],
    ['the object', null, 'it is not an object'],
  ])('refuses a parser that breaks the contract: %s', (_, broken, fault) => {
    const build = (): ChannelSet => channelSet([broken as Channel])
    expect(build).toThrow(fault)
    try {
      build()
    } catch (error) {
      expect(isAndonError(error, 'PLUGIN_INVALID')).toBe(true)
    }
  })

  it('refuses two parsers of one name', () => {
    expect(() => channelSet([channel('web'), channel('web')])).toThrow('another channel has the same name')
  })
})
