import { standardChannels } from '@andon/channels'
import { channelNames } from '@andon/core/feedback'
import { describe, expect, it } from 'vitest'
import { decoded, draftsOf, fixtures, payloadOf, refusedField } from './fixtures.js'

const channels = standardChannels()
const recognisedBy = (payload: Parameters<(typeof channels)[number]['detect']>[0]): string[] =>
  channels.filter((channel) => channel.detect(payload)).map(({ name }) => name)

describe('detection', () => {
  it('has one parser for each of the twelve channels', () => {
    expect(channels.map(({ name }) => name)).toEqual([...channelNames])
  })

  it('has at least six payloads of every channel', () => {
    for (const name of channelNames) {
      expect(fixtures.filter(({ channel }) => channel === name).length, name).toBeGreaterThanOrEqual(6)
    }
  })

  it.each(fixtures.map((fixture) => [`${fixture.channel}/${fixture.name}`, fixture] as const))(
    'recognises %s by exactly its own channel',
    (_title, { channel, payload }) => {
      expect(recognisedBy(payload)).toEqual([channel])
    },
  )

  it.each([
    ['nothing', ''],
    ['blanks', ' \n '],
    ['words', 'Hello: the fridge is broken'],
    ['broken JSON', '{"event_id":'],
    ['an empty object', '{}'],
    ['an empty list', '[]'],
    ['a list of numbers', '[1,2]'],
    ['a list of nothing', '[null]'],
    ['an unknown object', '{"id":"1","text":"hi","message":"hi","type":"x","from":"a","to":"b"}'],
    ['another XML', '<?xml version="1.0"?><rss><channel/></rss>'],
    ['an HTTP request', 'GET / HTTP/1.1\r\nHost: example.com\r\n\r\n'],
    ['an empty comment list', '{"comments":[]}'],
    ['nulls', '{"contexts":null,"msg_list":null,"comments":null,"type":null}'],
  ])('recognises %s by no channel', (_title, text) => {
    const payload = text.startsWith('{"event_id":') ? { text } : decoded(text)
    expect(recognisedBy(payload)).toEqual([])
  })

  it('takes the first of a list to stand for all', () => {
    expect(recognisedBy(payloadOf([{ condition_id: 'c', severity: 1 }, {}]))).toEqual(['iot'])
  })
})

describe('every parser', () => {
  it.each(channels.map((channel) => [channel.name, channel] as const))(
    '%s refuses words and foreign objects with a ChannelError',
    async (_name, channel) => {
      expect(await refusedField(channel, { text: 'nonsense' })).not.toBe('')
      expect(await refusedField(channel, payloadOf({ hello: 1 }))).not.toBe('')
      expect(await refusedField(channel, payloadOf([1]))).not.toBe('')
    },
  )

  it.each(
    fixtures
      .filter(({ name }) => !name.startsWith('malformed'))
      .map((fixture) => [`${fixture.channel}/${fixture.name}`, fixture] as const),
  )(
    'reads %s into drafts with an id and words, and no personal identifier outside of customer',
    async (_title, { channel, payload }) => {
      const parser = channels.find(({ name }) => name === channel)
      const drafts = parser === undefined ? [] : await draftsOf(parser, payload)
      expect(drafts.length).toBeGreaterThan(0)
      for (const { customer: _customer, ...rest } of drafts) {
        expect(rest.sourceMessageId).not.toBe('')
        expect(rest.symptomText.trim()).not.toBe('')
        expect(JSON.stringify(rest)).not.toMatch(
          /13812345678|13987654321|555-201-7788|555-0123|owner@example|buyer@example|某用户|A\. Owner|tb88|203\.0\.113/,
        )
      }
    },
  )

  it.each(
    fixtures.filter(({ name }) => name === 'repeated').map((fixture) => [fixture.channel, fixture] as const),
  )('%s gives a repeated delivery the ids of the first', async (channel, { payload }) => {
    const parser = channels.find(({ name }) => name === channel)
    const typical = fixtures.find((fixture) => fixture.channel === channel && fixture.name === 'typical')
    if (parser === undefined || typical === undefined) throw new Error('no parser or fixture')
    const first = (await draftsOf(parser, typical.payload)).map(({ sourceMessageId }) => sourceMessageId)
    for (const { sourceMessageId } of await draftsOf(parser, payload))
      expect(first).toContain(sourceMessageId)
  })
})
