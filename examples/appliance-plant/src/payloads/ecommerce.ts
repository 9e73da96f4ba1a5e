import { localTime } from '../calendar.js'
import { idOf, json, type Message, type Payload, withSticker } from '../customers/message.js'

/** A review on the marketplace, as its open platform hands it to the shop. */
export function writeEcommerce(message: Message): Payload {
  const { at, model, stars, draw } = message
  return json({
    traderates_get_response: {
      trade_rates: {
        trade_rate: [
          {
            tid: idOf(message, '26170223311', 8),
            oid: idOf(message, '26170223312', 8),
            role: 'buyer',
            nick: `t***${draw.whole(0, 9)}`,
            user_nick: `tb${draw.whole(10, 99)}**${draw.whole(10, 99)}`,
            result: stars > 3 ? 'good' : stars === 3 ? 'neutral' : 'bad',
            has_negtv: stars < 3,
            created: localTime(at),
            rated_nick: '某旗舰店',
            item_title: `${model.line} ${model.litres}升`,
            num_iid: model.listing,
            content: withSticker(message),
          },
        ],
      },
      has_next: false,
      request_id: idOf(message, 'z2k'),
    },
  })
}
