import type { Channel } from '@andon/core/connector'
import type { FeedbackDraft } from '@andon/core/feedback'
import * as z from 'zod'
import { attributesOf } from './shared/attributes.js'
import { addAttributes, openDraft } from './shared/draft.js'
import { addFact, type ProductFacts } from './shared/facts.js'
import { instantOf } from './shared/instant.js'
import { notJson } from './shared/json-channel.js'
import { type FactTarget, factOfName, simpleFacts } from './shared/names.js'
import { checkOptions, zoneSchema } from './shared/options.js'
import { isPersonalName, maskPersonal } from './shared/privacy.js'
import {
  isRecord,
  type JsonRecord,
  listOf,
  missing,
  numberOf,
  requiredId,
  requiredRecord,
  textOf,
} from './shared/reader.js'
import { satisfactionOf } from './shared/satisfaction.js'

/** What one field of the form may state; `componentBatches.<name>` is the batch of that component. */
const fieldTarget = z.union([
  z.enum([...simpleFacts, 'symptomText', 'severityScore', 'customer', 'nps', 'csat', 'stars']),
  z.templateLiteral(['componentBatches.', z.string().min(1)]),
])
export type WebFieldTarget = z.infer<typeof fieldTarget>

const optionsSchema = z.strictObject({
  /** The form's own `field_id` → what it states; goes before the names that are known anyway. */
  fields: z.record(z.string().min(1), fieldTarget).default({}),
  zone: zoneSchema,
})
export type WebOptions = z.input<typeof optionsSchema>

/** The customer's own words under the field names that survey tools suggest. */
const symptomNames: readonly string[] = [
  'symptom',
  'symptoms',
  'description',
  'problem',
  'complaint',
  'comment',
  'comments',
  'message',
  'feedback',
  'feedback_text',
  'issue',
  '问题描述',
  '故障描述',
  '反馈内容',
  '意见',
]
const scoreNames: readonly (readonly [string, WebFieldTarget])[] = [
  ['nps', 'nps'],
  ['nps_score', 'nps'],
  ['csat', 'csat'],
  ['rating', 'stars'],
  ['stars', 'stars'],
  ['severity', 'severityScore'],
]
const standardTargets: ReadonlyMap<string, WebFieldTarget> = new Map<string, WebFieldTarget>([
  ...symptomNames.map((name): [string, WebFieldTarget] => [name, 'symptomText']),
  ...scoreNames,
])
const envelopeNames: ReadonlySet<string> = new Set([
  'submission_id',
  'field_id',
  'field_type',
  'field_label',
  'value_text',
  'value_number',
  'value_boolean',
  'value_date',
  'user_id',
  'language',
  'collected_at',
  'answers',
  'fields',
  'responses',
  'value',
])
const answerFields = ['answers', 'fields', 'responses'] as const

/**
 * Survey and form answers: one answer (`submission_id, field_id, field_type, value_text | value_number,
 * user_id, language, collected_at`), an array of them, or a submission with `answers`. Answers of one
 * submission become one feedback; an answer that comes alone is its own, `submission:field`.
 */
export function webChannel(options?: WebOptions): Channel {
  const { fields, zone } = checkOptions(optionsSchema, options, 'web')
  const targets = new Map<string, WebFieldTarget>([...standardTargets, ...Object.entries(fields)])
  const targetOf = (field: string): WebFieldTarget | undefined => targets.get(field) ?? factOfName(field)
  return {
    contract: 1,
    name: 'web',
    detect: ({ json }) => {
      const first = Array.isArray(json) ? json[0] : json
      if (!isRecord(first) || first.submission_id === undefined) return false
      return first.field_id !== undefined || answersOf(first) !== undefined
    },
    parse: ({ json, text }) => {
      if (isRecord(json)) return [readSubmission(json, answersOf(json), targetOf, zone)]
      if (!Array.isArray(json)) throw notJson(text)
      return [...submissionsOf(json)].map((answers) =>
        readSubmission(answers[0] ?? {}, answers.length > 1 ? answers : undefined, targetOf, zone),
      )
    },
  }
}

