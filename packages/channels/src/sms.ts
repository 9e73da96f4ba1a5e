import type { Channel } from '@andon/core/connector'
import type { FeedbackDraft } from '@andon/core/feedback'
import * as z from 'zod'
import { attributesOf } from './shared/attributes.js'
import { addAttributes, openDraft } from './shared/draft.js'
import { instantOf } from './shared/instant.js'
import { notJson } from './shared/json-channel.js'
import { checkOptions, zoneSchema } from './shared/options.js'
import {
  isRecord,
  type JsonRecord,
  missing,
  numberOf,
  requiredId,
  requiredRecord,
  textOf,
  wrong,
} from './shared/reader.js'

const optionsSchema = z.strictObject({ zone: zoneSchema })
export type SmsOptions = z.input<typeof optionsSchema>

const taken: ReadonlySet<string> = new Set([
  'phone_number',
  'content',
  'send_time',
  'sequence_id',
  'part_reference',
  'part',
  'parts',
])

interface Part {
  readonly message: JsonRecord
  readonly path: string
  readonly id: string
  readonly content: string
  readonly reference: string | undefined
  readonly part: number
  readonly parts: number
}

/**
 * Upstream text messages: `phone_number, content, send_time, dest_code, sequence_id`, one or an array. Parts
 * of a long message carry `part_reference, part, parts` (3GPP TS 23.040 concatenation): those that arrive in
 * one payload are joined in order; a part that arrives alone is kept under its own id with its reference.
 */
export function smsChannel(options?: SmsOptions): Channel {
  const { zone } = checkOptions(optionsSchema, options, 'sms')
  return {
    contract: 1,
    name: 'sms',
    detect: ({ json }) => {
      const first = Array.isArray(json) ? json[0] : json
      return (
        isRecord(first) &&
        first.phone_number !== undefined &&
        (first.content !== undefined || first.sequence_id !== undefined)
      )
    },
    parse: ({ json, text }) => {
      if (isRecord(json)) return [readMessage([readPart(json, '')], zone)]
      if (!Array.isArray(json)) throw notJson(text)
      const messages = new Map<string, Part[]>()
      for (const [index, item] of json.entries()) {
        const part = readPart(requiredRecord(item, `[${index}]`), `[${index}].`)
        const key =
          part.reference === undefined
            ? `[${index}]`
            : `${textOf(part.message, 'phone_number') ?? ''} ${part.reference}`
        const siblings = messages.get(key)
        if (siblings === undefined) messages.set(key, [part])
        else siblings.push(part)
      }
      if (messages.size === 0) throw missing('body')
      return [...messages.values()].map((parts) => readMessage(parts, zone))
    },
  }
}

function readPart(message: JsonRecord, path: string): Part {
  const content = message.content
  if (content !== undefined && content !== null && typeof content !== 'string') {
    throw wrong(`${path}content`, content, 'is not text', '不是文本')
  }
  // Not trimmed: a part may end in the space that stands between two words.
  if (content === undefined || content === null || content.trim() === '') throw missing(`${path}content`)
  return {
    message,
    path,
    content,
    id: requiredId(message, 'sequence_id', path),
    reference: textOf(message, 'part_reference'),
    part: numberOf(message, 'part') ?? 1,
    parts: numberOf(message, 'parts') ?? 1,
  }
}

function readMessage(received: readonly Part[], zone: string): FeedbackDraft {
  const parts = [...new Map(received.map((part) => [part.part, part])).values()].sort(
    (a, b) => a.part - b.part,
  )
  const first = parts[0]
  if (first === undefined) throw missing('content')
  const { message, path } = first
  const alone = parts.length === 1 && first.parts > 1
  const draft = openDraft({
    // A gateway may give all parts of a message one sequence id.
    sourceMessageId: alone ? `${first.id}#${first.part}` : first.id,
    text: parts
      .map(({ content }) => content)
      .join('')
      .trim(),
    facts: {},
    zone,
  })
  if (message.send_time !== undefined)
    draft.receivedAt = instantOf(message.send_time, `${path}send_time`, zone)
  const phone = textOf(message, 'phone_number')
  if (phone !== undefined) draft.customer = phone
  draft.customerRole = 'consumer'
  addAttributes(draft, {
    ...attributesOf(message, taken),
    ...(first.reference === undefined
      ? {}
      : {
          partReference: first.reference,
          parts: first.parts,
          partsHeld: parts.map(({ part }) => part).join(','),
        }),
  })
  return draft
}
