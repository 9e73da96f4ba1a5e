import type { Message } from '../../connector/bus.js'
import { type PackedEntries, packedKeys } from '../../connector/packed-entries.js'
import type { PartitionedBus } from '../../connector/partitioned-bus.js'
import type { AppendRequest, QuarantineRecord, Store } from '../../connector/store.js'
import { type AndonError, isAndonError } from '../../errors/index.js'
import { cut, maxShownLength } from '../../feedback/problem.js'
import { sealed } from '../../feedback/raw.js'
import { stableId } from '../../ids.js'
import type { AppendIntake, StreamJournal, Taken } from '../stream/feedback-stream.js'
import { currentTraceparent } from '../tracing.js'
import { entryOf } from './read-messages.js'
import { feedbackMessage, partitionKeyOf, streamMessage } from './stream-message.js'

export interface StreamPublisherOptions {
  readonly bus: PartitionedBus
  readonly store: Store
  readonly topicOf: (productCategory: string) => string
}

interface Addressed {
  readonly topic: string
  readonly message: Message
}

/** Why a bus will never take a message. */
type Refusals = ReadonlyMap<Addressed, AndonError>

/** Of this size any bus takes a message: one that it refuses all the same is refused for another reason (bytes). */
const takenByAll = 200_000

/**
 * Intake's journal when workers share the stream: feedback goes to its topic, quarantine records to the store. Nobody
 * knows yet whether a message was seen before: whoever writes it into its lane sees to that.
 */
export function streamPublisher({ bus, store, topicOf }: StreamPublisherOptions): StreamJournal {
  const quarantine = async (at: number, quarantined: AppendRequest['quarantined']): Promise<void> => {
    if (quarantined.length > 0) await store.journal.append({ at, entries: [], quarantined })
  }
  const publishTo = async (topic: string, addressed: readonly Addressed[]): Promise<Refusals> => {
    const messages = addressed.map(({ message }) => message)
    try {
      await bus.publish(topic, messages)
      return new Map()
    } catch (error) {
      // Some of them may be there already; one that comes twice is left out where it is read.
      if (!messages.some((message) => refusal(message, error))) throw error
      return publishSingly(bus, topic, addressed)
    }
  }
  const publish = async (all: readonly Addressed[], at: number): Promise<readonly Taken[]> => {
    const byTopic = Map.groupBy(all, ({ topic }) => topic)
    const published = await Promise.all([...byTopic].map((ofTopic) => publishTo(...ofTopic)))
    const refusals = new Map(published.flatMap((of) => [...of]))
    const taken = all.map((addressed): Taken => {
      const why = refusals.get(addressed)
      const record = why && quarantineRecord(addressed.message, why, at)
      if (record !== undefined) return { status: 'refused', record }
      return { status: 'accepted', feedbackId: addressed.message.id, offset: 0 }
    })
    const records = taken.flatMap((one) => (one.status === 'refused' ? [one.record] : []))
    await quarantine(at, records)
    return taken
  }
  /** Side by side: publishing begins in the order of the calls, whatever the store takes. */
  const both = async (
    addressed: readonly Addressed[],
    at: number,
    quarantined: AppendRequest['quarantined'],
  ): Promise<readonly Taken[]> => {
    const [taken] = await Promise.all([publish(addressed, at), quarantine(at, quarantined)])
    return taken
  }
  return {
    async append({ at, entries, quarantined }) {
      const addressed = entries.map((entry): Addressed => {
        const { tenant, productModel = '', productCategory = '' } = entry.feedback
        const message = feedbackMessage(entry, at, partitionKeyOf(tenant, productModel))
        return { topic: topicOf(productCategory), message }
      })
      return both(addressed, at, quarantined)
    },
    async appendPacked({ at, packed, quarantined, about }) {
      return both(addressedOf(packed, at, about, topicOf), at, quarantined)
    },
  }
}

/** Nothing is unpacked: a message's body stands in the batch as it goes out. */
function addressedOf(
  packed: PackedEntries,
  at: number,
  about: AppendIntake['about'],
  topicOf: StreamPublisherOptions['topicOf'],
): readonly Addressed[] {
  const { bytes, ends, base64 } = packed
  const traceparent = currentTraceparent()
  return packedKeys(packed).map(({ tenant, feedbackId }, index) => {
    const { productModel = '', productCategory = '' } = about(index) ?? {}
    const start = index === 0 ? 0 : (ends[2 * index - 1] ?? 0)
    const message = streamMessage({
      ...{ id: feedbackId, key: partitionKeyOf(tenant, productModel), at, traceparent },
      body: bytes.subarray(start, ends[2 * index + 1]),
      recordBytes: (ends[2 * index] ?? 0) - start,
      isBase64: base64.has(index),
    })
    return { topic: topicOf(productCategory), message }
  })
}

/** In their order; those that the bus will never take are left out. */
async function publishSingly(
  bus: PartitionedBus,
  topic: string,
  addressed: readonly Addressed[],
): Promise<Refusals> {
  const refusals = new Map<Addressed, AndonError>()
  for (const one of addressed) {
    try {
      await bus.publish(topic, [one.message])
    } catch (error) {
      const why = refusal(one.message, error)
      if (why === undefined) throw error
      refusals.set(one, why)
    }
  }
  return refusals
}

/** The error, when it says that this message is too large: trying again will not help, and a small one would be taken. */
function refusal({ body }: Message, error: unknown): AndonError | undefined {
  return isAndonError(error) && !error.retryable && body.byteLength > takenByAll ? error : undefined
}

/** One that would block everything behind it is kept whole in quarantine, as a payload that no parser takes is. */
function quarantineRecord(message: Message, why: AndonError, at: number): QuarantineRecord | undefined {
  const { body } = message
  const read = entryOf(message)
  if (!('entry' in read)) return undefined
  const { feedback, raw } = read.entry
  const { tenant, source, channel } = feedback
  const record = sealed(raw)
  const size = { en: `${body.byteLength} bytes on the bus. `, zh: `在总线上占 ${body.byteLength} 字节。` }
  return {
    id: stableId('q', tenant, source, record.sha256, 'bus'),
    ...{ tenant, source, channel, at },
    problems: [
      {
        field: 'body',
        value: cut(record.payload, maxShownLength),
        reason: { en: size.en + why.text.en, zh: size.zh + why.text.zh },
      },
    ],
    raw: record,
    envelope: { channel, receivedAt: Date.parse(feedback.receivedAt) },
  }
}
