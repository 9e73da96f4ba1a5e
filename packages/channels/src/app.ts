import type { Channel } from '@andon/core/connector'
import type { FeedbackDraft } from '@andon/core/feedback'
import { attributesOf } from './shared/attributes.js'
import { addAttributes, openDraft } from './shared/draft.js'
import { addFacts, type ProductFacts } from './shared/facts.js'
import { instantOf } from './shared/instant.js'
import { jsonChannel } from './shared/json-channel.js'
import { evidenceAt } from './shared/media.js'
import {
  firstText,
  isRecord,
  type JsonRecord,
  listOf,
  missing,
  recordOf,
  requiredId,
  requiredText,
  textOf,
} from './shared/reader.js'

const taken: ReadonlySet<string> = new Set([
  'event_id',
  'timestamp',
  'contexts',
  'tags',
  'user',
  'attachments',
  'breadcrumbs',
  'exception',
  'request',
  'sdk',
])
const feedbackTaken: ReadonlySet<string> = new Set(['message', 'contact_email', 'name'])
const nothing: ReadonlySet<string> = new Set()
/** Where a person holds the app in hand, `contexts.device` is the telephone and not the product. */
const handset = /^(?:iOS|iPadOS|Android|HarmonyOS)/i

/**
 * In-app feedback in the shape of an SDK event: `contexts.feedback{message, contact_email, name, url, source,
 * associated_event_id}`, `tags` (object or pairs), `contexts.device`, `release`. The product stands in
 * `contexts.product`, then in `tags`, then in `contexts.device` when the app runs on the product itself.
 */
export function appChannel(): Channel {
  return jsonChannel({
    name: 'app',
    recognise: ({ contexts }) => isRecord(contexts) && isRecord(contexts.feedback),
    read: (event, path) => [readEvent(event, path)],
  })
}

function readEvent(event: JsonRecord, path: string): FeedbackDraft {
  const contexts = recordOf(event, 'contexts') ?? {}
  const feedback = recordOf(contexts, 'feedback')
  if (feedback === undefined) throw missing(`${path}contexts.feedback`)
  const id = requiredId(event, 'event_id', path)
  const text = requiredText(feedback, 'message', `${path}contexts.feedback.`)
  const facts: ProductFacts = {}
  const tags = tagsOf(event)
  const tagsTaken = new Set<string>()
  const product = recordOf(contexts, 'product')
  if (product !== undefined) addFacts(facts, product)
  addFacts(facts, tags, tagsTaken)
  const device = recordOf(contexts, 'device') ?? {}
  const system = recordOf(contexts, 'os')
  if (system === undefined || !handset.test(textOf(system, 'name') ?? '')) addFacts(facts, device)
  const draft = openDraft({
    sourceMessageId: id,
    text,
    facts,
    zone: 'Z',
    occurredField: `${path}contexts.product.occurred_at`,
  })
  if (event.timestamp !== undefined) draft.receivedAt = instantOf(event.timestamp, `${path}timestamp`, 'Z')
  const user = recordOf(event, 'user') ?? {}
  const customer =
    firstText(user, ['id', 'email', 'username']) ?? firstText(feedback, ['contact_email', 'name'])
  if (customer !== undefined) draft.customer = customer
  const locale = textOf(recordOf(contexts, 'culture') ?? {}, 'locale')
  if (locale !== undefined && /^[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8}){0,3}$/.test(locale)) {
    draft.language = locale.replaceAll('_', '-')
  }
  draft.customerRole = 'consumer'
  const evidence = (listOf(event, 'attachments') ?? [])
    .filter(isRecord)
    .flatMap((attachment) => evidenceAt(firstText(attachment, ['url', 'uri']), 'application/octet-stream'))
  if (evidence.length > 0) draft.evidence = evidence.slice(0, 50)
  addAttributes(draft, {
    ...attributesOf(event, taken),
    ...attributesOf(feedback, feedbackTaken),
    ...attributesOf(tags, tagsTaken),
    ...deviceAttributes(contexts),
  })
  return draft
}

function deviceAttributes(contexts: JsonRecord): Record<string, unknown> {
  const kept: Record<string, unknown> = {}
  for (const name of ['device', 'os', 'app'] as const) {
    const context = recordOf(contexts, name)
    if (context !== undefined) kept[name] = attributesOf(context, nothing, nothing, 1)
  }
  return kept
}

/** Tags come as an object or as `[key, value]` pairs. */
function tagsOf(event: JsonRecord): JsonRecord {
  const pairs = listOf(event, 'tags')
  if (pairs === undefined) return recordOf(event, 'tags') ?? {}
  const tags: Record<string, unknown> = {}
  for (const pair of pairs) {
    if (Array.isArray(pair) && typeof pair[0] === 'string' && pair[0] !== '__proto__') tags[pair[0]] = pair[1]
    else if (isRecord(pair) && typeof pair.key === 'string' && pair.key !== '__proto__')
      tags[pair.key] = pair.value
  }
  return tags
}
