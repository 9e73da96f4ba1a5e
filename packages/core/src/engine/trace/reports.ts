import type { Store } from '../../connector/store.js'
import type { FeedbackRecord } from '../../feedback/schema.js'
import type { Signal } from '../../signal/signal.js'
import type { TracedFeedback, TraceGap } from './result.js'

export interface Reports {
  readonly feedback: readonly TracedFeedback[]
  /** The latest that is still kept. */
  readonly about: FeedbackRecord | undefined
  readonly gaps: readonly TraceGap[]
}

/** What the reports of a signal say of their units. Of what the journal has forgotten the signal's quote is left. */
export async function reportsOf(
  { id, quotes, occurrences }: Signal,
  journal: Store['journal'],
): Promise<Reports> {
  const feedback: TracedFeedback[] = []
  const gaps: TraceGap[] = []
  let about: FeedbackRecord | undefined
  for (const { feedbackId, serialNumber } of quotes) {
    const entry = await journal.find(feedbackId)
    if (entry !== undefined) {
      about = entry.feedback
      feedback.push(tracedFeedback(entry.feedback))
      continue
    }
    feedback.push({ feedbackId, ...(serialNumber === undefined ? {} : { serial: serialNumber }) })
    gaps.push({
      what: 'feedback',
      id: feedbackId,
      reason: {
        en: 'The report is not kept any more: only its serial number is used, where there was one.',
        zh: '该反馈已过保留期：仅使用其序列号（如有）。',
      },
    })
  }
  const more = occurrences - quotes.length
  if (more > 0) {
    gaps.push({
      what: 'feedback',
      id,
      reason: {
        en: `The signal has ${occurrences} reports; the latest ${quotes.length} are traced.`,
        zh: `该信号共有 ${occurrences} 条反馈；仅追溯最近 ${quotes.length} 条。`,
      },
    })
  }
  return { feedback, about, gaps }
}

function tracedFeedback(record: FeedbackRecord): TracedFeedback {
  const { feedbackId, serialNumber, batchNumber, componentBatches, productionSite } = record
  return {
    feedbackId,
    ...(serialNumber === undefined ? {} : { serial: serialNumber }),
    ...(batchNumber === undefined ? {} : { batch: batchNumber }),
    ...(componentBatches === undefined ? {} : { componentBatches }),
    ...(productionSite === undefined ? {} : { plant: productionSite.plant }),
    ...(productionSite?.line === undefined ? {} : { line: productionSite.line }),
  }
}
