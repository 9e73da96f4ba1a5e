import type { Channel, DecodedPayload } from '@andon/core/connector'
import type { Evidence, FeedbackDraft } from '@andon/core/feedback'
import { addAttributes, openDraft } from '../shared/draft.js'
import { instantOf } from '../shared/instant.js'
import { isRecord, missing, wrong } from '../shared/reader.js'
import { isCustomerService, readCustomerService } from './customer-service.js'
import { messageOf } from './xml.js'

/**
 * WeChat: messages of an official account (XML: `ToUserName, FromUserName, CreateTime, MsgType, Content,
 * MediaId, PicUrl, Format, Recognition, MsgId`) and the answers of WeCom customer service's `sync_msg`
 * (JSON). A voice message's `Recognition` is its transcript. Events carry no words of a customer and are
 * refused with the reason.
 */
export function wechatChannel(): Channel {
  return {
    contract: 1,
    name: 'wechat',
    detect: ({ text, json }) =>
      json === undefined ? isMessage(text) : isRecord(json) && isCustomerService(json),
    parse: (payload) => (isRecord(payload.json) ? readCustomerService(payload.json) : [readXml(payload)]),
  }
}

function isMessage(text: string): boolean {
  const start = text.slice(0, 100).trimStart()
  if (!start.startsWith('<xml') && !start.startsWith('<?xml')) return false
  const head = text.slice(0, 4000)
  return head.includes('<ToUserName>') && (head.includes('<MsgType>') || head.includes('<Encrypt>'))
}

function readXml({ text, json }: DecodedPayload): FeedbackDraft {
  if (json !== undefined) throw wrong('body', text.slice(0, 200), 'is not a WeChat message', '不是微信消息')
  const message = messageOf(text)
  if (message.Encrypt !== undefined) {
    throw wrong(
      'Encrypt',
      undefined,
      'is encrypted; the source decrypts before it hands on',
      '消息已加密，须由数据源先解密',
    )
  }
  const type = message.MsgType
  if (type === undefined) throw missing('MsgType')
  if (type === 'event') {
    const named = message.Event === undefined ? 'an event' : `the event ${message.Event.slice(0, 60)}`
    throw wrong('Event', message.Event, `${named} carries no customer's words`, '事件消息不含客户原话')
  }
  const id = message.MsgId?.trim()
  if (!id) throw missing('MsgId')
  if (id.length > 480)
    throw wrong('MsgId', id.slice(0, 80), 'is longer than 480 characters', '超过 480 个字符')
  const draft = openDraft({ sourceMessageId: id, text: wordsOf(type, message), facts: {}, zone: '+08:00' })
  if (message.CreateTime !== undefined)
    draft.receivedAt = instantOf(message.CreateTime.trim(), 'CreateTime', '+08:00')
  if (message.FromUserName?.trim()) draft.customer = message.FromUserName.trim()
  draft.customerRole = 'consumer'
  const evidence = evidenceOf(type, message)
  if (evidence !== undefined) draft.evidence = [evidence]
  addAttributes(draft, {
    msgType: type,
    account: message.ToUserName,
    awaitsTranscript: type !== 'text' && !message.Recognition?.trim() ? true : undefined,
  })
  return draft
}

function wordsOf(type: string, message: Readonly<Record<string, string>>): string {
  switch (type) {
    case 'text': {
      const content = message.Content?.trim()
      if (!content) throw missing('Content')
      return content
    }
    case 'voice':
      return message.Recognition?.trim() || '[语音 voice]'
    case 'image':
      return '[图片 image]'
    case 'video':
    case 'shortvideo':
      return '[视频 video]'
    case 'link': {
      const words = [message.Title, message.Description].filter((part) => part?.trim()).join('\n')
      if (words === '') throw missing('Description')
      return words
    }
    default:
      throw wrong(
        'MsgType',
        type.slice(0, 60),
        'carries no words or picture of a complaint',
        '该类型不含投诉内容',
      )
  }
}

const mimeByType: Readonly<Record<string, string>> = {
  image: 'image/jpeg',
  voice: 'audio/amr',
  video: 'video/mp4',
  shortvideo: 'video/mp4',
}

function evidenceOf(type: string, message: Readonly<Record<string, string>>): Evidence | undefined {
  const mime = mimeByType[type]
  const uri =
    message.PicUrl?.trim() || (message.MediaId?.trim() ? `wechat-media:${message.MediaId.trim()}` : undefined)
  if (mime === undefined || uri === undefined || uri.length > 2048) return undefined
  const words = message.Recognition?.trim()
  const format = message.Format?.trim().toLowerCase()
  const exact =
    type === 'voice' && format !== undefined && /^[a-z0-9]{2,10}$/.test(format) ? `audio/${format}` : mime
  return words
    ? { uri, mime: exact, derivedText: words.slice(0, 20_000), engine: 'wechat' }
    : { uri, mime: exact }
}
