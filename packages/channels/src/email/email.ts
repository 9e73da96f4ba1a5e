import { createHash } from 'node:crypto'
import { type Channel, type DecodedPayload, isChannelError } from '@andon/core/connector'
import type { Evidence, FeedbackDraft } from '@andon/core/feedback'
import PostalMime, { type Attachment, type Email } from 'postal-mime'
import { addAttributes, openDraft } from '../shared/draft.js'
import { instantOf } from '../shared/instant.js'
import { missing, wrong } from '../shared/reader.js'
import { htmlWords } from './html.js'
import { ownWords } from './reply.js'

const headerLine = /^[A-Za-z][A-Za-z0-9-]{1,60}:(?:[ \t]|\r?$)/m
const maxHeaders = 64_000

/**
 * RFC 5322 mail, as text. The Message-ID decides what is a duplicate; replies name their thread in
 * `attributes.thread` and `attributes.inReplyTo`. Quoted messages and signatures are left out; images are
 * evidence at `mid:` addresses (RFC 2392).
 */
export function emailChannel(): Channel {
  return { contract: 1, name: 'email', detect: isMail, parse: async (payload) => [await readMail(payload)] }
}

function isMail({ text, json }: DecodedPayload): boolean {
  if (json !== undefined || headerLine.exec(text.slice(0, 200))?.index !== 0) return false
  const blank = /\r?\n\r?\n/.exec(text.slice(0, maxHeaders))?.index ?? Math.min(text.length, maxHeaders)
  const headers = text.slice(0, blank)
  return (
    /^from:/im.test(headers) && /^(?:message-id|mime-version|date|received|content-type):/im.test(headers)
  )
}

async function readMail(payload: DecodedPayload): Promise<FeedbackDraft> {
  const mail = await parseMime(payload)
  const id = mail.messageId?.trim()
  if (id === undefined || id === '') throw missing('Message-ID')
  if (id.length > 480)
    throw wrong('Message-ID', id.slice(0, 80), 'is longer than 480 characters', '超过 480 个字符')
  const subject = mail.subject?.trim() || undefined
  // postal-mime fills `text` from HTML too, but with the quoted parts; the HTML knows which those are.
  const plain = /^content-type:[ \t]*text\/html/im.test(headersOf(mail)) ? undefined : mail.text
  const body = ownWords(plain?.trim() ? plain : htmlWords(mail.html ?? ''))
  const reply =
    mail.inReplyTo !== undefined ||
    (subject !== undefined && /^(?:re|fw|fwd|回复|答复|转发)\s?[:：]/i.test(subject))
  const text = [reply && body !== '' ? undefined : subject, body]
    .filter((part) => part !== undefined && part !== '')
    .join('\n')
  if (text === '') throw missing('body')
  const draft = openDraft({
    sourceMessageId: id,
    text,
    facts: {},
    zone: 'Z',
    ...(subject === undefined ? {} : { beside: subject }),
  })
  if (mail.date !== undefined) draft.receivedAt = instantOf(mail.date, 'Date', 'Z')
  const sender = (mail.replyTo?.[0] ?? mail.from)?.address?.trim().toLowerCase()
  if (sender !== undefined && sender !== '') draft.customer = sender
  const language = headerOf(mail, 'content-language')?.split(',')[0]?.trim()
  if (language !== undefined && /^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8}){0,3}$/.test(language))
    draft.language = language
  const evidence = mail.attachments
    .filter(isMedia)
    .slice(0, 50)
    .map((attachment, index) => evidenceOf(attachment, id, index))
  if (evidence.length > 0) draft.evidence = evidence
  addAttributes(draft, {
    thread: threadOf(mail) ?? id,
    inReplyTo: mail.inReplyTo,
    autoSubmitted: headerOf(mail, 'auto-submitted'),
    attachments: mail.attachments.length || undefined,
  })
  return draft
}

async function parseMime({ text }: DecodedPayload): Promise<Email> {
  try {
    return await PostalMime.parse(text, { maxNestingDepth: 50, maxHeadersSize: 256 * 1024 })
  } catch (error) {
    if (isChannelError(error)) throw error
    throw wrong(
      'body',
      text.slice(0, 200),
      'is not a MIME message that can be read',
      '不是可解析的 MIME 邮件',
    )
  }
}

function headerOf(mail: Email, key: string): string | undefined {
  return mail.headers.find((header) => header.key === key)?.value.trim() || undefined
}

function headersOf(mail: Email): string {
  return mail.headers.map(({ key, value }) => `${key}: ${value}`).join('\n')
}

/** RFC 5322 3.6.4: the first of `References` is the message that began the thread. */
function threadOf(mail: Email): string | undefined {
  return /<[^<>\s]{1,480}>/.exec(mail.references ?? mail.inReplyTo ?? '')?.[0]
}

function isMedia({ mimeType }: Attachment): boolean {
  return /^(?:image|audio|video)\/|^application\/pdf$/.test(mimeType)
}

function evidenceOf(attachment: Attachment, messageId: string, index: number): Evidence {
  const bare = (id: string): string => encodeURIComponent(id.replace(/^<|>$/g, ''))
  const part = attachment.contentId === undefined ? `part${index + 1}` : bare(attachment.contentId)
  const { content } = attachment
  const bytes = typeof content === 'string' ? content : new Uint8Array(content)
  return {
    uri: `mid:${bare(messageId)}/${part}`.slice(0, 2048),
    mime: attachment.mimeType.slice(0, 200),
    sha256: createHash('sha256').update(bytes).digest('hex'),
  }
}
