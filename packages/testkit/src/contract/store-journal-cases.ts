import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import type { NewEntry, Store } from '@andon/core/connector'
import type { FeedbackRecord } from '@andon/core/feedback'
import { sampleEntry, sampleRaw, sampleStart } from '../sample.js'
import { sampleQuarantineRecord } from '../sample-quarantine.js'
import { messagesIn, readAll, type StoreCase } from './store-given.js'
import { needed } from './suite.js'

export type StoreJournalCaseId =
  | 'append'
  | 'fidelity'
  | 'offsets'
  | 'append-order'
  | 'duplicate'
  | 'duplicate-in-batch'
  | 'merge'
  | 'duplicate-tenant'
  | 'read'
  | 'find'
  | 'quarantine'
  | 'trim'
  | 'trim-all'
  | 'reopen'
  | 'crash'

const samples = (first: number, count: number): readonly NewEntry[] =>
  Array.from({ length: count }, (_, step) => sampleEntry(first + step))

const append = (store: Store, entries: readonly NewEntry[], at = sampleStart) =>
  store.journal.append({ at, entries, quarantined: [] })

const names = (first: number, count: number): readonly string[] =>
  samples(first, count).map((entry) => entry.feedback.sourceMessageId)

/** What another store over the same storage must still know. */
async function assertSurvived(store: Store, other: () => Promise<Store>): Promise<void> {
  const entry = sampleEntry(0)
  await append(store, samples(0, 3))
  await store.journal.appendTick(sampleStart + 1)
  const next = await other()
  const entries = await readAll(next)
  assert.deepEqual(messagesIn(entries), [...names(0, 3), 'tick'])
  assert.deepEqual(await next.journal.last(), { offset: 4, at: sampleStart + 1 })
  const [again, fresh] = await append(next, [entry, sampleEntry(3)], sampleStart + 2)
  assert.deepEqual(again, { status: 'duplicate', feedbackId: entry.feedback.feedbackId, merged: false })
  assert.equal(fresh?.status === 'accepted' ? fresh.offset : undefined, 5)
  await next.close()
}

