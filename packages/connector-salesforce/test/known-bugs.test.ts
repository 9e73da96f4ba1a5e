import { isAndonError } from '@andon/core/errors'
import { virtualClock } from '@andon/testkit'
import { describe, expect, it, vi } from 'vitest'
import { orgOfTest, reading, type Told, toldOf } from './support/org.js'
import { contextOf, targetOn, updateOf } from './support/targets.js'

const patient = { timeout: 10_000, interval: 20 }
const quiet = { pollMs: 60_000, comments: false, emails: false } as const
const subjectsOf = (told: readonly Told[]): readonly string[] => told.map(({ subject = '' }) => subject)

// Each of these was seen in a library that is widely used: ../shared/facts of the project says which and how.
describe('bugs of the usual libraries that this connector does not have', () => {
  it('a persistent 401 ends after one new session, instead of calling for ever', async () => {
    const { org } = await orgOfTest()
    const action = updateOf(1, [org.create('Case', { Subject: 'x' })])
    const target = targetOn(org)
    await target.check()
    org.refuseTokens(true)
    const before = org.requestCount
    const error = await target.execute(action, contextOf(1)).catch((thrown: unknown) => thrown)
    expect(isAndonError(error, 'TARGET_UNAVAILABLE')).toBe(true)
    // The call, a token, the call again.
    expect(org.requestCount - before).toBeLessThanOrEqual(4)
    await target.close()
  })

  it('a source whose tokens are refused asks for at most ten sessions a minute', async () => {
    const clock = virtualClock()
    const { org, open } = await orgOfTest({ clock })
    const run = reading(open({ ...quiet, clock, receive: 'polling', pollMs: 100 }))
    await vi.waitFor(() => expect(org.requestCount).toBeGreaterThan(5), patient)
    org.refuseTokens(true)
    const before = org.tokens.clientCredentials
    for (let step = 0; step < 40; step += 1) {
      await clock.advance(1_000)
      await new Promise((resolve) => setImmediate(resolve))
    }
    expect(org.tokens.clientCredentials - before).toBeLessThanOrEqual(10)
    await run.stop().catch(() => undefined)
  })

  it('a position is never ahead of what was handed on', async () => {
    const { org, open } = await orgOfTest()
    const id = org.create('Case', { Subject: 'state 0' })
    const first = reading(open(quiet))
    await vi.waitFor(() => expect(first.told).toHaveLength(1), patient)
    await vi.waitFor(() => expect(org.events.subscriptions).toHaveLength(1), patient)
    for (let state = 1; state <= 3; state += 1) org.update('Case', id, { Subject: `state ${state}` })
    await vi.waitFor(() => expect(first.told).toHaveLength(4), patient)
    org.update('Case', id, { Subject: 'state 4' })
    await vi.waitFor(() => expect(first.told).toHaveLength(5), patient)
    await first.stop()
    // From each position that was handed out, exactly what comes after its batch is read.
    const counts = first.batches.map(({ items }) => items.length)
    for (const [index, { position }] of first.batches.entries()) {
      if (position === undefined || position.replayId === undefined) continue
      const after = counts.slice(0, index + 1).reduce((sum, count) => sum + count, 0)
      const again = reading(open(quiet), position)
      const expected = Array.from({ length: 5 - after }, (_, left) => `state ${after + left}`)
      await vi.waitFor(() => expect(subjectsOf(again.told)).toEqual(expected), patient)
      await again.stop()
    }
  })

  it('a GetSchema that fails is asked again, and stalls nothing', async () => {
    const { org, open } = await orgOfTest()
    const id = org.create('Case', { Subject: 'state 0' })
    const run = reading(open(quiet))
    await vi.waitFor(() => expect(run.told).toHaveLength(1), patient)
    await vi.waitFor(() => expect(org.events.subscriptions).toHaveLength(1), patient)
    org.events.failSchema(2)
    for (let state = 1; state <= 3; state += 1) org.update('Case', id, { Subject: `state ${state}` })
    await vi.waitFor(() => {
      expect(subjectsOf(run.told)).toEqual(['state 0', 'state 1', 'state 2', 'state 3'])
    }, patient)
    expect(org.events.schemaCalls).toBe(3)
    await run.stop()
  })

  it('a managed subscription goes on after 100 events, and the org keeps what was committed', async () => {
    const { org, open } = await orgOfTest({ managed: { Andon_Cases: {} } })
    const id = org.create('Case', { Subject: 'state 0' })
    const run = reading(open({ ...quiet, managedSubscription: 'Andon_Cases' }))
    await vi.waitFor(() => expect(run.told).toHaveLength(1), patient)
    await vi.waitFor(() => expect(org.events.subscriptions).toHaveLength(1), patient)
    for (let state = 1; state <= 350; state += 1) org.update('Case', id, { Subject: `state ${state}` })
    await vi.waitFor(() => expect(run.told).toHaveLength(351), patient)
    expect(subjectsOf(run.told)).toEqual(Array.from({ length: 351 }, (_, state) => `state ${state}`))
    await vi.waitFor(() => {
      expect(org.events.committed.Andon_Cases).toBe(run.position?.replayId)
    }, patient)
    await run.stop()
  })

  it('a commit number above 2^53 keeps every digit', async () => {
    const { org, open } = await orgOfTest()
    const id = org.create('Case', { Subject: 'state 0' })
    const run = reading(open(quiet))
    await vi.waitFor(() => expect(run.told).toHaveLength(1), patient)
    await vi.waitFor(() => expect(org.events.subscriptions).toHaveLength(1), patient)
    org.update('Case', id, { Subject: 'state 1' })
    await vi.waitFor(() => expect(run.told).toHaveLength(2), patient)
    const { commitNumber = '' } = run.told[1]?.change ?? {}
    expect(BigInt(commitNumber)).toBeGreaterThan(2n ** 60n)
    // The double that is next to it is another number.
    expect(String(BigInt(Number(commitNumber)))).not.toBe(commitNumber)
    await run.stop()
  })

  it('a stream that falls silent is noticed and resumed where it was', async () => {
    const { org, open } = await orgOfTest({ keepaliveMs: 100 })
    const id = org.create('Case', { Subject: 'state 0' })
    const run = reading(open({ ...quiet, silenceMs: 400 }))
    await vi.waitFor(() => expect(run.told).toHaveLength(1), patient)
    await vi.waitFor(() => expect(org.events.subscriptions).toHaveLength(1), patient)
    org.update('Case', id, { Subject: 'state 1' })
    await vi.waitFor(() => expect(run.told).toHaveLength(2), patient)
    // The first message of a stream has a query beside it, the next comes by the stream alone.
    org.update('Case', id, { Subject: 'state 1 still' })
    await vi.waitFor(() => expect(run.told).toHaveLength(3), patient)
    org.events.silence()
    org.update('Case', id, { Subject: 'state 2' })
    await vi.waitFor(() => expect(run.told.at(-1)?.subject).toBe('state 2'), patient)
    expect(org.events.opened).toBe(2)
    await run.stop()
  })

  it('a reader that is slow loses no event: the stream is let go in time and resumed', async () => {
    const { org, open } = await orgOfTest({ idleMs: 600 })
    const id = org.create('Case', { Subject: 'state 0' })
    const source = open({ ...quiet, idleMs: 300 })
    const stopper = new AbortController()
    const told: Told[] = []
    const iterator = source.receive({ signal: stopper.signal })[Symbol.asyncIterator]()
    const take = async (): Promise<void> => {
      const { value } = await iterator.next()
      if (value !== undefined) told.push(...value.items.map(toldOf))
    }
    await take()
    const second = take()
    await vi.waitFor(() => expect(org.events.subscriptions).toHaveLength(1), patient)
    for (let state = 1; state <= 100; state += 1) org.update('Case', id, { Subject: `state ${state}` })
    await second
    await vi.waitFor(() => expect(org.events.streams).toBe(0), patient)
    org.update('Case', id, { Subject: 'state 101' })
    while (told.length < 102) await take()
    expect(subjectsOf(told)).toEqual(Array.from({ length: 102 }, (_, state) => `state ${state}`))
    stopper.abort()
    await iterator.return?.()
  })
})
