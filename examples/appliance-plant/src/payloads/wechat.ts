import { idOf, type Message, type Payload, withSticker } from '../customers/message.js'

/** A message to the official account. */
export function writeWechat(message: Message): Payload {
  const { at, draw } = message
  const words = withSticker(message).replaceAll(']]>', ']] >')
  const body = [
    '<xml>',
    '  <ToUserName><![CDATA[gh_7f083739789a]]></ToUserName>',
    `  <FromUserName><![CDATA[oia2Tj${draw.whole(1_000_000, 9_999_999)}]]></FromUserName>`,
    `  <CreateTime>${Math.floor(at / 1000)}</CreateTime>`,
    '  <MsgType><![CDATA[text]]></MsgType>',
    `  <Content><![CDATA[${words}]]></Content>`,
    `  <MsgId>${idOf(message, '2462943876', 7)}</MsgId>`,
    '</xml>',
  ].join('\n')
  return { body, contentType: 'text/xml' }
}
