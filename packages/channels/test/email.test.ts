import { emailChannel } from '@andon/channels'
import { expect, it } from 'vitest'
import { ownWords } from '../src/email/reply.js'
import { draftOf, fixture, refusedField } from './fixtures.js'

const email = emailChannel()

it('reads a mail with labelled facts, an image and a signature', async () => {
  const draft = await draftOf(email, fixture('email', 'typical'))
  expect(draft).toMatchObject({
    sourceMessageId: '<CAF-20260301-01@mail.example.com>',
    productModel: 'BCD-520W',
    serialNumber: 'SN2603001201',
    componentBatches: { compressor: 'C24-117' },
    region: 'CN-GD',
    faultCode: { code: 'E-COOL-01' },
    customer: 'owner@example.com',
    receivedAt: Date.parse('2026-03-01T08:55:00Z'),
    evidence: [{ mime: 'image/png', uri: 'mid:CAF-20260301-01%40mail.example.com/display%40local' }],
  })
  expect(draft.symptomText).toContain('14 °C every night')
  expect(draft.symptomText).not.toMatch(/regards|Sample Street/i)
})

it('leaves a quoted Chinese message out and keeps a line that begins with 在', async () => {
  const draft = await draftOf(email, fixture('email', 'chinese'))
  expect(draft.symptomText).toMatch(/^在使用过程中发现还是不制冷。/)
  expect(draft.symptomText).not.toMatch(/冒烟|发自我的/)
  expect(draft).toMatchObject({ language: 'zh-CN', batchNumber: 'B2603', serialNumber: 'SN2603001202' })
})

it('records the thread and what it replies to', async () => {
  const { attributes } = await draftOf(email, fixture('email', 'chinese'))
  expect(attributes).toMatchObject({ thread: '<zh-0@mail.example.cn>', inReplyTo: '<zh-1@example.net>' })
})

it('leaves out what an HTML mail quotes', async () => {
  const draft = await draftOf(email, fixture('email', 'html'))
  expect(draft.symptomText).toBe('Still broken & loud.\n\nSerial number: SN2603001203')
})

it('leaves out a quotation whose opening line is broken in two', async () => {
  const draft = await draftOf(email, fixture('email', 'reply'))
  expect(draft.symptomText).toBe('The new board failed too, code E-DISP-03.')
})

it('gives a mail that is nothing but a quotation back whole', () => {
  expect(ownWords('> It leaks\n> again')).toBe('> It leaks\n> again')
})

it('cuts at an Outlook header block but not at a customer’s own line with From', () => {
  expect(ownWords('Bad.\n\nFrom: Desk\nSent: Sunday\nHello?')).toBe('Bad.')
  expect(ownWords('From: last week it hums.\nLoud.')).toBe('From: last week it hums.\nLoud.')
})

it('names the header of what cannot be read', async () => {
  expect(await refusedField(email, fixture('email', 'malformed-id'))).toBe('Message-ID')
  expect(await refusedField(email, fixture('email', 'malformed-date'))).toBe('Date')
})

it('strips quotes from a hostile megabyte in linear time', () => {
  const began = performance.now()
  ownWords(`${'a on '.repeat(200_000)}\n${'On x '.repeat(200_000)}`)
  expect(performance.now() - began).toBeLessThan(1000)
})
