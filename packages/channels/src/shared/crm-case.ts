import type { Channel, DecodedPayload } from '@andon/core/connector'
import type { FeedbackDraft } from '@andon/core/feedback'
import { attributesOf } from './attributes.js'
import { addAttributes, openDraft } from './draft.js'
import { addFact, type ProductFacts } from './facts.js'
import { instantOf } from './instant.js'
import { type FactTarget, simpleFacts } from './names.js'
import {
  isRecord,
  type JsonRecord,
  numberOf,
  recordOf,
  requiredId,
  requiredText,
  textOf,
  wrong,
} from './reader.js'

/** Read into fields of the feedback, or somebody's name. */
const taken: ReadonlySet<string> = new Set([
  'Id',
  'Subject',
  'Description',
  'SuppliedEmail',
  'SuppliedName',
  'SuppliedPhone',
  'ContactId',
  'CreatedDate',
  'CaseComment',
  'EmailMessage',
])
const targets: ReadonlySet<string> = new Set(simpleFacts)

const isCaseOf = (json: DecodedPayload['json'], channel: string): json is JsonRecord =>
  isRecord(json) && json.crmCase === 1 && json.channel === channel

/**
 * Lets a channel read a CRM's cases, comments and e-mails that came in by it, format `crmCase` 1: `{ crmCase: 1, system,
 * channel, kind: case | comment | email, id, said, subject?, at?, facts, severity?, change, record }`. A CRM knows by which
 * channel a customer came, so the same format belongs to each of them, and to exactly one each time.
 */
export function withCrmCases(channel: Channel): Channel {
  return {
    ...channel,
    detect: (payload) => isCaseOf(payload.json, channel.name) || channel.detect(payload),
    parse: (payload) =>
      isCaseOf(payload.json, channel.name) ? [readCase(payload.json)] : channel.parse(payload),
  }
}

function readCase(payload: JsonRecord): FeedbackDraft {
  const id = requiredId(payload, 'id')
  const text = requiredText(payload, 'said')
  const facts = recordOf(payload, 'facts') ?? {}
  const record = recordOf(payload, 'record') ?? {}
  const known: ProductFacts = {}
  for (const [name, value] of Object.entries(facts)) {
    if (isTarget(name)) addFact(known, name, value)
  }
  const subject = textOf(payload, 'subject')
  const draft = openDraft({
    sourceMessageId: id,
    text,
    facts: known,
    zone: 'Z',
    occurredField: 'facts.occurredAt',
    ...(subject === undefined ? {} : { beside: subject }),
  })
  if (payload.at !== undefined) draft.receivedAt = instantOf(payload.at, 'at', 'Z')
  const customer = textOf(facts, 'customer')
  if (customer !== undefined) draft.customer = customer
  draft.customerRole = 'consumer'
  const language = textOf(facts, 'language')?.replaceAll('_', '-')
  if (language !== undefined && /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/.test(language)) {
    draft.language = language
  }
  if (payload.severity !== undefined) draft.severityScore = severityOf(payload)
  const change = recordOf(payload, 'change') ?? {}
  addAttributes(draft, {
    ...attributesOf(record, taken),
    system: textOf(payload, 'system'),
    kind: textOf(payload, 'kind'),
    caseId: id.split('/')[0],
    changeType: textOf(change, 'type'),
    changedAt: textOf(change, 'at'),
  })
  return draft
}

const isTarget = (name: string): name is FactTarget => targets.has(name) || /^componentBatches\../.test(name)

function severityOf(payload: JsonRecord): number {
  const severity = numberOf(payload, 'severity')
  if (severity !== undefined && severity >= 0 && severity <= 10) return severity
  throw wrong('severity', payload.severity, 'is not a number from 0 to 10', '不是 0 到 10 的数字')
}
