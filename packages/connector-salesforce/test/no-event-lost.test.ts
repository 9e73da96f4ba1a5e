import { describe, expect, it, vi } from 'vitest'
import { orgOfTest, reading } from './support/org.js'

const patient = { timeout: 10_000, interval: 20 }
const quick = { pollMs: 200, settleMs: 300, comments: false, emails: false } as const

/** An org with one case whose stream is open, so that what follows is told by events. */
async function followed(
  more: Parameters<Awaited<ReturnType<typeof orgOfTest>>['open']>[0] = {},
  options = {},
) {
  const { org, open, log } = await orgOfTest(options)
  const id = org.create('Case', { Subject: 'state 0', Description: 'It does not cool' })
  const run = reading(open({ ...quick, pollMs: 60_000, ...more }))
  let state = 0
  const change = (count = 1): void => {
    for (let made = 0; made < count; made += 1) {
      state += 1
      org.update('Case', id, { Subject: `state ${state}` })
    }
  }
  const subjects = (): readonly string[] => run.told.map(({ subject = '' }) => subject)
  const all = (): readonly string[] => Array.from({ length: state + 1 }, (_, number) => `state ${number}`)
  await vi.waitFor(() => expect(subjects()).toEqual(['state 0']), patient)
  await vi.waitFor(() => expect(org.events.subscriptions).toHaveLength(1), patient)
  change()
  await vi.waitFor(() => expect(subjects()).toEqual(all()), patient)
  return { org, id, run, log, change, subjects, all }
}

describe('every state of a case arrives once and in order', () => {
  it('when one case changes faster than it can be read', async () => {
    const { run, log, change, subjects, all } = await followed()
    change(250)
    await vi.waitFor(() => expect(subjects()).toHaveLength(252), patient)
    expect(subjects()).toEqual(all())
    // By the events themselves: what cannot be read would be made up for by queries, and hide a defect.
    expect(log.filter(({ level }) => level === 'warn')).toEqual([])
    await run.stop()
  })

  it.each(['unavailable', 'unauthenticated', 'reset', 'socket', 'half-message', 'completed'] as const)(
    'when the stream ends before and after a message: %s',
    async (how) => {
      const { org, run, change, subjects, all } = await followed()
      org.events.next({ kind: 'cut-before', how })
      change(30)
      await vi.waitFor(() => expect(subjects()).toEqual(all()), patient)
      org.events.next({ kind: 'cut-after', how })
      change(30)
      await vi.waitFor(() => expect(org.events.waiting).toBe(0), patient)
      change(5)
      await vi.waitFor(() => expect(subjects()).toEqual(all()), patient)
      await run.stop()
    },
  )

  it('when all tokens expire, and each is fetched once', async () => {
    const { org, run, change, subjects, all } = await followed()
    const before = org.tokens.clientCredentials
    org.expireTokens()
    change(20)
    await vi.waitFor(() => expect(subjects()).toEqual(all()), patient)
    expect(org.tokens.clientCredentials).toBe(before + 1)
    await run.stop()
  })

  it('when events come twice or N-fold after a reconnect', async () => {
    const { org, run, change, subjects, all } = await followed()
    org.events.next({ kind: 'twice' })
    change(10)
    await vi.waitFor(() => expect(subjects()).toEqual(all()), patient)
    org.events.next({ kind: 'repeat-before', events: 8 })
    change(10)
    await vi.waitFor(() => expect(subjects()).toEqual(all()), patient)
    await run.stop()
  })

  it('when the schema changes in the middle', async () => {
    const { org, run, change, subjects, all } = await followed()
    change(5)
    org.events.evolveSchema('Case')
    change(5)
    await vi.waitFor(() => expect(subjects()).toEqual(all()), patient)
    await run.stop()
  })
})

