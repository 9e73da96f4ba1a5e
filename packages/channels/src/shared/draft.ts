import type { FeedbackDraft } from '@andon/core/feedback'
import type { ProductFacts } from './facts.js'
import { dateOf, instantOf } from './instant.js'
import { maskPersonal } from './privacy.js'
import { addTextFacts } from './text-facts.js'

/** A draft while its parser still writes to it. */
export type OpenDraft = { -readonly [Field in keyof FeedbackDraft]: FeedbackDraft[Field] }

export interface Statement {
  readonly sourceMessageId: string
  /** The customer's words as they came; facts are read from them, then personal identifiers are masked. */
  readonly text: string
  readonly facts: ProductFacts
  /** More words to read facts from, such as a subject line. */
  readonly beside?: string
  /** Taken for times without a zone. */
  readonly zone: string
  /** The payload's own name of the occurrence time, for errors. */
  readonly occurredField?: string
}

/** Starts a draft from what was said and what is known of the product. Structured facts win over those in the text. */
export function openDraft(statement: Statement): OpenDraft {
  const { facts, text, beside } = statement
  addTextFacts(facts, text)
  if (beside !== undefined) addTextFacts(facts, beside)
  const draft: OpenDraft = {
    sourceMessageId: statement.sourceMessageId,
    symptomText: maskPersonal(text, facts),
  }
  if (facts.productModel !== undefined) draft.productModel = facts.productModel
  if (facts.serialNumber !== undefined) draft.serialNumber = facts.serialNumber
  if (facts.batchNumber !== undefined) draft.batchNumber = facts.batchNumber
  if (facts.productLine !== undefined) draft.productLine = facts.productLine
  if (facts.productCategory !== undefined) draft.productCategory = facts.productCategory
  if (facts.region !== undefined) draft.region = facts.region
  if (facts.manufacturedAt !== undefined) draft.manufacturedAt = facts.manufacturedAt
  if (facts.componentBatches !== undefined) draft.componentBatches = facts.componentBatches
  if (facts.usage !== undefined) draft.usageAtFailure = facts.usage
  if (facts.faultCode !== undefined) draft.faultCode = { catalog: 'andon', code: facts.faultCode }
  if (facts.faultLocation !== undefined) draft.faultLocation = { catalog: 'andon', code: facts.faultLocation }
  if (facts.plant !== undefined) {
    draft.productionSite =
      facts.line === undefined ? { plant: facts.plant } : { plant: facts.plant, line: facts.line }
  } else if (facts.line !== undefined) {
    // A line is only a place within a plant; without one it is kept, not guessed.
    draft.attributes = { productionLine: facts.line }
  }
  if (facts.occurredAt !== undefined) {
    draft.occurredAt = occurrenceOf(
      facts.occurredAt,
      statement.occurredField ?? 'occurred_at',
      statement.zone,
    )
  }
  return draft
}

/** When it happened: a day or month as it was written, anything else as an instant. */
export function occurrenceOf(
  value: unknown,
  field: string,
  zone: string,
): NonNullable<FeedbackDraft['occurredAt']> {
  const day = typeof value === 'string' && !/\d:\d|^\s*\d{9,14}\s*$/.test(value) ? dateOf(value) : undefined
  if (day !== undefined) return { at: day.date, precision: day.precision }
  return { at: instantOf(value, field, zone), precision: 'second' }
}

/** Adds what is defined to the attributes, without leaving an empty object. */
export function addAttributes(draft: OpenDraft, attributes: Readonly<Record<string, unknown>>): void {
  let merged: Record<string, unknown> | undefined
  for (const key in attributes) {
    if (attributes[key] === undefined) continue
    merged ??= { ...draft.attributes }
    merged[key] = attributes[key]
  }
  if (merged !== undefined) draft.attributes = merged
}
