import assert from 'node:assert/strict'
import type { JournalEntry, LaneItem, LaneJournal } from '@andon/core/connector'
import type { FeedbackRecord } from '@andon/core/feedback'
import { sampleEntry, sampleRaw, sampleStart } from '../sample.js'
import { sampleQuarantineRecord } from '../sample-quarantine.js'
import { messagesIn, type StoreCase, twoStores } from './store-given.js'
import { needed } from './suite.js'
import { patience, within } from './waiting.js'

export type StoreLaneCaseId =
  | 'lane'
  | 'lane-fidelity'
  | 'lane-again'
  | 'lane-duplicate'
  | 'lane-unreadable'
  | 'lane-instants'
  | 'lane-counts'
  | 'lane-copies'
  | 'lane-race'
  | 'lane-duplicate-race'
  | 'lane-reopen'
  | 'lane-trim'

const feedback = (position: number, index = position, overrides: Partial<FeedbackRecord> = {}): LaneItem => ({
  ...{ kind: 'feedback', position, at: sampleStart + index, entry: sampleEntry(index, overrides) },
})
const tick = (position: number, at: number): LaneItem => ({ kind: 'tick', position, at })
const unreadable = (position: number): LaneItem => ({ kind: 'unreadable', position, at: sampleStart })

const append = (lane: LaneJournal, items: readonly LaneItem[]) => lane.append({ items, quarantined: [] })

async function readLane(lane: LaneJournal, page = 7): Promise<readonly JournalEntry[]> {
  const entries: JournalEntry[] = []
  for (let from = 1; ; ) {
    const part = await lane.read(from, page)
    const last = part.at(-1)
    if (last === undefined) return entries
    entries.push(...part)
    from = last.offset + 1
  }
}

const offsetsIn = (entries: readonly JournalEntry[]): readonly number[] => entries.map(({ offset }) => offset)
const name = 'feedback.appliance/3'

