import type { Quote } from '../action/action.js'
import type { Store, StreamEntry } from '../connector/store.js'
import type { FeedbackRecord } from '../feedback/schema.js'
import type { Tail } from './tail.js'

const quotesPerFinding = 5
const maxQuoteLength = 2000

/** What the customer said, ready to travel with an action. */
export function quoteOf(feedback: FeedbackRecord): Quote {
  const { feedbackId, channel, receivedAt, language, symptomText, conditions, productModel, serialNumber } =
    feedback
  return {
    feedbackId,
    channel,
    at: receivedAt,
    language,
    text: symptomText.slice(0, maxQuoteLength),
    conditions: conditions ?? [],
    ...(productModel === undefined ? {} : { productModel }),
    ...(serialNumber === undefined ? {} : { serialNumber }),
  }
}

/** Finds the feedback behind a finding: in the batch at hand, in the tail, else in the journal. */
export async function readEvidence(
  offsets: readonly number[],
  batch: readonly StreamEntry[],
  tail: Tail,
  journal: Store['journal'],
): Promise<readonly FeedbackRecord[]> {
  const first = batch[0]?.offset ?? 0
  const found: FeedbackRecord[] = []
  for (const offset of offsets.slice(-quotesPerFinding)) {
    const entry = batch[offset - first] ?? tail.at(offset) ?? (await journal.read(offset, 1))[0]
    if (entry?.kind === 'feedback' && entry.offset === offset) found.push(entry.feedback)
  }
  return found
}
