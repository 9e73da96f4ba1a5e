import { json, type Message, type Payload, withSticker } from '../customers/message.js'

const names = {
  days: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
  months: ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'],
}

/** `Wed Jun 01 00:50:25 +0800 2011`, as the platform writes it. */
function weiboTime(at: number): string {
  const local = new Date(at + 8 * 3_600_000)
  const [date = '', time = ''] = local.toISOString().slice(0, 19).split('T')
  const weekday = names.days[local.getUTCDay()] ?? ''
  const month = names.months[local.getUTCMonth()] ?? ''
  return `${weekday} ${month} ${date.slice(8)} ${time} +0800 ${date.slice(0, 4)}`
}

/** A comment below the brand's post, with a mention and a little picture or two. */
export function writeWeibo(message: Message): Payload {
  const { number, at, place, stars, draw } = message
  const id = 5_112_233_445_000_000 + number
  const mood = stars > 3 ? '[赞]' : stars < 3 ? '[怒][怒]' : ''
  return json({
    comments: [
      {
        created_at: weiboTime(at),
        id,
        mid: String(id),
        text: `@某电器 ${withSticker(message)}${mood}`,
        source: '<a href="https://weibo.com" rel="nofollow">微博网页版</a>',
        user: {
          id: draw.whole(1_000_000_000, 2_000_000_000),
          screen_name: '某用户',
          location: `${place.province} ${place.city}`,
          followers_count: draw.whole(3, 900),
        },
        status: { id: 5_112_233_445_566_778, mid: '5112233445566778', text: '新品发布' },
      },
    ],
    hasvisible: false,
    previous_cursor: 0,
    next_cursor: 0,
    total_number: 1,
  })
}
