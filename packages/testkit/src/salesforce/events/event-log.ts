import { randomUUID } from 'node:crypto'
import { encodeMessage } from './protobuf.js'

/** One retained event. */
export interface LoggedEvent {
  /** Counts all events that ever were, from 0. */
  readonly index: number
  readonly object: string
  readonly at: number
  replayId: Buffer
  /** The ProducerEvent as it goes over the wire. */
  readonly producerEvent: Buffer
}

export interface EventLog {
  append(object: string, at: number, schemaId: string, payload: Buffer): void
  /** The first retained event at or after this index. */
  from(index: number): LoggedEvent | undefined
  /** The index that the next event will have. */
  readonly end: number
  /** The index of the oldest retained one; `end` when there is none. */
  readonly start: number
  /** The index after the event with this replay id: `unknown` where it is not retained, `corrupted` where it is none. */
  after(replayId: Buffer): number | 'unknown' | 'corrupted'
  /** The newest replay id that was given out. */
  readonly latest: Buffer
  /** Forgets what was appended before this instant, epoch ms. */
  expire(before: number): void
  renumber(): void
}

// Beyond what a number holds exactly, so that whoever makes one of it loses its place.
const firstReplayId = 0x00a1_3c5f_9d27_0000n

/**
 * What the bus keeps. Replay ids grow with gaps between them.
 *
 * @param most events that are kept; the oldest go first
 * @param gap how far the next replay id lies behind the last, at least 1
 */
export function eventLog(most: number, gap: () => number): EventLog {
  let events: LoggedEvent[] = []
  /** How many of `events`, at its beginning, are gone already: they are cut off in one go now and then. */
  let gone = 0
  let next = 0
  let last = firstReplayId
  let generation = 0
  const indexes = new Map<string, number>()

  const replayIdOf = (value: bigint): Buffer => {
    const bytes = Buffer.alloc(10)
    bytes.writeBigUInt64BE(value)
    bytes.writeUInt16BE(generation, 8)
    return bytes
  }
  let latest = replayIdOf(last)
  // The place before the first event, so that what an idle bus says can be resumed from.
  indexes.set(latest.toString('latin1'), -1)

  const drop = (): void => {
    const event = events[gone]
    if (event !== undefined) indexes.delete(event.replayId.toString('latin1'))
    gone += 1
    if (gone < 10_000) return
    events = events.slice(gone)
    gone = 0
  }
  const advance = (index: number): Buffer => {
    last += BigInt(gap())
    latest = replayIdOf(last)
    indexes.set(latest.toString('latin1'), index)
    return latest
  }

  return {
    append(object, at, schemaId, payload) {
      const id = randomUUID()
      const producerEvent = encodeMessage([
        [1, id],
        [2, schemaId],
        [3, payload],
      ])
      events.push({ index: next, object, at, replayId: advance(next), producerEvent })
      next += 1
      if (events.length - gone > most) drop()
    },
    from(index) {
      const first = events[gone]
      return first === undefined ? undefined : events[gone + Math.max(0, index - first.index)]
    },
    get end() {
      return next
    },
    get start() {
      return events[gone]?.index ?? next
    },
    after(replayId) {
      if (replayId.length !== 10) return 'corrupted'
      const index = indexes.get(replayId.toString('latin1'))
      return index === undefined ? 'unknown' : index + 1
    },
    get latest() {
      return latest
    },
    expire(before) {
      for (let oldest = events[gone]; oldest !== undefined && oldest.at < before; oldest = events[gone])
        drop()
    },
    renumber() {
      generation += 1
      indexes.clear()
      last = firstReplayId
      latest = replayIdOf(last)
      indexes.set(latest.toString('latin1'), (events[gone]?.index ?? next) - 1)
      for (const event of events.slice(gone)) event.replayId = advance(event.index)
    },
  }
}
