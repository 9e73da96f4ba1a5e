import { idOf, type Message, type Payload } from '../customers/message.js'

/** RFC 5322 wants ASCII in headers: RFC 2047 encoded words. */
const encoded = (text: string): string =>
  /^[ -~]*$/.test(text) ? text : `=?UTF-8?B?${Buffer.from(text).toString('base64')}?=`

const lines76 = (base64: string): string => base64.replace(/(.{76})/g, '$1\r\n')

/** A mail to the service desk; some are replies that carry the desk's words along. */
export function writeEmail(message: Message): Payload {
  const { at, words, unit, model, place, language, draw } = message
  const isChinese = language === 'zh'
  const isReply = draw.chance(0.3)
  const id = idOf(message, 'm')
  const subject = isChinese ? `${model.model} 反馈` : `About my ${model.model}`
  const facts = isChinese
    ? [
        `型号：${model.model}`,
        ...(unit === undefined ? [] : [`序列号：${unit.serial}`]),
        `地区：${place.province}`,
      ]
    : [
        `Model: ${model.model}`,
        ...(unit === undefined ? [] : [`Serial number: ${unit.serial}`]),
        `Region: ${place.code}`,
      ]
  const quoted = isReply
    ? isChinese
      ? [
          '',
          '------------------ 原始邮件 ------------------',
          '发件人: "客服" <service@example.net>;',
          '发送时间: 2026年3月2日(星期一) 上午9:30',
          '请问是否漏电或冒烟？',
        ]
      : ['', 'On Mon, 2 Mar 2026 the service desk wrote:', '> Is there any smoke, or an electric shock?']
    : []
  const text = [words, ...facts, ...quoted, ''].join('\r\n')
  const body = [
    `From: <owner${draw.whole(100, 999)}@example.com>`,
    'To: service@example.net',
    `Subject: ${encoded(isReply ? `${isChinese ? '回复：' : 'Re: '}${subject}` : subject)}`,
    `Date: ${new Date(at).toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${id}@mail.example.com>`,
    ...(isReply ? [`In-Reply-To: <${id}-desk@example.net>`, `References: <${id}-desk@example.net>`] : []),
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    'Content-Transfer-Encoding: base64',
    '',
    lines76(Buffer.from(text).toString('base64')),
    '',
  ].join('\r\n')
  return { body, contentType: 'message/rfc822' }
}
