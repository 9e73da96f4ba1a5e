import type { Quote } from '../action/action.js'
import type { Store } from '../connector/store.js'
import { cut } from '../feedback/problem.js'
import type { Evidence, FeedbackRecord } from '../feedback/schema.js'
import type { PreparedEntry } from './stream/prepared.js'
import type { Tail } from './stream/tail.js'

const quotesPerFinding = 5
const maxQuoteLength = 2000
const attachmentsPerQuote = 5

/** What the customer said, ready to travel with an action. */
export function quoteOf(feedback: FeedbackRecord): Quote {
  const { feedbackId, channel, receivedAt, language, symptomText, conditions, evidence } = feedback
  const { productModel, serialNumber, source, sourceMessageId } = feedback
  return {
    feedbackId,
    channel,
    at: receivedAt,
    language,
    text: cut(symptomText, maxQuoteLength),
    conditions: conditions ?? [],
    ...(evidence === undefined ? {} : { evidence: evidence.slice(0, attachmentsPerQuote).map(attachmentOf) }),
    ...(productModel === undefined ? {} : { productModel }),
    ...(serialNumber === undefined ? {} : { serialNumber }),
    source,
    sourceMessageId,
  }
}

/** A call's transcript may be long: what was recognised is cut like the customer's own words. */
function attachmentOf(evidence: Evidence): Evidence {
  const { derivedText } = evidence
  return derivedText === undefined ? evidence : { ...evidence, derivedText: cut(derivedText, maxQuoteLength) }
}

/** Finds the feedback behind a finding: in the batch at hand, in the tail, else in the journal. */
export async function readEvidence(
  offsets: readonly number[],
  batch: readonly PreparedEntry[],
  tail: Tail,
  journal: Pick<Store['journal'], 'read'>,
): Promise<readonly FeedbackRecord[]> {
  const first = batch[0]?.offset ?? 0
  const found: FeedbackRecord[] = []
  for (const offset of offsets.slice(-quotesPerFinding)) {
    const entry = batch[offset - first] ?? tail.at(offset) ?? (await journal.read(offset, 1))[0]
    if (entry?.kind === 'feedback' && entry.offset === offset) found.push(entry.feedback)
  }
  return found
}