function answersOf(submission: JsonRecord): readonly unknown[] | undefined {
  for (const name of answerFields) {
    const answers = listOf(submission, name)
    if (answers !== undefined) return answers
  }
  return undefined
}

function submissionsOf(rows: readonly unknown[]): Iterable<JsonRecord[]> {
  const submissions = new Map<string, JsonRecord[]>()
  for (const [index, row] of rows.entries()) {
    const answer = requiredRecord(row, `[${index}]`)
    const id = requiredId(answer, 'submission_id', `[${index}].`)
    const known = submissions.get(id)
    if (known === undefined) submissions.set(id, [answer])
    else known.push(answer)
  }
  if (submissions.size === 0) throw missing('submission_id')
  return submissions.values()
}

function readSubmission(
  submission: JsonRecord,
  answers: readonly unknown[] | undefined,
  targetOf: (field: string) => WebFieldTarget | undefined,
  zone: string,
): FeedbackDraft {
  const id = requiredId(submission, 'submission_id')
  const facts: ProductFacts = {}
  const unread: Record<string, unknown> = {}
  const said: string[] = []
  const scores: Pick<FeedbackDraft, 'satisfactionScore' | 'severityScore'>[] = []
  let customer = textOf(submission, 'user_id')
  let symptomField = 'value_text'
  for (const answer of answers ?? [submission]) {
    if (!isRecord(answer)) continue
    const field = textOf(answer, 'field_id') ?? ''
    const value = answerValue(answer)
    const target =
      targetOf(field) ??
      (answers === undefined && answer.value_text !== undefined ? 'symptomText' : undefined)
    if (value === undefined) {
      if (target === 'symptomText') symptomField = field
    } else if (target === 'symptomText') said.push(String(value))
    else if (target === 'customer' || isPersonalName(field) || field === 'name') customer ??= String(value)
    else if (target === 'nps' || target === 'csat' || target === 'stars') {
      const satisfactionScore = satisfactionOf({ value }, 'value', target)
      if (satisfactionScore === undefined) unread[field] = value
      else scores.push({ satisfactionScore })
    } else if (target === 'severityScore') {
      const severityScore = numberOf({ value }, 'value')
      if (severityScore === undefined || severityScore < 0 || severityScore > 10) unread[field] = value
      else scores.push({ severityScore })
    } else if (target === undefined || !addFact(facts, target satisfies FactTarget, value)) {
      if (field !== '') unread[field] = typeof value === 'string' ? maskPersonal(value) : value
    }
  }
  if (said.length === 0) throw missing(answers === undefined ? 'value_text' : symptomField)
  const alone = answers === undefined && submission.field_id !== undefined
  const draft = openDraft({
    sourceMessageId: alone ? `${id}:${textOf(submission, 'field_id') ?? ''}` : id,
    text: said.join('\n'),
    facts,
    zone,
  })
  Object.assign(draft, ...scores)
  if (submission.collected_at !== undefined) {
    draft.receivedAt = instantOf(submission.collected_at, 'collected_at', zone)
  }
  const language = textOf(submission, 'language')
  if (language !== undefined && language.length <= 35) draft.language = language
  if (customer !== undefined) draft.customer = customer
  draft.customerRole = 'consumer'
  addAttributes(draft, { ...attributesOf(submission, envelopeNames), ...unread })
  return draft
}

function answerValue(answer: JsonRecord): string | number | boolean | undefined {
  for (const key of ['value_text', 'value_number', 'value_boolean', 'value_date', 'value'] as const) {
    const value = answer[key]
    if (typeof value === 'string') {
      if (value.trim() !== '') return value.trim()
    } else if (typeof value === 'number' || typeof value === 'boolean') return value
  }
  return undefined
}