export const storeLaneCases: readonly StoreCase<StoreLaneCaseId>[] = [
  {
    id: 'lane',
    sentence: 'offsets of a lane begin at 1 and rise by 1, whatever the positions and beside other lanes',
    async check({ store }) {
      const shared = needed(store.shared, 'lane', 'store.shared')
      const lane = shared.lane(name)
      assert.deepEqual(await lane.last(), { offset: 0, at: 0, nextPosition: 0 })
      assert.deepEqual(await lane.read(1, 10), [])
      assert.deepEqual(await append(lane, []), [])
      await append(shared.lane('feedback.appliance/4'), [feedback(0, 90)])
      await store.journal.append({ at: sampleStart, entries: [sampleEntry(91)], quarantined: [] })
      const at = sampleStart + 5
      assert.deepEqual(await append(lane, [feedback(10, 0), feedback(12, 1), tick(13, at)]), [
        { status: 'accepted', offset: 1, at: sampleStart },
        { status: 'accepted', offset: 2, at: sampleStart + 1 },
        { status: 'accepted', offset: 3, at },
      ])
      assert.deepEqual(await append(lane, [feedback(20, 6)]), [
        { status: 'accepted', offset: 4, at: sampleStart + 6 },
      ])
      assert.deepEqual(await lane.last(), { offset: 4, at: sampleStart + 6, nextPosition: 21 })
      const entries = await readLane(lane, 3)
      assert.deepEqual(offsetsIn(entries), [1, 2, 3, 4])
      assert.deepEqual(messagesIn(entries), ['message-0', 'message-1', 'tick', 'message-6'])
      assert.equal((await store.journal.last()).offset, 1)
    },
  },
  {
    id: 'lane-fidelity',
    sentence: 'feedback of a lane comes back as it went in, and is found by its id',
    async check({ store }) {
      const lane = needed(store.shared, 'lane-fidelity', 'store.shared').lane(name)
      const overrides: Partial<FeedbackRecord> = {
        symptomText: '冒烟 🔥\n"quoted" \\ \u2028 end',
        attributes: { 'a.b': 'x', n: 0.1, nothing: null },
      }
      await append(lane, [feedback(0), feedback(1, 1, overrides)])
      const { feedback: record } = sampleEntry(1, overrides)
      const entry = {
        ...{ kind: 'feedback', offset: 2, at: sampleStart + 1, feedback: record },
        raw: sampleRaw(1, overrides),
      } as const
      assert.deepEqual((await lane.read(2, 1))[0], entry)
      assert.deepEqual(await store.journal.find(record.feedbackId), entry)
    },
  },
  {
    id: 'lane-again',
    sentence: 'items that were written before are answered as they were then, to every process',
    async check(given) {
      const { shared, otherShared } = await twoStores(given, 'lane-again')
      const items = [
        feedback(0),
        feedback(1, 0),
        tick(2, sampleStart + 9),
        unreadable(3),
        feedback(4),
        feedback(6),
      ]
      const answers = await append(shared.lane(name), items)
      assert.deepEqual(
        answers.map(({ status }) => status),
        ['accepted', 'left-out', 'accepted', 'left-out', 'accepted', 'accepted'],
      )
      const lane = otherShared.lane(name)
      const [more, ...again] = [...(await append(lane, [...items, feedback(7)]))].reverse()
      assert.deepEqual(again.reverse(), answers)
      assert.deepEqual(more, { status: 'accepted', offset: 5, at: sampleStart + 9 })
      assert.deepEqual(await append(lane, items.slice(2, 5)), answers.slice(2, 5))
      assert.equal((await readLane(lane)).length, 5)
      assert.equal((await lane.last()).nextPosition, 8)
    },
  },
  {
    id: 'lane-duplicate',
    sentence: 'a message that was seen before in any lane is left out, and takes no offset',
    async check({ store }) {
      const shared = needed(store.shared, 'lane-duplicate', 'store.shared')
      const lane = shared.lane(name)
      await append(lane, [feedback(0), feedback(1)])
      const another = feedback(3, 0, { symptomText: 'It smokes now' })
      const foreign = feedback(8, 0, { tenant: 'other' })
      const answers = await append(lane, [feedback(2, 1), another, feedback(4), feedback(7, 4), foreign])
      assert.deepEqual(
        answers.map((answer) => (answer.status === 'accepted' ? answer.offset : answer.status)),
        ['left-out', 'left-out', 3, 'left-out', 4],
      )
      const elsewhere = await append(shared.lane('feedback.appliance/4'), [feedback(0, 1), feedback(1, 8)])
      assert.deepEqual(
        elsewhere.map(({ status }) => status),
        ['left-out', 'accepted'],
      )
      assert.deepEqual(messagesIn(await readLane(lane)), ['message-0', 'message-1', 'message-4', 'message-0'])
    },
  },
  {
    id: 'lane-unreadable',
    sentence: 'what cannot be read is quarantined once, with the first process that writes it',
    async check(given) {
      const { store, shared, other, otherShared } = await twoStores(given, 'lane-unreadable')
      const items = [unreadable(0), feedback(1), unreadable(2)]
      const record = (id: string) => sampleQuarantineRecord(0, { id })
      const request = { items, quarantined: [record('first-0'), record('first-2')] }
      await shared.lane(name).append(request)
      await other.transaction((transaction) => transaction.removeQuarantined('first-0'))
      const again = [...items, unreadable(3)]
      await otherShared.lane(name).append({
        items: again,
        quarantined: ['second-0', 'second-2', 'second-3'].map(record),
      })
      const kept = (await store.quarantine.list()).map(({ id }) => id)
      assert.deepEqual(new Set(kept), new Set(['first-2', 'second-3']))
      assert.deepEqual(await store.quarantine.get('first-2'), record('first-2'))
    },
  },
  {
    id: 'lane-instants',
    sentence: 'an entry’s instant is its item’s, never before that of the entry before it',
    async check({ store }) {
      const lane = needed(store.shared, 'lane-instants', 'store.shared').lane(name)
      const early = { ...feedback(1), at: sampleStart - 1000 }
      const answers = await append(lane, [{ ...feedback(0), at: sampleStart + 10 }, early])
      const later = await append(lane, [tick(2, sampleStart), tick(3, sampleStart + 11)])
      assert.deepEqual(
        [...answers, ...later].map((answer) => (answer.status === 'accepted' ? answer.at - sampleStart : 0)),
        [10, 10, 10, 11],
      )
      assert.deepEqual(
        (await readLane(lane)).map(({ at }) => at - sampleStart),
        [10, 10, 10, 11],
      )
    },
  },
  {
    id: 'lane-counts',
    sentence:
      'each new feedback is counted once by the hour of its instant, however many processes append it',
    async check(given) {
      const { store, shared, otherShared } = await twoStores(given, 'lane-counts')
      const hour = 3_600_000
      const items = [
        feedback(0),
        feedback(1),
        { ...feedback(2, 2, { severityScore: 7.5 }), at: sampleStart + hour },
        feedback(3, 0),
      ]
      for (const part of [shared, otherShared]) await append(part.lane(name), items)
      const found = (await store.aggregates()).map(({ hour: at, count, severitySum }) => [
        ...[at - sampleStart / hour, count, severitySum],
      ])
      assert.deepEqual(found, [
        [0, 2, 12],
        [1, 1, 7.5],
      ])
    },
  },
  {
    id: 'lane-copies',
    sentence: 'copies are deduplicated within their scope alone, and not counted again',
    async check({ store }) {
      const shared = needed(store.shared, 'lane-copies', 'store.shared')
      const copy = (number: number, copies: string) => shared.lane(`${copies}/${number}`, { copies })
      await append(shared.lane(name), [feedback(0)])
      const counted = await store.aggregates()
      const first = await append(copy(0, 'shuffle.region'), [feedback(7, 0)])
      assert.equal(first[0]?.status, 'accepted', 'the original stood in the way of the copy')
      const again = await append(copy(1, 'shuffle.region'), [feedback(3, 0)])
      assert.equal(again[0]?.status, 'left-out', 'the same copy came twice')
      const other = await append(copy(0, 'shuffle.tenant'), [feedback(2, 0)])
      assert.equal(other[0]?.status, 'accepted')
      const original = await append(shared.lane(name), [feedback(1, 0)])
      assert.equal(original[0]?.status, 'left-out')
      assert.deepEqual(await store.aggregates(), counted)
    },
  },
  {
    id: 'lane-race',
    sentence:
      'stages of several processes that append the same messages at once get one lane and the same answers',
    async check(given) {
      const { shared, otherShared } = await twoStores(given, 'lane-race')
      const items = Array.from({ length: 60 }, (_, index) => feedback(index))
      const run = async (lane: LaneJournal, size: number): Promise<readonly unknown[]> => {
        const answers: unknown[] = []
        for (let from = 0; from < items.length; from += size) {
          answers.push(...(await append(lane, items.slice(from, from + size))))
        }
        return answers
      }
      const [first, second] = await within(
        Promise.all([run(shared.lane(name), 7), run(otherShared.lane(name), 4)]),
        patience,
        'two stages that append at once',
      )
      assert.deepEqual(second, first)
      const entries = await readLane(shared.lane(name))
      assert.deepEqual(
        offsetsIn(entries),
        items.map((_, index) => index + 1),
      )
    },
  },
  {
    id: 'lane-duplicate-race',
    sentence: 'of a message that comes into several lanes at once one is accepted',
    async check(given) {
      const { shared, otherShared } = await twoStores(given, 'lane-duplicate-race')
      const items = Array.from({ length: 20 }, (_, index) => feedback(index))
      const mixed = items.map((item, position) => ({ ...(items.at(-1 - position) ?? item), position }))
      const lanes = [shared.lane('a/0'), otherShared.lane('a/1'), shared.lane('a/2')]
      const answers = await within(
        Promise.all(lanes.map((lane, index) => append(lane, index === 1 ? mixed : items))),
        patience,
        'three lanes',
      )
      const accepted = answers.flat().filter(({ status }) => status === 'accepted')
      assert.equal(accepted.length, 20)
      const entries = (await Promise.all(lanes.map((lane) => readLane(lane)))).flat()
      assert.equal(new Set(messagesIn(entries)).size, 20)
    },
  },
  {
    id: 'lane-reopen',
    sentence: 'a lane and its memory of what it has seen survive a restart',
    async check(given) {
      const lane = needed(given.store.shared, 'lane-reopen', 'store.shared').lane(name)
      const answers = await append(lane, [feedback(0), tick(1, sampleStart + 1)])
      const store = await given.reopen()
      const again = needed(store.shared, 'lane-reopen', 'store.shared').lane(name)
      assert.deepEqual(await again.last(), { offset: 2, at: sampleStart + 1, nextPosition: 2 })
      assert.deepEqual(await append(again, [feedback(0), tick(1, sampleStart + 1)]), answers)
      assert.deepEqual(await append(again, [feedback(2, 0)]), [{ status: 'left-out' }])
      await store.close()
    },
  },
  {
    id: 'lane-trim',
    sentence: 'trimLanes forgets what is old and no stage of the lane will replay',
    async check({ store }) {
      const shared = needed(store.shared, 'lane-trim', 'store.shared')
      const [lane, unread] = [shared.lane(name), shared.lane('feedback.appliance/33')]
      await append(
        lane,
        [0, 1, 2, 3, 4, 5].map((index) => feedback(index)),
      )
      await append(unread, [feedback(0, 10)])
      const end = sampleStart + 1000
      assert.equal(await shared.trimLanes(end), 0, 'no stage has a snapshot yet')
      const saved = (stage: string, offset: number): Promise<void> =>
        store.transaction((transaction) => transaction.putSnapshot(`${stage}@${name}`, { offset, state: {} }))
      await saved('quality', 4)
      await store.transaction((transaction) => transaction.setCheckpoint(`assembly@${name}`, 2))
      assert.equal(await shared.trimLanes(end), 0, 'assembly has no snapshot: it will replay everything')
      await saved('assembly', 2)
      assert.equal(await shared.trimLanes(sampleStart + 1), 1)
      assert.equal(await shared.trimLanes(end), 1)
      assert.deepEqual(offsetsIn(await readLane(lane)), [3, 4, 5, 6])
      assert.equal(await store.journal.find(sampleEntry(1).feedback.feedbackId), undefined)
      assert.equal((await lane.last()).offset, 6)
      await saved('assembly', 6)
      await saved('quality', 6)
      assert.equal(await shared.trimLanes(end), 4)
      assert.deepEqual(await readLane(lane), [])
      assert.deepEqual(await append(lane, [feedback(6)]), [
        { status: 'accepted', offset: 7, at: sampleStart + 6 },
      ])
      assert.equal((await readLane(unread)).length, 1)
    },
  },
]
