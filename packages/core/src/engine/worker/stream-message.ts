import type { Message } from '../../connector/bus.js'
import type { PackedEntries } from '../../connector/packed-entries.js'
import type { NewEntry } from '../../connector/store.js'
import type { FeedbackRecord } from '../../feedback/schema.js'

/** When intake took it in (epoch ms). */
const instantHeader = 'andon-at'
export const kindHeader = 'andon-kind'
const typeHeader = 'content-type'

/**
 * Feedback of one tenant and model meets in one partition. Two different pairs may share a key and lose nothing by it.
 */
export const partitionKeyOf = ({ tenant, productModel = '' }: FeedbackRecord): string =>
  `${tenant}/${productModel}`

/**
 * A feedback on the stream: JSON `{"feedback": …, "raw": {"payload": …, "encoding": …}}`, the record as it stands in a
 * journal and the payload as it came.
 *
 * @param at when intake took it in (epoch ms)
 */
export function feedbackMessage({ feedback, raw }: NewEntry, at: number, key: string): Message {
  const { payload, encoding } = raw
  return message(feedback, Buffer.from(JSON.stringify({ feedback, raw: { payload, encoding } })), at, key)
}

/** The same for an entry that is packed: its record is not written a second time. */
export function packedMessage(
  { bytes, ends, base64 }: PackedEntries,
  index: number,
  feedback: FeedbackRecord,
  at: number,
): Message {
  const whole = Buffer.from(bytes.buffer)
  const begin = index === 0 ? 0 : (ends[2 * index - 1] ?? 0)
  const middle = ends[2 * index] ?? 0
  const payload = whole.toString('utf8', middle, ends[2 * index + 1])
  const raw = JSON.stringify({ payload, encoding: base64.has(index) ? 'base64' : 'text' })
  const body = Buffer.concat([opening, whole.subarray(begin, middle), Buffer.from(`,"raw":${raw}}`)])
  return message(feedback, body, at, partitionKeyOf(feedback))
}

const opening = Buffer.from('{"feedback":')

function message(feedback: FeedbackRecord, body: Uint8Array, at: number, key: string): Message {
  const { feedbackId, traceparent } = feedback
  return {
    id: feedbackId,
    key,
    body,
    headers: {
      [instantHeader]: String(at),
      [typeHeader]: 'application/json',
      ...(traceparent === undefined ? {} : { traceparent }),
    },
  }
}

/**
 * When intake took a message in (epoch ms), as it says itself: a whole number, and not after `now`, for a producer whose
 * clock runs ahead must not carry its partition into the future.
 *
 * @param otherwise where it says nothing that could be an instant
 */
export function instantOf({ headers = {} }: Message, otherwise: number, now: number): number {
  const said = headers[instantHeader]
  const at = said === undefined || !/^\d{1,15}$/.test(said) ? otherwise : Number(said)
  return Math.min(at, now)
}

/** Moves the time of its partition, and nothing else. */
export function tickMessage(id: string, at: number): Message {
  return {
    id,
    key: '',
    body: new Uint8Array(),
    headers: { [instantHeader]: String(at), [kindHeader]: 'tick' },
  }
}
