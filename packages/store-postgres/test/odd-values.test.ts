import { sampleAction, sampleEntry, sampleSignal, sampleStart } from '@andon/testkit'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeWith, servers } from '../../../test/support/servers.js'
import { freshSchema } from './support/schemas.js'

describeWith('the PostgreSQL store', servers.postgres, ({ url }) => {
  let schema = freshSchema(url)
  beforeEach(() => {
    schema = freshSchema(url)
  })
  afterEach(() => schema.drop())

  it('keeps texts that PostgreSQL has no characters for: U+0000 and half a character', async () => {
    const store = await schema.open()
    const text = 'a\0b \ud83d end'
    const feedback = { productModel: text, symptomText: text, sourceMessageId: text }
    await store.journal.append({ at: sampleStart, entries: [sampleEntry(0, feedback)], quarantined: [] })
    const [entry] = await store.journal.read(1, 1)
    expect(entry?.kind === 'feedback' && entry.feedback).toMatchObject(feedback)
    const lane = store.shared?.lane('lane \0')
    const item = { kind: 'feedback', position: 0, at: sampleStart, entry: sampleEntry(1, feedback) } as const
    expect(
      await lane?.append({
        items: [{ ...item, entry: sampleEntry(1, { ...feedback, tenant: 'x' }) }],
        quarantined: [],
      }),
    ).toMatchObject([{ status: 'accepted', offset: 1 }])
    const signal = sampleSignal(0, { fingerprint: `rule:${text}` })
    await store.transaction(async (transaction) => {
      await transaction.putSignals([signal])
      await transaction.addActions([sampleAction(0, { params: { text } })])
      await transaction.keep(text, { text })
      await transaction.appendAudit([{ tenant: 'default', at: 0, what: 'x', data: { text } }])
      await transaction.addAggregates(await store.aggregates())
    })
    const [found] = await store.transaction((transaction) => transaction.findSignals([signal.fingerprint]))
    expect(found).toEqual(signal)
    expect((await store.actions.get('action-0'))?.params).toEqual({ text })
    expect(await store.kept(text)).toEqual({ text })
    expect((await store.aggregates()).map(({ count, productModel }) => [count, productModel])).toEqual([
      [2, 'a\uFFFDb \uFFFD end'],
    ])
  })

  it('takes instants of a clock that is finer than a millisecond', async () => {
    const store = await schema.open()
    const at = sampleStart + 0.25
    expect(await store.journal.appendTick(at)).toBe(1)
    const action = sampleAction(0, { dueAt: at, wakeAt: at })
    await store.transaction((transaction) => transaction.addActions([action]))
    expect(await store.actions.due(at, 10)).toEqual([action])
    expect(await store.actions.nextDue(at - 1)).toBe(sampleStart)
    const request = { owner: 'a', target: 'plant', at, until: at + 0.5, limit: 1 }
    const leased = await store.transaction((transaction) => transaction.leaseActions(request))
    expect(leased).toEqual([{ ...action, lease: { owner: 'a', until: at + 0.5 } }])
  })

  it('tells two long findings apart that differ in their last character', async () => {
    const store = await schema.open()
    const long = 'x'.repeat(10_000)
    await store.transaction((transaction) =>
      transaction.putSignals([
        sampleSignal(0, { fingerprint: `${long}0` }),
        sampleSignal(1, { fingerprint: `${long}1` }),
      ]),
    )
    const found = await store.transaction((transaction) => transaction.findSignals([`${long}1`]))
    expect(found.map(({ id }) => id)).toEqual(['signal-1'])
  })

  it('reads entries and ticks that were appended at once, each where it belongs', async () => {
    const store = await schema.open()
    const calls = Array.from({ length: 300 }, (_, index) =>
      index % 3 === 0
        ? store.journal.appendTick(sampleStart + index)
        : store.journal.append({
            at: sampleStart + index,
            entries: [sampleEntry(index % 50)],
            quarantined: [],
          }),
    )
    const answers = await Promise.all(calls)
    const offsets = answers.map((answer) => {
      if (typeof answer === 'number') return answer
      return answer[0]?.status === 'accepted' ? answer[0].offset : undefined
    })
    const given = offsets.filter((offset) => offset !== undefined)
    expect(given).toEqual(given.map((_, index) => index + 1))
    const entries = await store.journal.read(1, 1000)
    expect(entries.length).toBe(given.length)
    for (const [index, offset] of offsets.entries()) {
      if (offset !== undefined) expect(entries[offset - 1]).toMatchObject({ offset, at: sampleStart + index })
    }
  })
})
