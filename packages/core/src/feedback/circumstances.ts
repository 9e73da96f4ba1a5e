import type { Located } from './conditions.js'
import type { Condition } from './schema.js'
import { unitOf } from './units.js'

// What is said without digits: times of day, seasons, states, and small numbers as words.
const chineseHour = '凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里|夜间|半夜|深夜|午夜'
const chineseNumber = '[一二两三四五六七八九十半几]{1,3}'
const chineseUnit = '个?小时|个?钟头|分钟|秒钟?|天|周|个?星期|个?礼拜|个月|年'
const englishNumber =
  'one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty|thirty|a\\sfew|a\\scouple\\sof|an?|half\\san'
const englishUnit = 'seconds?|minutes?|hours?|days?|weeks?|months?|years?'
const ordinals = 'first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth'

const chinese = new RegExp(
  `((?:${chineseHour})\\s{0,2}(?:(\\d{1,2}|[一二两三四五六七八九十]{1,2})点(半)?)?)` +
    `|(?:每隔?|一(?=(?:天|周|个月)[一两三四五六七八九十\\d]{1,3}次))(${chineseNumber})?(${chineseUnit})(?:[^，。]{0,4}?([一二两三四五六七八九十]|\\d{1,3})次)?` +
    `|(${chineseNumber})(${chineseUnit})(?:以后|之后|后(?!备|轮|排|视|台))` +
    '|第([一二三四五六七八九十]{1,3})次' +
    '|(冬天|冬季|夏天|夏季|春天|秋天|梅雨季节?)' +
    '|(下雨天?|雨天|下雪天?|雪天|潮湿|高温天气?|低温天气?)' +
    '|(冷启动|冷车|热车|怠速|高速上|高速行驶|满载|空载|充电[时中]|关门[时后]|开门[时后]|启动时|待机时|倒车时|刹车时|转弯时|加速时)' +
    '|(每次|偶尔|有时候?|间歇性?|时好时坏|反复)',
  'g',
)
const english = new RegExp(
  String.raw`\b(?:(at\snight|overnight|during\sthe\snight|(?:in|during)\sthe\s(?:early\s)?(?:morning|afternoon|evening)|at\s(?:noon|midnight|dawn|dusk)|every\s(?:night|morning|evening))` +
    String.raw`|at\s(\d{1,2})(?::(\d\d))?\s?([ap])\.?m\b` +
    `|every\\s(?:(${englishNumber}|other)\\s)?(${englishUnit})` +
    `|(after|within)\\s(${englishNumber})\\s(${englishUnit})` +
    `|(once|twice|(?:three|four|five|several)\\stimes)\\s(?:a|per|every)\\s(hour|day|week|month|year)` +
    `|(${ordinals})\\stime` +
    String.raw`|((?:in|during)\s(?:the\s)?(?:winter|summer|spring|autumn))` +
    String.raw`|(in\sthe\s(?:rain|snow|heat|cold)|when\s(?:it\sis\s|it['’]s\s)?(?:raining|rainy|wet|humid|hot|cold|freezing|snowing))` +
    String.raw`|(cold\sstarts?|when\s(?:idling|braking|reversing|accelerating|turning|charging|parked|closing\sthe\sdoor|opening\sthe\sdoor)|while\s(?:driving|idling|braking|reversing|accelerating|turning|charging|parked)|on\sthe\s(?:highway|freeway|motorway)|at\sidle|under\sload)` +
    String.raw`|(intermittently|every\stime|each\stime|from\stime\sto\stime|sporadically|occasionally))\b`,
  'gi',
)

const numerals: Readonly<Record<string, number>> = {
  一: 1,
  二: 2,
  两: 2,
  三: 3,
  四: 4,
  五: 5,
  六: 6,
  七: 7,
  八: 8,
  九: 9,
  十: 10,
  半: 0.5,
  a: 1,
  an: 1,
  one: 1,
  once: 1,
  two: 2,
  twice: 2,
  other: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  eleven: 11,
  twelve: 12,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
}

/** The value of a small number in words, Chinese (to 99) or English; undefined for "a few" and 几. */
function numberIn(words: string | undefined): number | undefined {
  if (words === undefined) return undefined
  if (/^\d/.test(words)) return Number(words)
  const tens = /^([二三四五六七八九])?十([一二三四五六七八九])?$/.exec(words)
  if (tens !== null) return (numerals[tens[1] ?? '一'] ?? 1) * 10 + (numerals[tens[2] ?? ''] ?? 0)
  const key = words.toLowerCase()
  if (/^half/.test(key)) return 0.5
  return numerals[key.replace(/\stimes$/, '')]
}

