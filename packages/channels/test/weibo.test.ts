import { weiboChannel } from '@andon/channels'
import { expect, it } from 'vitest'
import { draftOf, draftsOf, fixture, payloadOf, refusedField } from './fixtures.js'

const weibo = weiboChannel()

it('makes a feedback of each comment, without mentions, emoji codes and short links', async () => {
  const drafts = await draftsOf(weibo, fixture('weibo', 'typical'))
  expect(drafts.map(({ sourceMessageId, symptomText }) => [sourceMessageId, symptomText])).toEqual([
    ['5112233445569001', '买的BCD-520W不制冷，序列号SN2603000601， 售后'],
    ['5112233445569002', '冰箱E-COOL-02，一直响'],
  ])
})

it('reads Weibo’s own date, the province and the post that was commented', async () => {
  expect((await draftsOf(weibo, fixture('weibo', 'typical')))[0]).toMatchObject({
    receivedAt: Date.parse('2026-03-01T08:40:25Z'),
    region: 'CN-GD',
    serialNumber: 'SN2603000601',
    customer: '1404376560',
    attributes: { thread: '5112233445566778', client: '微博网页版' },
  })
})

it('reads labelled facts of an English comment', async () => {
  expect(await draftOf(weibo, fixture('weibo', 'english'))).toMatchObject({
    productModel: 'BCD-620WD',
    batchNumber: 'B2603',
    faultCode: { code: 'E-COOL-01' },
  })
})

it('names the comment and the field of what cannot be read', async () => {
  expect(await refusedField(weibo, fixture('weibo', 'malformed-id'))).toBe('comments[1].idstr')
  expect(await refusedField(weibo, fixture('weibo', 'malformed-time'))).toBe('comments[0].created_at')
})

it('refuses a comment that says nothing once mentions and emoji codes are gone', async () => {
  expect(await refusedField(weibo, payloadOf({ mid: '1', text: '@某电器 [怒]', user: {} }))).toBe('text')
})
