import type { FeedbackDraft } from '@andon/core/feedback'
import { addAttributes, openDraft } from '../shared/draft.js'
import { instantOf } from '../shared/instant.js'
import {
  isRecord,
  type JsonRecord,
  listOf,
  missing,
  numberOf,
  recordOf,
  requiredId,
  requiredRecord,
  requiredText,
  textOf,
  wrong,
} from '../shared/reader.js'

/** Of `sync_msg`: 3 is the customer, 4 a system event, 5 the company's servicer. */
const fromCustomer = 3
const mimeByType: Readonly<Record<string, string>> = {
  image: 'image/jpeg',
  voice: 'audio/amr',
  video: 'video/mp4',
}
const placeholders: Readonly<Record<string, string>> = {
  image: '[图片 image]',
  voice: '[语音 voice]',
  video: '[视频 video]',
}

/** True for a `sync_msg` answer and for one message out of it. */
export function isCustomerService(json: JsonRecord): boolean {
  if (json.msgid !== undefined) return json.open_kfid !== undefined
  const first = listOf(json, 'msg_list')?.[0]
  return isRecord(first) && (first.msgid !== undefined || first.open_kfid !== undefined)
}

/**
 * The customers' messages of a `sync_msg` answer; what servicers and the system said is passed over.
 * @throws ChannelError when there is none, or one cannot be read
 */
export function readCustomerService(json: JsonRecord): readonly FeedbackDraft[] {
  const list = listOf(json, 'msg_list')
  if (list === undefined) return [readMessage(json, '')]
  const drafts = list.flatMap((item, index) => {
    const message = requiredRecord(item, `msg_list[${index}]`)
    if (message.origin !== undefined && numberOf(message, 'origin') !== fromCustomer) return []
    return [readMessage(message, `msg_list[${index}].`)]
  })
  if (drafts.length === 0)
    throw wrong('msg_list', undefined, 'holds no message of a customer', '不含客户消息')
  return drafts
}

function readMessage(message: JsonRecord, path: string): FeedbackDraft {
  const id = requiredId(message, 'msgid', path)
  if (message.origin !== undefined && numberOf(message, 'origin') !== fromCustomer) {
    throw wrong(`${path}origin`, message.origin, 'is not 3 (a customer)', '不是 3（客户消息）')
  }
  const type = requiredText(message, 'msgtype', path)
  const content = recordOf(message, type)
  if (content === undefined) throw missing(`${path}${type.slice(0, 60)}`)
  const text = type === 'text' ? requiredText(content, 'content', `${path}text.`) : placeholders[type]
  if (text === undefined) {
    throw wrong(
      `${path}msgtype`,
      type.slice(0, 60),
      'carries no words or picture of a complaint',
      '该类型不含投诉内容',
    )
  }
  const draft = openDraft({ sourceMessageId: id, text, facts: {}, zone: '+08:00' })
  if (message.send_time !== undefined)
    draft.receivedAt = instantOf(message.send_time, `${path}send_time`, '+08:00')
  const customer = textOf(message, 'external_userid')
  if (customer !== undefined) draft.customer = customer
  draft.customerRole = 'consumer'
  const media = textOf(content, 'media_id')
  const mime = mimeByType[type]
  if (media !== undefined && media.length < 2000 && mime !== undefined)
    draft.evidence = [{ uri: `wecom-media:${media}`, mime }]
  addAttributes(draft, {
    msgType: type,
    account: textOf(message, 'open_kfid'),
    awaitsTranscript: type === 'text' ? undefined : true,
  })
  return draft
}
