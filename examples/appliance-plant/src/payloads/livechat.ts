import { createHash } from 'node:crypto'
import { idOf, json, type Message, type Payload, withSticker } from '../customers/message.js'

/** A support ticket that a chat opened. The bot's questions are not the customer's complaint. */
export function writeLivechat(message: Message): Payload {
  const { number, at, language, stars } = message
  const isChinese = language === 'zh'
  const ticket = idOf(message, '3', 6)
  const hex = createHash('md5').update(`chat ${number}`).digest('hex')
  return json({
    account_id: 12514403,
    detail: {
      id: ticket,
      status: 'NEW',
      type: 'PROBLEM',
      via: { channel: 'native_messaging' },
      subject: isChinese ? '在线咨询' : 'Chat',
      description: 'Customer started a chat',
      requester_id: String(8_447_388_000_000 + number),
      created_at: new Date(at).toISOString(),
      tags: ['after-sales'],
      locale: isChinese ? 'zh-CN' : 'en-US',
      satisfaction_rating: { score: stars > 2 ? 'good' : 'bad' },
      messages: [
        { author: { type: 'bot' }, text: isChinese ? '请问有漏电或冒烟吗？' : 'Is there fire or smoke?' },
        { author: { type: 'user' }, text: withSticker(message) },
        { author: { type: 'business' }, text: isChinese ? '收到，马上为您登记' : 'Thanks, noted.' },
      ],
    },
    event: {},
    id: [
      hex.slice(0, 8),
      hex.slice(8, 12),
      `4${hex.slice(13, 16)}`,
      `8${hex.slice(17, 20)}`,
      hex.slice(20),
    ].join('-'),
    subject: `zen:ticket:${ticket}`,
    time: new Date(at).toISOString(),
    type: 'zen:event-type:ticket.created',
    zendesk_event_version: '2022-11-06',
  })
}
