import type { ChannelSet } from '../channel/channel-set.js'
import type { RawPayload } from '../channel/payload.js'
import { type ReadContext, type ReadResult, readFeedback } from '../channel/read.js'
import { EntryPacker, type PackedEntries } from '../connector/packed-entries.js'
import type { FeedbackRecord } from '../feedback/schema.js'
import type { RuleMatch, RuleMatcher } from '../rule/runtime/matcher.js'
import { type CountKey, countKeyOf } from './stream/prepared.js'

/** A payload, or one report of it, that did not become feedback. */
export type Refusal = ReadResult & { readonly ok: false }

/** A batch of payloads, read. Plain data and buffers: it crosses threads. */
export interface ReadBatch {
  readonly packed: PackedEntries
  /** Index of the payload behind each result, in order; a payload may carry several reports. */
  readonly payloadOf: readonly number[]
  /** Results that are refusals, by index; all others are entries of `packed`, in order. */
  readonly refusals: ReadonlyMap<number, Refusal>
  /** Rules that each entry matched; entries without any are absent. */
  readonly matches: ReadonlyMap<number, readonly RuleMatch[]>
  readonly counts: readonly CountKey[]
  /** Index into `counts` for each entry. */
  readonly countOf: readonly number[]
  /** Severity of each entry. */
  readonly severities: readonly number[]
}

/** A batch that was read on this thread still has its records. */
export interface LocalBatch extends ReadBatch {
  readonly records: readonly FeedbackRecord[]
}

export interface ReadBatchOptions {
  readonly channels: ChannelSet
  readonly matcher: RuleMatcher
  readonly context: ReadContext
}

/**
 * Reads payloads one after the other, each all the way (decode, parse, normalise, match, pack) while it is in
 * the processor's cache. `context.now` is the append instant.
 */
export async function readBatch(
  payloads: readonly RawPayload[],
  { channels, matcher, context }: ReadBatchOptions,
): Promise<LocalBatch> {
  const packer = new EntryPacker(payloads.length)
  const payloadOf: number[] = []
  const refusals = new Map<number, Refusal>()
  const matches = new Map<number, readonly RuleMatch[]>()
  const counts: CountKey[] = []
  const countIndex = new Map<string, number>()
  const countOf: number[] = []
  const severities: number[] = []
  const records: FeedbackRecord[] = []
  for (const [index, payload] of payloads.entries()) {
    const read = readFeedback(payload, channels, context)
    // Only parsers that must (MIME) answer later.
    for (const result of read instanceof Promise ? await read : read) {
      payloadOf.push(index)
      if (!result.ok) {
        refusals.set(payloadOf.length - 1, result)
        continue
      }
      const { feedback } = result
      const found = matcher.match(feedback, context.now)
      if (found.length > 0) matches.set(packer.size, found)
      countOf.push(countIndexOf(feedback, counts, countIndex))
      severities.push(feedback.severityScore)
      records.push(feedback)
      packer.add(feedback, result.raw)
    }
  }
  return { packed: packer.finish(), payloadOf, refusals, matches, counts, countOf, severities, records }
}

function countIndexOf(feedback: FeedbackRecord, counts: CountKey[], known: Map<string, number>): number {
  const count = countKeyOf(feedback)
  const { tenant, channel, productModel, faultCode, productCategory } = count
  const key = `${tenant}\u001f${channel}\u001f${productModel}\u001f${faultCode}\u001f${productCategory}`
  const index = known.get(key)
  if (index !== undefined) return index
  known.set(key, counts.length)
  return counts.push(count) - 1
}
