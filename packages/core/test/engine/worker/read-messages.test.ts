import type { LoggedMessage } from '@andon/core/connector'
import { sampleEntry } from '@andon/testkit'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readMessages } from '../../../src/engine/worker/read-messages.js'
import { feedbackMessage, partitionKeyOf, tickMessage } from '../../../src/engine/worker/stream-message.js'

const now = Date.UTC(2026, 2, 1, 8)
const place = { tenant: 'default', lane: 'feedback.appliance/3', now }
const entry = sampleEntry(1)

const logged = (change: Partial<LoggedMessage> = {}): LoggedMessage => ({
  ...feedbackMessage(entry, now - 5000, partitionKeyOf('default', 'KX-500')),
  position: 7,
  at: now - 4000,
  ...change,
})
/** A message whose record is this text. */
const withRecord = (record: string | Uint8Array): Partial<LoggedMessage> => {
  const bytes = Buffer.from(record)
  const headers = { 'andon-record': String(bytes.length) }
  return { body: Buffer.concat([bytes, Buffer.from(entry.raw.payload)]), headers }
}
const recordWith = (feedback: object): Partial<LoggedMessage> =>
  withRecord(JSON.stringify({ ...entry.feedback, ...feedback }))

it('a feedback comes out as it went in, at the instant at which it was taken in', () => {
  expect(readMessages([logged()], place)).toEqual({
    items: [{ kind: 'feedback', position: 7, at: now - 5000, entry, bytes: expect.anything() }],
    quarantined: [],
  })
})

it('a tick is a tick, whatever its body', () => {
  const tick = { ...tickMessage('q_1', now - 10), position: 8, at: now }
  expect(readMessages([tick], place).items).toEqual([{ kind: 'tick', position: 8, at: now - 10 }])
})

describe('what cannot be read is quarantined with the reason, and its place is not lost', () => {
  it.each([
    ['no JSON', withRecord('not { JSON'), 'body'],
    ['no UTF-8', withRecord(Uint8Array.from([0xff, 0xfe, 0x00])), 'body'],
    ['nothing', { body: new Uint8Array() }, 'headers'],
    ['no header that says where the record ends', { headers: {} }, 'headers'],
    ['a record that ends behind the message', { headers: { 'andon-record': '1000000' } }, 'headers'],
    ['a record that ends in between', { headers: { 'andon-record': '1.5' } }, 'headers'],
    ['no object', withRecord('null'), 'feedback'],
    ['a list', withRecord('[]'), 'feedback'],
    ['a schema of a later version', recordWith({ schemaVersion: 99 }), 'schemaVersion'],
    ['a severity that is none', recordWith({ severityScore: 'much' }), 'severityScore'],
  ])('%s', (_, change, field) => {
    const { items, quarantined } = readMessages([logged(change), logged({ position: 8 })], place)
    expect(items.map(({ kind, position }) => [kind, position])).toEqual([
      ['unreadable', 7],
      ['feedback', 8],
    ])
    expect(quarantined).toHaveLength(1)
    expect(quarantined[0]).toMatchObject({
      tenant: 'default',
      source: 'feedback.appliance/3',
      at: now,
      problems: [{ field }],
      envelope: { position: 7, key: 'default/KX-500' },
    })
    expect(quarantined[0]?.problems[0]?.reason.zh).not.toBe('')
  })

  it('as the same record whenever it is read, and as another for every place', () => {
    const id = (position: number, at: number): string | undefined =>
      readMessages([logged({ body: Buffer.from('?'), position })], { ...place, now: at }).quarantined[0]?.id
    expect(id(7, now)).toBe(id(7, now + 1000))
    expect(id(7, now)).not.toBe(id(8, now))
  })

  it('whatever bytes they are', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
        const { items, quarantined } = readMessages([logged({ body })], place)
        expect(items.map(({ kind }) => kind)).toEqual(['unreadable'])
        expect(quarantined).toHaveLength(1)
      }),
    )
  })
})

describe('an instant', () => {
  const at = (said: string | undefined): number | undefined =>
    readMessages([logged({ headers: said === undefined ? {} : { 'andon-at': said } })], place).items[0]?.at

  it('lies in the future of no clock here: a producer whose clock runs ahead carries nothing away', () => {
    expect(at(String(now + 3_600_000))).toBe(now)
  })

  it('that a message does not say is that of the broker', () => {
    expect(at(undefined)).toBe(now - 4000)
  })

  it.each(['', 'NaN', 'yesterday', '-5', '1.5', '1e12', 'Infinity', '9'.repeat(30)])(
    'of "%s" is none, and the broker\'s counts',
    (said) => {
      expect(at(said)).toBe(now - 4000)
    },
  )
})
