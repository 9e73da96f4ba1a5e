import { localTime } from '../calendar.js'
import { idOf, json, type Message, type Payload, withSticker } from '../customers/message.js'

/** What an SMS gateway delivers. */
export function writeSms(message: Message): Payload {
  const { at, language, draw } = message
  return json([
    {
      phone_number:
        language === 'zh'
          ? `139${draw.whole(10_000_000, 99_999_999)}`
          : `+6581${draw.whole(100_000, 999_999)}`,
      content: withSticker(message),
      send_time: localTime(at),
      dest_code: '10690001',
      sequence_id: idOf(message, '5517', 8),
    },
  ])
}