export const storeJournalCases: readonly StoreCase<StoreJournalCaseId>[] = [
  {
    id: 'append',
    sentence: 'append says what became of each entry, in order, and it can be read at once',
    async check({ store }) {
      const answers = await append(store, samples(0, 3))
      const expected = samples(0, 3).map(({ feedback: { feedbackId } }, index) => {
        return { status: 'accepted', feedbackId, offset: index + 1 }
      })
      assert.deepEqual(answers, expected)
      assert.deepEqual(messagesIn(await readAll(store)), names(0, 3))
      assert.deepEqual(await append(store, []), [])
    },
  },
  {
    id: 'fidelity',
    sentence: 'an entry comes back exactly as it went in, raw payload and its SHA-256 included',
    async check({ store }) {
      const overrides: Partial<FeedbackRecord> = {
        symptomText: '冒烟 🔥\n"quoted" \\ \u2028 end',
        attributes: { 'a.b': 'x', n: 0.1, yes: true, nothing: null },
        usageAtFailure: { value: 1234.5, unit: 'h' },
        evidence: [{ uri: 'https://example.invalid/a.jpg', mime: 'image/jpeg', derivedText: '文字' }],
      }
      const { feedback } = sampleEntry(1, overrides)
      const binary = {
        payload: Buffer.from([0, 255, 10, 200]).toString('base64'),
        encoding: 'base64',
      } as const
      await append(store, [sampleEntry(1, overrides), { ...sampleEntry(2), raw: binary }], sampleStart + 7)
      const [found, second] = await store.journal.read(1, 10)
      const raw = sampleRaw(1, overrides)
      assert.deepEqual(found, { kind: 'feedback', offset: 1, at: sampleStart + 7, feedback, raw })
      // Of the bytes, not of their spelling in base64.
      const sha256 = createHash('sha256').update(Buffer.from(binary.payload, 'base64')).digest('hex')
      assert.deepEqual(second?.kind === 'feedback' ? second.raw : second, { ...binary, sha256 })
    },
  },
  {
    id: 'offsets',
    sentence: 'offsets begin at 1, rise by 1, and ticks take their place among them',
    async check({ store }) {
      assert.equal((await store.journal.last()).offset, 0)
      await append(store, samples(0, 4), sampleStart)
      assert.equal(await store.journal.appendTick(sampleStart + 5), 5)
      await append(store, [sampleEntry(0), sampleEntry(4), sampleEntry(1), sampleEntry(5)], sampleStart + 9)
      const entries = await readAll(store)
      assert.deepEqual(
        entries.map(({ offset, at }) => [offset, at - sampleStart]),
        [1, 2, 3, 4, 5, 6, 7].map((offset) => [offset, offset < 5 ? 0 : offset === 5 ? 5 : 9]),
      )
      assert.deepEqual(messagesIn(entries), [...names(0, 4), 'tick', ...names(4, 2)])
      assert.deepEqual(await store.journal.last(), { offset: 7, at: sampleStart + 9 })
    },
  },
  {
    id: 'append-order',
    sentence: 'appends that are asked for at once resolve in the order of the calls, without a gap',
    async check({ store }) {
      const resolved: number[] = []
      const calls = Array.from({ length: 40 }, async (_, index) => {
        const [answer] = await append(store, [sampleEntry(index)])
        resolved.push(index)
        return answer?.status === 'accepted' ? answer.offset : 0
      })
      const expected = calls.map((_, index) => index)
      assert.deepEqual(
        await Promise.all(calls),
        expected.map((index) => index + 1),
      )
      assert.deepEqual(resolved, expected)
      assert.deepEqual(messagesIn(await readAll(store)), names(0, 40))
    },
  },
  {
    id: 'duplicate',
    sentence: 'a message that was seen before is a duplicate and gets the id of the first one',
    async check({ store }) {
      const first = sampleEntry(0)
      await append(store, [first])
      const again = sampleEntry(0, { feedbackId: sampleEntry(9).feedback.feedbackId })
      const answers = await append(store, [again])
      const { feedbackId } = first.feedback
      assert.deepEqual(answers, [{ status: 'duplicate', feedbackId, merged: false }])
      assert.equal((await store.journal.last()).offset, 1)
    },
  },
  {
    id: 'duplicate-in-batch',
    sentence: 'a message that comes twice in one append is stored once',
    async check({ store }) {
      const answers = await append(store, [sampleEntry(0), sampleEntry(1), sampleEntry(0)])
      assert.deepEqual(
        answers.map(({ status }) => status),
        ['accepted', 'accepted', 'duplicate'],
      )
      assert.deepEqual(messagesIn(await readAll(store)), names(0, 2))
    },
  },
  {
    id: 'merge',
    sentence: 'a duplicate whose content changed is merged, and the journal keeps the first',
    async check({ store }) {
      const first = sampleEntry(0)
      await append(store, [first])
      const [answer] = await append(store, [sampleEntry(0, { symptomText: 'It smokes now' })])
      const { feedbackId } = first.feedback
      assert.deepEqual(answer, { status: 'duplicate', feedbackId, merged: true })
      const [kept] = await readAll(store)
      assert.equal(kept?.kind === 'feedback' ? kept.feedback.symptomText : '', first.feedback.symptomText)
    },
  },
  {
    id: 'duplicate-tenant',
    sentence: 'the same message id of another tenant or channel is another message',
    async check({ store }) {
      const answers = await append(store, [
        sampleEntry(0),
        sampleEntry(0, { tenant: 'other' }),
        sampleEntry(0, { channel: 'app', feedbackId: sampleEntry(7).feedback.feedbackId }),
      ])
      assert.ok(answers.every(({ status }) => status === 'accepted'))
    },
  },
  {
    id: 'read',
    sentence: 'it can be read from any offset, in pages of about the size asked for, and is empty at the end',
    async check({ store }) {
      for (let first = 0; first < 240; first += 8) await append(store, samples(first, 8))
      for (const [offset, page] of [
        [1, 10],
        [2, 1],
        [117, 33],
        [240, 5],
      ] as const) {
        const entries = await readAll(store, offset, page)
        assert.equal(entries[0]?.offset, offset)
        assert.deepEqual(messagesIn(entries), names(offset - 1, 241 - offset))
      }
      assert.deepEqual(await store.journal.read(241, 10), [])
      assert.ok((await store.journal.read(1, 10)).length < 120, 'it gave ten times what was asked for')
    },
  },
  {
    id: 'find',
    sentence: 'a feedback is found by its id, an unknown id is not',
    async check({ store }) {
      await append(store, samples(0, 5))
      const { feedback } = sampleEntry(3)
      const found = await store.journal.find(feedback.feedbackId)
      const raw = sampleRaw(3)
      assert.deepEqual(found, { kind: 'feedback', offset: 4, at: sampleStart, feedback, raw })
      assert.equal(await store.journal.find(sampleEntry(99).feedback.feedbackId), undefined)
    },
  },
  {
    id: 'quarantine',
    sentence: 'what is quarantined is kept whole, by tenant, until it is removed, and takes no offset',
    async check({ store }) {
      const records = [0, 1].map((index) => sampleQuarantineRecord(index))
      const foreign = sampleQuarantineRecord(2, { tenant: 'other' })
      await store.journal.append({ at: sampleStart, entries: [], quarantined: [...records, foreign] })
      assert.equal((await store.journal.last()).offset, 0)
      assert.deepEqual(await store.quarantine.get('quarantine-1'), records[1])
      const mine = await store.quarantine.list({ tenant: 'default' })
      assert.deepEqual(new Set(mine.map(({ id }) => id)), new Set(['quarantine-0', 'quarantine-1']))
      await store.transaction((transaction) => transaction.removeQuarantined('quarantine-0'))
      assert.equal(await store.quarantine.get('quarantine-0'), undefined)
      assert.equal((await store.quarantine.list()).length, 2)
      assert.equal((await store.quarantine.list({ limit: 1 })).length, 1)
    },
  },
  {
    id: 'trim',
    sentence: 'trim forgets what is older than asked for, but nothing at or after keepFrom',
    async check({ store }) {
      for (const step of [0, 1, 2]) await append(store, samples(step * 2, 2), sampleStart + step * 1000)
      assert.equal(await store.journal.trim(sampleStart + 2000, 3), 2)
      assert.deepEqual(messagesIn(await readAll(store)), names(2, 4))
      assert.equal(await store.journal.find(sampleEntry(0).feedback.feedbackId), undefined)
      assert.equal(await store.journal.trim(sampleStart + 2000, 100), 2)
      assert.deepEqual(messagesIn(await readAll(store)), names(4, 2))
      assert.equal(await store.journal.trim(sampleStart + 2000, 100), 0)
    },
  },
  {
    id: 'trim-all',
    sentence: 'after everything was trimmed an offset is still never given twice, also by a store reopened',
    async check(given) {
      await append(given.store, samples(0, 3))
      assert.equal(await given.store.journal.trim(sampleStart + 1, 100), 3)
      assert.equal((await given.store.journal.last()).offset, 3)
      const store = await given.reopen()
      const [answer] = await append(store, [sampleEntry(3)], sampleStart + 5)
      assert.equal(answer?.status === 'accepted' ? answer.offset : undefined, 4)
      assert.deepEqual(messagesIn(await readAll(store, 4)), names(3, 1))
      await store.close()
    },
  },
  {
    id: 'reopen',
    sentence: 'the journal and its memory of duplicates survive a restart',
    check: (given) => assertSurvived(given.store, () => given.reopen()),
  },
  {
    id: 'crash',
    sentence: 'what append and transaction resolved survives a kill without close',
    async check(given) {
      const crash = needed(given.crash?.bind(given), 'crash', 'crash')
      await given.store.transaction((transaction) => transaction.setCheckpoint('analysis', 7))
      await assertSurvived(given.store, async () => {
        const store = await crash()
        assert.equal(await store.checkpoint('analysis'), 7)
        return store
      })
    },
  },
]