describe('what a query says has its place among the events', () => {
  it('a case that changed again right behind a gap is told by its own event, once', async () => {
    const { org, id, run, change, subjects } = await followed()
    org.update('Case', id, { Subject: 'hidden' }, { gap: true })
    change()
    change()
    await vi.waitFor(() => expect(subjects().at(-1)).toBe('state 3'), patient)
    expect(subjects()).toEqual(['state 0', 'state 1', 'state 2', 'state 3'])
    expect(run.told.at(-2)?.change.type).toBe('UPDATE')
    await run.stop()
  })

  it('cases behind an overflow that events tell as well come once, and in order', async () => {
    const { org, id, run, change, subjects } = await followed()
    org.events.overflow((bulk) => {
      bulk.update('Case', id, { Subject: 'hidden' })
      bulk.create('Case', { Subject: 'in bulk' })
    })
    change(3)
    await vi.waitFor(() => expect(subjects().at(-1)).toBe('state 4'), patient)
    expect(subjects()).toEqual(['state 0', 'state 1', 'in bulk', 'state 2', 'state 3', 'state 4'])
    await run.stop()
  })

  it('the stream is silent: it is asked anew before a gap is told', async () => {
    const { org, id, run, change, subjects } = await followed()
    change()
    await vi.waitFor(() => expect(subjects().at(-1)).toBe('state 2'), patient)
    org.events.next({ kind: 'cut-after', how: 'reset' })
    org.update('Case', id, { Subject: 'in a gap' }, { gap: true })
    await vi.waitFor(() => expect(org.events.waiting).toBe(0), patient)
    await vi.waitFor(() => expect(org.events.streams).toBe(1), patient)
    org.events.silence()
    change()
    await vi.waitFor(() => expect(subjects().at(-1)).toBe('state 3'), patient)
    expect(subjects().filter((subject) => subject === 'state 3')).toHaveLength(1)
    await run.stop()
  })

  it('our clock may be wrong by minutes', async () => {
    const clock = {
      now: () => Date.now() + 600_000,
      setTimer(milliseconds: number, callback: () => void) {
        const timer = setTimeout(callback, milliseconds)
        return () => clearTimeout(timer)
      },
    }
    const { org, id, run, change, subjects } = await followed({ clock })
    org.update('Case', id, { Subject: 'in a gap' }, { gap: true })
    await vi.waitFor(() => expect(subjects().at(-1)).toBe('in a gap'), patient)
    change()
    await vi.waitFor(() => expect(subjects().at(-1)).toBe('state 2'), patient)
    expect(subjects()).toEqual(['state 0', 'state 1', 'in a gap', 'state 2'])
    await run.stop()
  })

  it('events of before the position that come again after a restart are left out', async () => {
    const { org, open } = await orgOfTest()
    const id = org.create('Case', { Subject: 'state 0' })
    const first = reading(open({ ...quick, pollMs: 60_000 }))
    await vi.waitFor(() => expect(first.told).toHaveLength(1), patient)
    await vi.waitFor(() => expect(org.events.subscriptions).toHaveLength(1), patient)
    for (let state = 1; state <= 4; state += 1) {
      org.update('Case', id, { Subject: `state ${state}` })
      await vi.waitFor(() => expect(first.told.at(-1)?.subject).toBe(`state ${state}`), patient)
    }
    await first.stop()
    org.events.next({ kind: 'repeat-before', events: 3 })
    org.update('Case', id, { Subject: 'state 5' })
    const second = reading(open({ ...quick, pollMs: 60_000 }), first.position)
    await vi.waitFor(() => expect(second.told.at(-1)?.subject).toBe('state 5'), patient)
    expect(org.events.waiting).toBe(0)
    expect(second.told.map(({ subject }) => subject)).toEqual(['state 5'])
    await second.stop()
  })
})

