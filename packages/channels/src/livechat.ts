import type { Channel } from '@andon/core/connector'
import type { FeedbackDraft } from '@andon/core/feedback'
import * as z from 'zod'
import { attributesOf } from './shared/attributes.js'
import { addAttributes, openDraft } from './shared/draft.js'
import { addFact, addFacts, type ProductFacts } from './shared/facts.js'
import { instantOf } from './shared/instant.js'
import { jsonChannel } from './shared/json-channel.js'
import { factOfName, simpleFacts } from './shared/names.js'
import { checkOptions } from './shared/options.js'
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
import { satisfactionOf } from './shared/satisfaction.js'
import { conversationOf } from './shared/turns.js'

const optionsSchema = z.strictObject({
  /** Custom ticket field id → the fact it holds. */
  fields: z.record(z.string().min(1), z.enum(simpleFacts)).default({}),
})
export type LivechatOptions = z.input<typeof optionsSchema>

const detailTaken: ReadonlySet<string> = new Set([
  'id',
  'messages',
  'description',
  'subject',
  'custom_fields',
  'product',
  'created_at',
  'updated_at',
  'satisfaction_rating',
  'locale',
])
const prefix = 'zen:event-type:'

/**
 * Ticket events of a live chat (Zendesk: `type zen:event-type:ticket.created, id, time, detail{id, status,
 * via{channel}}`) with the message list in `detail.messages` or `event.messages`. Only the customer's turns
 * are the symptom; without a list the ticket's description is. `attributes.thread` is the ticket.
 */
export function livechatChannel(options?: LivechatOptions): Channel {
  const { fields } = checkOptions(optionsSchema, options, 'livechat')
  return jsonChannel({
    name: 'livechat',
    recognise: ({ type }) => typeof type === 'string' && type.startsWith(prefix),
    read: (event, path) => [readEvent(event, path, fields)],
  })
}

function readEvent(
  event: JsonRecord,
  path: string,
  fields: z.output<typeof optionsSchema>['fields'],
): FeedbackDraft {
  const id = requiredId(event, 'id', path)
  const type = requiredText(event, 'type', path)
  const detail = recordOf(event, 'detail')
  if (detail === undefined) throw missing(`${path}detail`)
  const inner = recordOf(event, 'event') ?? {}
  const messages = listOf(detail, 'messages') ?? listOf(inner, 'messages') ?? listOf(event, 'messages')
  const talk = conversationOf(messages ?? [recordOf(inner, 'comment')])
  const text =
    talk.customer || (messages === undefined ? firstText(detail, ['description', 'subject']) : undefined)
  if (text === undefined)
    throw missing(path + (messages === undefined ? 'detail.description' : 'detail.messages'))
  const subject = textOf(detail, 'subject')
  const { facts, unread } = factsOf(detail, fields)
  const draft = openDraft({
    sourceMessageId: id,
    text,
    facts,
    zone: 'Z',
    ...(subject === undefined ? {} : { beside: subject }),
  })
  if (event.time !== undefined) draft.receivedAt = instantOf(event.time, `${path}time`, 'Z')
  const customer = firstText(detail, ['requester_id', 'submitter_id']) ?? requesterOf(detail)
  if (customer !== undefined) draft.customer = customer
  draft.customerRole = 'consumer'
  const locale = textOf(detail, 'locale')
  if (locale !== undefined && locale.length <= 35) draft.language = locale
  const rating = recordOf(detail, 'satisfaction_rating')
  const satisfaction = rating === undefined ? undefined : satisfactionOf(rating, 'score', 'csat')
  if (satisfaction !== undefined) draft.satisfactionScore = satisfaction
  addAttributes(draft, {
    ...attributesOf(detail, detailTaken),
    ...unread,
    eventType: type.slice(prefix.length),
    thread: textOf(detail, 'id'),
    account: textOf(event, 'account_id'),
    ...(messages === undefined ? {} : { customerTurns: talk.customerTurns, companyTurns: talk.companyTurns }),
  })
  return draft
}

function requesterOf(detail: JsonRecord): string | undefined {
  const requester = recordOf(detail, 'requester')
  return requester === undefined ? undefined : firstText(requester, ['id', 'email', 'name'])
}

function factsOf(
  detail: JsonRecord,
  fields: z.output<typeof optionsSchema>['fields'],
): { readonly facts: ProductFacts; readonly unread: Record<string, unknown> } {
  const facts: ProductFacts = {}
  const unread: Record<string, unknown> = {}
  const product = recordOf(detail, 'product')
  if (product !== undefined) addFacts(facts, product)
  for (const field of listOf(detail, 'custom_fields') ?? []) {
    if (!isRecord(field)) continue
    const name = firstText(field, ['key', 'name', 'id'])
    if (name === undefined) continue
    const target = (Object.hasOwn(fields, name) ? fields[name] : undefined) ?? factOfName(name)
    if (target === undefined || !addFact(facts, target, field.value)) unread[name] = field.value
  }
  return { facts, unread: attributesOf(unread, new Set()) }
}
