import type { LaneItem } from '@andon/core/connector'
import { sampleEntry, sampleQuarantineRecord, sampleStart } from '@andon/testkit'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { describeWith, servers } from '../../../test/support/servers.js'
import { freshSchema } from './support/schemas.js'

const names = Array.from({ length: 6 }, (_, index) => `feedback/${index}`)

const feedback = (position: number, message: number): LaneItem => ({
  kind: 'feedback',
  position,
  at: sampleStart,
  entry: sampleEntry(message),
})

describeWith('appends to several lanes that go together', servers.postgres, ({ url }) => {
  let schema = freshSchema(url)
  beforeEach(() => {
    schema = freshSchema(url)
  })
  afterEach(() => schema.drop())

  it('are each written, or refused, by themselves', async () => {
    const store = await schema.open()
    const lanes = names.map((name) => store.shared?.lane(name, {}))
    // No server keeps such an instant.
    const impossible = { ...sampleQuarantineRecord(1), at: 1e30 }
    const outcomes = await Promise.allSettled(
      lanes.map((lane, index) =>
        index === 2
          ? lane?.append({
              items: [{ kind: 'unreadable', position: 0, at: sampleStart }],
              quarantined: [impossible],
            })
          : lane?.append({ items: [feedback(0, index)], quarantined: [] }),
      ),
    )
    expect(outcomes.map(({ status }) => status)).toEqual(
      names.map((_, index) => (index === 2 ? 'rejected' : 'fulfilled')),
    )
    expect(outcomes[2]).toMatchObject({ reason: { code: 'STORE_FAILED' } })
    const ends = await Promise.all(lanes.map((lane) => lane?.last()))
    expect(ends.map((end) => end?.nextPosition)).toEqual([1, 1, 0, 1, 1, 1])
    expect(await store.quarantine.list()).toEqual([])

    const after = await lanes[2]?.append({ items: [feedback(0, 100)], quarantined: [] })
    expect(after).toMatchObject([{ status: 'accepted', offset: 1 }])
  })

  it('of which two have the same message: one lane has it, whichever was first', async () => {
    const store = await schema.open()
    const other = await schema.open()
    for (let message = 0; message < 30; message++) {
      const answers = await Promise.all(
        [store, other].flatMap(({ shared }, process) =>
          names.slice(2 * process, 2 * process + 2).map((name) => {
            const lane = shared?.lane(name, {})
            return lane?.append({ items: [feedback(message, message)], quarantined: [] })
          }),
        ),
      )
      const statuses = answers.flatMap((answer) => answer?.map(({ status }) => status) ?? [])
      expect(statuses.sort()).toEqual(['accepted', 'left-out', 'left-out', 'left-out'])
    }
  })
})
