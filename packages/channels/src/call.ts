import type { Channel } from '@andon/core/connector'
import type { FeedbackDraft } from '@andon/core/feedback'
import * as z from 'zod'
import { attributesOf } from './shared/attributes.js'
import { addAttributes, openDraft } from './shared/draft.js'
import { addFacts, type ProductFacts } from './shared/facts.js'
import { instantOf } from './shared/instant.js'
import { jsonChannel } from './shared/json-channel.js'
import { evidenceAt } from './shared/media.js'
import { checkOptions, zoneSchema } from './shared/options.js'
import { firstText, type JsonRecord, listOf, missing, recordOf, requiredId, textOf } from './shared/reader.js'
import { satisfactionOf } from './shared/satisfaction.js'
import { conversationOf } from './shared/turns.js'

const optionsSchema = z.strictObject({ zone: zoneSchema })
export type CallOptions = z.input<typeof optionsSchema>

const taken: ReadonlySet<string> = new Set([
  'id',
  'from',
  'to',
  'recordurl',
  'created_at',
  'transcript',
  'satisfaction',
  'product',
  'summary',
  'language',
])

/**
 * A hotline record: `id, from, to, recordurl, duration, created_at, agent_id, ticket_id, satisfaction` with a
 * transcript of `{speaker, start, end, text}`, as an array or as `{segments: […]}`. Only the customer's turns
 * are the symptom. Without a transcript the recording is evidence for a recognizer and the agent's `summary`,
 * if any, stands in.
 */
export function callChannel(options?: CallOptions): Channel {
  const { zone } = checkOptions(optionsSchema, options, 'call')
  return jsonChannel({
    name: 'call',
    recognise: (record) =>
      (record.recordurl !== undefined || record.transcript !== undefined) &&
      (record.agent_id !== undefined || (record.from !== undefined && record.to !== undefined)),
    read: (record, path) => [readCall(record, path, zone)],
  })
}

function readCall(record: JsonRecord, path: string, zone: string): FeedbackDraft {
  const id = requiredId(record, 'id', path)
  const facts: ProductFacts = {}
  const read = new Set<string>()
  const product = recordOf(record, 'product')
  if (product !== undefined) addFacts(facts, product)
  addFacts(facts, record, read)
  const transcript = recordOf(record, 'transcript')
  const turns =
    listOf(record, 'transcript') ?? (transcript === undefined ? [] : (listOf(transcript, 'segments') ?? []))
  const { customer, customerTurns, companyTurns } = conversationOf(turns)
  const recording = evidenceAt(textOf(record, 'recordurl'), 'audio/mpeg')
  const summary = textOf(record, 'summary')
  const text = customer || summary || (recording.length > 0 ? '[录音 recording]' : undefined)
  if (text === undefined) throw missing(`${path}transcript`)
  const draft = openDraft({
    sourceMessageId: id,
    text,
    facts,
    zone,
    ...(summary === undefined ? {} : { beside: summary }),
  })
  if (record.created_at !== undefined)
    draft.receivedAt = instantOf(record.created_at, `${path}created_at`, zone)
  // Of a call that the company made, the customer is the one called.
  const caller = firstText(record, record.direction === 'outbound' ? ['to'] : ['from'])
  if (caller !== undefined) draft.customer = caller
  draft.customerRole = 'consumer'
  const language = textOf(record, 'language')
  if (language !== undefined && language.length <= 35) draft.language = language
  if (recording.length > 0) draft.evidence = recording
  const satisfaction = satisfactionOf(record, 'satisfaction', 'csat')
  if (satisfaction !== undefined) draft.satisfactionScore = satisfaction
  addAttributes(draft, {
    ...attributesOf(record, taken, read),
    ...(turns.length > 0 ? { customerTurns, companyTurns } : {}),
    ...(customer === '' && summary === undefined ? { awaitsTranscript: true } : {}),
  })
  return draft
}