describe('what events cannot tell is read by queries', () => {
  it('a gap: the record is read by its id', async () => {
    const { org, id, run, subjects } = await followed()
    org.update('Case', id, { Subject: 'in a gap' }, { gap: true })
    await vi.waitFor(() => expect(subjects().at(-1)).toBe('in a gap'), patient)
    expect(run.told.at(-1)?.change.type).toBe('GAP_UPDATE')
    await run.stop()
  })

  it('an overflow: all that changed is asked for', async () => {
    const { org, run, subjects } = await followed()
    org.events.overflow((change) => {
      for (let made = 0; made < 30; made += 1) change.create('Case', { Subject: `in bulk ${made}` })
    })
    await vi.waitFor(() => {
      expect(subjects().filter((subject) => subject.startsWith('in bulk'))).toHaveLength(30)
    }, patient)
    await run.stop()
  })

  it('an event for all records of a kind (500*)', async () => {
    const { org, id, run, subjects } = await followed()
    org.update('Case', id, { Subject: 'told by nobody' }, { gap: true })
    org.events.gap('Case', 'GAP_UPDATE', ['500*'])
    await vi.waitFor(() => expect(subjects().at(-1)).toBe('told by nobody'), patient)
    await run.stop()
  })

  it.each(['refused', 'silent'] as const)('a replay id that has expired (%s)', async (expiredReplay) => {
    const { org, open, log } = await orgOfTest({ expiredReplay })
    const id = org.create('Case', { Subject: 'first' })
    const source = open({ ...quick, pollMs: 60_000 })
    const first = reading(source)
    await vi.waitFor(() => expect(first.told).toHaveLength(1), patient)
    await vi.waitFor(() => expect(org.events.subscriptions).toHaveLength(1), patient)
    org.update('Case', id, { Subject: 'second' })
    await vi.waitFor(() => expect(first.told).toHaveLength(2), patient)
    org.update('Case', id, { Subject: 'third' })
    await vi.waitFor(() => expect(first.told).toHaveLength(3), patient)
    await first.stop()
    org.update('Case', id, { Subject: 'while away' })
    org.events.forgetReplayIds()
    const second = reading(open({ ...quick, pollMs: 60_000 }), first.position)
    await vi.waitFor(() => expect(second.told.at(-1)?.subject).toBe('while away'), patient)
    if (expiredReplay === 'refused') expect(log.some(({ text }) => text.includes('expired'))).toBe(true)
    await second.stop()
  })

  it('an org without events is polled, and says so', async () => {
    const { org, open, log } = await orgOfTest({ cdc: [] })
    org.create('Case', { Subject: 'before' })
    const run = reading(open(quick))
    await vi.waitFor(() => expect(run.told).toHaveLength(1), patient)
    org.create('Case', { Subject: 'after' })
    await vi.waitFor(
      () => expect(run.told.map(({ subject }) => subject)).toEqual(['before', 'after']),
      patient,
    )
    expect(log.some(({ level, text }) => level === 'warn' && text.includes('polling'))).toBe(true)
    await run.stop()
  })

  it('deletes and merges are told, and an undelete', async () => {
    const { org, id, run } = await followed()
    const loser = org.create('Case', { Subject: 'the same again' })
    org.merge('Case', id, [loser])
    await vi.waitFor(() => expect(run.told.some(({ change }) => change.type === 'MERGE')).toBe(true), patient)
    expect(run.told.find(({ change }) => change.type === 'MERGE')).toMatchObject({
      id: loser,
      record: { MasterRecordId: id },
    })
    org.delete('Case', id)
    await vi.waitFor(() => expect(run.told.at(-1)?.change.type).toBe('DELETE'), patient)
    org.undelete('Case', id)
    await vi.waitFor(() => expect(run.told.at(-1)?.change.type).toBe('UNDELETE'), patient)
    await run.stop()
  })

  it('our own writes do not come back', async () => {
    const { org, id, run, change, subjects, all } = await followed()
    org.update('Case', id, { Status: 'Working' }, { origin: 'com/salesforce/api/rest/67.0;client=andon' })
    change()
    await vi.waitFor(() => expect(subjects()).toEqual(all()), patient)
    await run.stop()
  })
})
