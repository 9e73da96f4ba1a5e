import fc from 'fast-check'
import { expect, it } from 'vitest'
import { assign } from '../../src/group/assign.js'

type Topics = Readonly<Record<string, number>>
/** Member → topic → partitions. */
type Held = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>

interface Member {
  readonly topics: readonly string[]
  readonly generationId?: number
}

const metadataOf = (topics: Topics) => ({
  topics: new Map(
    Object.entries(topics).map(([name, partitionsCount]) => [
      name,
      { id: name, partitions: [], partitionsCount, lastUpdate: 0 },
    ]),
  ),
})

/** One round: what each member has after it. */
function round(topics: Topics, members: Readonly<Record<string, Member>>, held: Held): Held {
  const subscriptions = new Map(
    Object.entries(members).map(([memberId, member]) => [
      memberId,
      {
        memberId,
        version: 3,
        topics: [...member.topics],
        generationId: member.generationId ?? 1,
        ownedPartitions: Object.entries(held[memberId] ?? {}).map(([topic, partitions]) => ({
          topic,
          partitions: [...partitions],
        })),
      },
    ]),
  )
  return Object.fromEntries(
    assign(subscriptions, metadataOf(topics)).map(({ memberId, assignments }) => [
      memberId,
      Object.fromEntries([...assignments].map(([topic, { partitions }]) => [topic, partitions])),
    ]),
  )
}

/** As a group does: whoever lost something rejoins, until nobody does. */
function settled(topics: Topics, members: Readonly<Record<string, Member>>, held: Held): Held {
  let now = held
  for (let rounds = 0; rounds < 4; rounds += 1) {
    const next = round(topics, members, now)
    for (const [topic, count] of Object.entries(topics)) {
      for (let partition = 0; partition < count; partition += 1) {
        const before = Object.keys(now).filter((id) => members[id] && now[id]?.[topic]?.includes(partition))
        const after = Object.keys(next).filter((id) => next[id]?.[topic]?.includes(partition))
        // Never given to one while another, who is still there, has not given it back.
        expect(after.length).toBeLessThanOrEqual(1)
        if (before.length === 1 && after.length === 1) expect(after).toEqual(before)
      }
    }
    if (JSON.stringify(next) === JSON.stringify(now)) return next
    now = next
  }
  return now
}

const both = { topics: ['feedback', 'repartition'] }

it('of each topic everybody gets about as many: not one all of one and another all of another', () => {
  const topics = { feedback: 8, repartition: 8 }
  const alone = settled(topics, { a: both }, {})
  const shared = settled(topics, { a: both, b: both }, alone)
  for (const id of ['a', 'b']) {
    expect(shared[id]?.feedback).toHaveLength(4)
    expect(shared[id]?.repartition).toHaveLength(4)
  }
})

it('what has to move is given to nobody in the first round, and to the new one in the second', () => {
  const topics = { feedback: 4 }
  const members = { a: { topics: ['feedback'] }, b: { topics: ['feedback'] } }
  const first = round(topics, members, { a: { feedback: [0, 1, 2, 3] } })
  expect(first).toEqual({ a: { feedback: [0, 1] }, b: {} })
  expect(round(topics, members, first)).toEqual({ a: { feedback: [0, 1] }, b: { feedback: [2, 3] } })
})

it('a topic that only a newer member reads is given to it, whoever leads the group', () => {
  const members = { a: { topics: ['feedback'] }, b: both }
  const shared = settled({ feedback: 4, repartition: 3 }, members, {})
  expect(shared.b?.repartition).toEqual([0, 1, 2])
  expect(shared.a?.feedback).toHaveLength(2)
})

it('of two who say that they have the same partition neither is believed at first, and one gets it in the end', () => {
  const members = { a: { topics: ['feedback'] }, b: { topics: ['feedback'] } }
  const held = { a: { feedback: [0] }, b: { feedback: [0] } }
  const first = round({ feedback: 1 }, members, held)
  expect(Object.values(first).flatMap((share) => share.feedback ?? [])).toEqual([])
  expect(
    Object.values(round({ feedback: 1 }, members, first)).flatMap((share) => share.feedback ?? []),
  ).toEqual([0])
})

it('who was in the group last is believed before who has missed something', () => {
  const members = {
    a: { topics: ['feedback'], generationId: 7 },
    b: { topics: ['feedback'], generationId: 6 },
  }
  const held = { a: { feedback: [0, 1] }, b: { feedback: [0, 2, 3] } }
  expect(round({ feedback: 4 }, members, held).a?.feedback).toEqual([0, 1])
})

it('whoever comes and goes: in the end all is shared evenly by topic, and no more has moved than had to', () => {
  const someTopics = fc.subarray(['x', 'y', 'z'], { minLength: 1 })
  const group = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd', 'e'), fc.record({ topics: someTopics }), {
    minKeys: 1,
  })
  const counts = fc.record({ x: fc.nat(9), y: fc.nat(9), z: fc.nat(9) })
  fc.assert(
    fc.property(counts, fc.array(group, { minLength: 1, maxLength: 5 }), (topics, groups) => {
      let held: Held = {}
      for (const members of groups) {
        held = settled(topics, members, held)
        for (const [topic, count] of Object.entries(topics)) {
          const readers = Object.keys(members).filter((id) => members[id]?.topics.includes(topic))
          const shares = readers.map((id) => held[id]?.[topic] ?? [])
          if (readers.length === 0) continue
          expect(shares.flat().toSorted((a, b) => a - b)).toEqual(
            Array.from({ length: count }, (_, number) => number),
          )
          const sizes = shares.map((share) => share.length)
          expect(Math.max(...sizes) - Math.min(...sizes)).toBeLessThanOrEqual(1)
        }
        expect(settled(topics, members, held)).toEqual(held)
      }
    }),
    { numRuns: 300 },
  )
})
