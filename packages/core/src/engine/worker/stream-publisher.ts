import type { Message } from '../../connector/bus.js'
import { type PackedEntries, packedKeys } from '../../connector/packed-entries.js'
import type { PartitionedBus } from '../../connector/partitioned-bus.js'
import type { Appended, AppendRequest, Store } from '../../connector/store.js'
import type { AppendIntake, IntakeJournal } from '../stream/feedback-stream.js'
import { currentTraceparent } from '../tracing.js'
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

/**
 * Intake's journal when workers share the stream: feedback goes to its topic, quarantine records to the store. Nobody
 * knows yet whether a message was seen before: whoever writes it into its lane sees to that.
 */
export function streamPublisher({ bus, store, topicOf }: StreamPublisherOptions): IntakeJournal {
  const quarantine = async (at: number, quarantined: AppendRequest['quarantined']): Promise<void> => {
    if (quarantined.length > 0) await store.journal.append({ at, entries: [], quarantined })
  }
  const publish = async (all: readonly Addressed[]): Promise<readonly Appended[]> => {
    const byTopic = Map.groupBy(all, ({ topic }) => topic)
    const published = [...byTopic].map(([topic, addressed]) => {
      const messages = addressed.map(({ message }) => message)
      return bus.publish(topic, messages)
    })
    await Promise.all(published)
    return all.map(({ message }) => ({ status: 'accepted', feedbackId: message.id, offset: 0 }))
  }
  /** Side by side: publishing begins in the order of the calls, whatever the store takes. */
  const both = async (
    addressed: readonly Addressed[],
    at: number,
    quarantined: AppendRequest['quarantined'],
  ): Promise<readonly Appended[]> => {
    const [appended] = await Promise.all([publish(addressed), quarantine(at, quarantined)])
    return appended
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
