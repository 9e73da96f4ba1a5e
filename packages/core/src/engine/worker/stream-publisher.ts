import type { Message } from '../../connector/bus.js'
import { packedFeedback } from '../../connector/packed-entries.js'
import type { PartitionedBus } from '../../connector/partitioned-bus.js'
import type { Appended, AppendPackedRequest, AppendRequest, Store } from '../../connector/store.js'
import type { FeedbackRecord } from '../../feedback/schema.js'
import type { FeedbackStream } from '../stream/feedback-stream.js'
import { feedbackMessage, packedMessage, partitionKeyOf } from './stream-message.js'

export interface StreamPublisherOptions {
  readonly bus: PartitionedBus
  readonly store: Store
  readonly topicOf: (feedback: FeedbackRecord) => string
}

/**
 * Intake's journal when workers share the stream: feedback goes to its topic, quarantine records to the store. Nobody
 * knows yet whether a message was seen before: whoever writes it into its lane sees to that.
 */
export function streamPublisher({ bus, store, topicOf }: StreamPublisherOptions): FeedbackStream['journal'] {
  const quarantine = async (at: number, quarantined: AppendRequest['quarantined']): Promise<void> => {
    if (quarantined.length > 0) await store.journal.append({ at, entries: [], quarantined })
  }
  const publish = async (all: readonly Addressed[]): Promise<readonly Appended[]> => {
    const byTopic = Map.groupBy(all, ({ topic }) => topic)
    await Promise.all(
      [...byTopic].map(([topic, addressed]) =>
        bus.publish(
          topic,
          addressed.map(({ message }) => message),
        ),
      ),
    )
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
    async append({ at, entries, quarantined }: AppendRequest) {
      const addressed = entries.map((entry) => ({
        topic: topicOf(entry.feedback),
        message: feedbackMessage(entry, at, partitionKeyOf(entry.feedback)),
      }))
      return both(addressed, at, quarantined)
    },
    async appendPacked({ at, packed, quarantined }: AppendPackedRequest) {
      const addressed = Array.from({ length: packed.ends.length / 2 }, (_, index): Addressed => {
        const feedback = packedFeedback(packed, index)
        return { topic: topicOf(feedback), message: packedMessage(packed, index, feedback, at) }
      })
      return both(addressed, at, quarantined)
    },
  }
}

interface Addressed {
  readonly topic: string
  readonly message: Message
}
