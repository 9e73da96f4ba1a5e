import type { JournalEntry, LaneItem, LaneOptions, SharedStore, Store } from '@andon/core/connector'
import { memoryStore, sampleEntry, sampleQuarantineRecord, sampleStart } from '@andon/testkit'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { describeWith, servers } from '../../../test/support/servers.js'
import { freshSchema } from './support/schemas.js'

const lanes: readonly (readonly [name: string, options: LaneOptions])[] = [
  ['feedback/0', {}],
  ['feedback/1', {}],
  ['copies/0', { copies: 'region' }],
  ['copies/1', { copies: 'region' }],
]

/** What one item of a lane is: few messages, so that they meet again; hours apart, so that counts differ. */
const item = fc.record({
  kind: fc.constantFrom('feedback', 'feedback', 'feedback', 'tick', 'unreadable'),
  message: fc.integer({ min: 0, max: 25 }),
  change: fc.boolean(),
  after: fc.integer({ min: -500_000, max: 4_000_000 }),
  gap: fc.integer({ min: 0, max: 2 }),
})
const step = fc.record({
  lane: fc.integer({ min: 0, max: lanes.length - 1 }),
  /** Positions that are appended again before the new ones. */
  again: fc.integer({ min: 0, max: 6 }),
  items: fc.array(item, { minLength: 1, maxLength: 90 }),
  trim: fc.option(fc.integer({ min: 0, max: 40 }), { freq: 4 }),
})

async function all(read: (offset: number, limit: number) => Promise<readonly JournalEntry[]>) {
  const entries: JournalEntry[] = []
  for (let from = 1; ; ) {
    const part = await read(from, 37)
    const last = part.at(-1)
    if (last === undefined) return entries
    entries.push(...part)
    from = last.offset + 1
  }
}

/** Everything of lanes that can be seen from outside. */
async function seen({ store, shared }: { store: Store; shared: SharedStore }) {
  const logs = []
  for (const [name, options] of lanes) {
    const lane = shared.lane(name, options)
    logs.push({ last: await lane.last(), entries: await all(lane.read) })
  }
  const aggregates = [...(await store.aggregates())].sort((left, right) => left.hour - right.hour)
  const quarantined = (await store.quarantine.list()).map(({ id }) => id).sort()
  return { logs, aggregates, quarantined }
}

const shared = (store: Store): { store: Store; shared: SharedStore } => {
  if (store.shared === undefined) throw new Error('not shared')
  return { store, shared: store.shared }
}

describeWith('lanes of the PostgreSQL store', servers.postgres, ({ url }) => {
  it('are those of the reference, whatever is appended, repeated and trimmed', {
    timeout: 120_000,
  }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
        const schema = freshSchema(url)
        try {
          const memory = memoryStore()
          await memory.open()
          const [reference, ...processes] = [memory, await schema.open(), await schema.open()].map(shared)
          const histories = lanes.map((): LaneItem[] => [])
          let at = sampleStart
          let record = 0
          for (const [turn, { lane: number, again, items, trim }] of steps.entries()) {
            const history = histories[number] ?? []
            const [name, options] = lanes[number] ?? ['', {}]
            for (const { kind, message, change, after, gap } of items) {
              at += after
              const position = (history.at(-1)?.position ?? -1) + 1 + gap
              const text = change ? { symptomText: `changed ${position}` } : {}
              history.push(
                kind === 'feedback'
                  ? { kind, position, at, entry: sampleEntry(message, text) }
                  : { kind: kind === 'tick' ? 'tick' : 'unreadable', position, at },
              )
            }
            const part = history.slice(-items.length - again)
            const unreadable = part.filter(({ kind }) => kind === 'unreadable')
            const quarantined = unreadable.map(() => sampleQuarantineRecord(0, { id: `q-${record++}` }))
            const request = { items: part, quarantined }
            const mine = processes[turn % 2]
            const answers = await mine?.shared.lane(name, options).append(request)
            expect(answers).toEqual(await reference?.shared.lane(name, options).append(request))
            if (trim === null) continue
            const both = [reference, mine].flatMap((each) => each ?? [])
            const counts = []
            for (const each of both) {
              const snapshot = { offset: trim, state: {} }
              await each.store.transaction((transaction) => transaction.putSnapshot(`q@${name}`, snapshot))
              counts.push(await each.shared.trimLanes(at - 1_000_000))
            }
            expect(counts[1]).toBe(counts[0])
          }
          const expected = reference === undefined ? undefined : await seen(reference)
          for (const each of processes) expect(await seen(each)).toEqual(expected)
          for (const log of expected?.logs ?? []) {
            for (const entry of log.entries) {
              if (entry.kind === 'tick') continue
              const found = await processes[0]?.store.journal.find(entry.feedback.feedbackId)
              expect(found?.feedback).toMatchObject({ feedbackId: entry.feedback.feedbackId })
            }
          }
        } finally {
          await schema.drop()
        }
      }),
      { numRuns: 15, seed: 7, endOnFailure: true },
    )
  })
})