type Described = Omit<Condition, 'text'>

const exactly = (quantity: string, unit: string | undefined, value: number | undefined): Described => ({
  quantity,
  ...(value === undefined ? {} : { min: value, max: value }),
  ...(unit === undefined ? {} : { unit }),
})
const timeUnit = (spelling: string | undefined): string | undefined =>
  spelling === undefined ? undefined : unitOf(spelling)?.unit

function describeChinese(match: RegExpExecArray): Described {
  const [, hour, clock, half, every, everyUnit, timesPer, after, afterUnit, ordinal, season, weather, state] =
    match
  if (hour !== undefined) {
    const value = numberIn(clock)
    if (value === undefined || value > 24) return { quantity: 'time of day' }
    const late = /下午|傍晚|晚上|夜里|夜间/.test(hour) && value < 12 && !(/夜里|夜间/.test(hour) && value < 6)
    return exactly('time of day', 'h', value + (late ? 12 : 0) + (half === undefined ? 0 : 0.5))
  }
  if (everyUnit !== undefined) {
    const unit = timeUnit(everyUnit)
    if (timesPer !== undefined && every === undefined && unit !== undefined)
      return exactly('frequency', `/${unit}`, numberIn(timesPer))
    return exactly('interval', unit, every === undefined ? 1 : numberIn(every))
  }
  if (afterUnit !== undefined) {
    const min = numberIn(after)
    const unit = timeUnit(afterUnit)
    return {
      quantity: 'time',
      ...(min === undefined ? {} : { min }),
      ...(unit === undefined ? {} : { unit }),
    }
  }
  if (ordinal !== undefined) return exactly('occurrence', '1', numberIn(ordinal))
  if (season !== undefined) return { quantity: 'season' }
  if (weather !== undefined) return { quantity: 'weather' }
  return { quantity: state === undefined ? 'frequency' : 'operating state' }
}

function describeEnglish(match: RegExpExecArray): Described {
  const [, part, hour, minute, half, every, everyUnit, bound, amount, unit, often, per, ordinal] = match
  const [season, weather, state] = match.slice(13)
  if (part !== undefined) return { quantity: 'time of day' }
  if (hour !== undefined) {
    const value = (Number(hour) % 12) + (half?.toLowerCase() === 'p' ? 12 : 0) + Number(minute ?? 0) / 60
    return exactly('time of day', 'h', Math.round(value * 100) / 100)
  }
  if (everyUnit !== undefined)
    return exactly('interval', timeUnit(everyUnit), every === undefined ? 1 : numberIn(every))
  if (unit !== undefined) {
    const { min, ...kind } = exactly('time', timeUnit(unit), numberIn(amount))
    if (min === undefined) return kind
    const { max: _, ...open } = { ...kind, max: min }
    return bound?.toLowerCase() === 'within' ? { ...open, max: min } : { ...open, min }
  }
  if (per !== undefined) return exactly('frequency', `/${timeUnit(per) ?? 'd'}`, numberIn(often))
  if (ordinal !== undefined)
    return exactly('occurrence', '1', ordinals.split('|').indexOf(ordinal.toLowerCase()) + 1)
  if (season !== undefined) return { quantity: 'season' }
  if (weather !== undefined) return { quantity: 'weather' }
  return { quantity: state === undefined ? 'frequency' : 'operating state' }
}

const hasChinese = /[\u4e00-\u9fff]/
const hasLatinWord = /[a-z]{2}/i

/** Circumstances said in words, not in digits and units, at most `limit` of each language. */
export function circumstancesIn(text: string, limit: number): Located[] {
  const found: Located[] = []
  if (hasChinese.test(text)) collect(text, chinese, describeChinese, limit, found)
  if (hasLatinWord.test(text)) collect(text, english, describeEnglish, limit + found.length, found)
  return found
}

function collect(
  text: string,
  form: RegExp,
  describe: (match: RegExpExecArray) => Described,
  limit: number,
  found: Located[],
): void {
  form.lastIndex = 0
  for (let match = form.exec(text); match !== null && found.length < limit; match = form.exec(text)) {
    const words = match[0].trimEnd()
    found.push({
      start: match.index,
      end: match.index + words.length,
      condition: { ...describe(match), text: words },
    })
  }
}
