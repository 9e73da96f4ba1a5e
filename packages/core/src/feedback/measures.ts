import type { Located } from './conditions.js'
import type { Condition } from './schema.js'
import { type UnitMeaning, unitOf, unitPattern } from './units.js'

const digits = String.raw`\d{1,7}(?:,\d{3}){0,3}(?:[.,]\d{1,3})?`
// Every quantifier is bounded, so a start costs a constant however the text goes on. A number inside a
// word, a date or a serial number ("SN-2041", "V1.2", "2026-03-01") does not begin a measure.
const measure = new RegExp(
  String.raw`(?<![\w.,-])(?<!\d:)([-−]?)(${digits})(?:\s?(${unitPattern}))?` +
    String.raw`(?:\s{0,2}(-|–|—|~|～|to|and|到|至|和)\s{0,2}([-−]|零下)?(${digits})\s?(${unitPattern}))?`,
  'gi',
)

type Bound = 'exact' | 'min' | 'max' | 'every' | 'range'

/** What stands right before a number and changes what it means: one group for each of `bounds`. */
const leadForm = new RegExp(
  `(?:${[
    String.raw`\bbetween|\bfrom|介于|从|在`,
    String.raw`(?:\bonce\s)?\bevery|每隔|每`,
    String.raw`\bafter|\babove|\bover|(?<!\bno\s)\bmore\sthan|\bat\sleast|\bno\sless\sthan|\bexceed(?:s|ing)|[>≥]=?|高于|超过|大于|至少|不低于|不少于`,
    String.raw`\bbelow|\bunder|(?<!\bno\s)\bless\sthan|\bno\smore\sthan|\bat\smost|\bup\sto|\bwithin|[<≤]=?|低于|不到|小于|少于|不超过|不高于|最多`,
    String.raw`\bat|\bfor|\babout|\baround|\broughly|大约|大概|约`,
  ]
    .map((words) => `(${words})`)
    .join('|')})\\s{0,2}$`,
  'i',
)
const bounds: readonly Bound[] = ['range', 'every', 'min', 'max', 'exact']
const minTail = /^\s{0,1}(?:以上|or\smore|or\shigher|and\sabove)/i
const maxTail = /^\s{0,1}(?:以下|以内|之内|or\sless|or\slower|and\sbelow)/i
const afterTail = /^\s{0,1}(?:以后|之后|后(?!备|轮|排|视|台))/
/** "3 times a day", "3次每天". */
const rateTail =
  /^\s{0,1}(?:(?:a|an|per|each|every|\/|每)\s{0,1}(second|minute|hour|day|week|month|year|天|周|小时|分钟|月|年))/i
const rateLead = /(每天|一天|每周|一周|每小时|每月|一个月)\s{0,1}$/
const minusLead = /(?:零下|\bminus\s)$/i
const ordinalLead = /第\s{0,1}$/
const ordinalTail = /^(?:st|nd|rd|th)\s(time|day|week|month|cycle|use|attempt|start)\b/i

const rateUnits: Readonly<Record<string, string>> = {
  second: '/s',
  minute: '/min',
  分钟: '/min',
  hour: '/h',
  小时: '/h',
  每小时: '/h',
  day: '/d',
  天: '/d',
  每天: '/d',
  一天: '/d',
  week: '/wk',
  周: '/wk',
  每周: '/wk',
  一周: '/wk',
  month: '/mo',
  月: '/mo',
  每月: '/mo',
  一个月: '/mo',
  year: '/a',
  年: '/a',
}

/** Numbers with a unit in a text, with the words around them that bound them. */
export function measuresIn(text: string, limit: number): Located[] {
  const found: Located[] = []
  measure.lastIndex = 0
  for (let match = measure.exec(text); match !== null; match = measure.exec(text)) {
    const located = locate(text, match)
    if (located === undefined) {
      // What was no range ("2 and 8 V") may still have a measure in its second half.
      if (match[6] !== undefined)
        measure.lastIndex = match.index + (match[1] ?? '').length + (match[2] ?? '').length
      continue
    }
    found.push(located)
    if (found.length >= limit) break
    // At the end of the words that were used; a second half that was not is read again.
    measure.lastIndex = located.end
  }
  return found
}

function locate(text: string, match: RegExpExecArray): Located | undefined {
  const [whole, sign, first = '', firstUnit, separator, secondSign, second, secondUnit] = match
  let start = match.index
  const end = start + whole.length
  const before = text.slice(Math.max(0, start - 16), start)
  const ordinal = ordinalOf(text, match, before)
  if (ordinal !== undefined) return ordinal
  const meaning = unitOf(secondUnit ?? firstUnit ?? '')
  if (meaning === undefined || isCalendar(text, match, meaning)) return undefined

  const minus = minusLead.exec(before)
  if (minus !== null) start -= minus[0].length
  const low = numberOf(first, sign !== '' || minus !== null)
  if (low === undefined) return undefined
  const prefix = minus === null ? before : text.slice(Math.max(0, start - 16), start)
  const leading = leadForm.exec(prefix)
  const lead = leading === null ? undefined : bounds.find((_, index) => leading[index + 1] !== undefined)
  const words = leading?.[0] ?? ''

  if (second !== undefined) {
    // "2 and 8 °C" are two readings unless "between" binds them.
    if ((separator?.toLowerCase() === 'and' || separator === '和') && lead !== 'range') {
      const own = firstUnit === undefined ? undefined : unitOf(firstUnit)
      if (firstUnit === undefined || own === undefined) return undefined
      const unitStart = text.indexOf(firstUnit, match.index + (sign ?? '').length + first.length)
      return bounded(text, start, unitStart + firstUnit.length, low, own, lead, words)
    }
    const high = numberOf(second, secondSign !== undefined)
    if (high === undefined) return undefined
    const from = start - (lead === 'range' || lead === 'every' ? words.length : 0)
    return at(text, from, end, {
      ...described(meaning, text, from, lead),
      min: Math.min(low, high),
      max: Math.max(low, high),
    })
  }
  return bounded(text, start, end, low, meaning, lead, words)
}

function bounded(
  text: string,
  start: number,
  end: number,
  value: number,
  meaning: UnitMeaning,
  lead: Bound | undefined,
  words: string,
): Located {
  const after = text.slice(end, end + 16)
  const kind = described(meaning, text, start, lead)
  const tail = minTail.exec(after) ?? (meaning.quantity === 'time' ? afterTail.exec(after) : null)
  if (tail !== null) return at(text, start, end + tail[0].length, { ...kind, min: value })
  const most = maxTail.exec(after)
  if (most !== null) return at(text, start, end + most[0].length, { ...kind, max: value })
  if (meaning.quantity === 'count') {
    const rate = rateTail.exec(after)
    const unit = rateUnits[rate?.[1]?.toLowerCase() ?? '']
    if (rate !== null && unit !== undefined)
      return at(text, start, end + rate[0].length, { quantity: 'frequency', unit, min: value, max: value })
    const per = rateLead.exec(text.slice(Math.max(0, start - 6), start))
    const perUnit = rateUnits[per?.[1] ?? '']
    if (per !== null && perUnit !== undefined)
      return at(text, start - per[0].length, end, {
        quantity: 'frequency',
        unit: perUnit,
        min: value,
        max: value,
      })
  }
  const from = start - words.length
  if (lead === 'min') return at(text, from, end, { ...kind, min: value })
  if (lead === 'max') return at(text, from, end, { ...kind, max: value })
  return at(text, lead === 'range' ? start : from, end, { ...kind, min: value, max: value })
}

type Described = Pick<Condition, 'quantity' | 'unit'>

/** A percentage is of something, and "every 3 days" is an interval: the words around it say so. */
function described(meaning: UnitMeaning, text: string, start: number, lead: Bound | undefined): Described {
  const { quantity, unit } = meaning
  if (lead === 'every' && quantity === 'time') return { quantity: 'interval', unit }
  if (quantity !== 'share') return { quantity, unit }
  const around = text.slice(Math.max(0, start - 24), start + 24)
  if (/湿度|humidity/i.test(around)) return { quantity: 'humidity', unit }
  if (/电量|battery|charge/i.test(around)) return { quantity: 'state of charge', unit }
  return { quantity, unit }
}

/** "第3次", "the 3rd time". */
function ordinalOf(text: string, match: RegExpExecArray, before: string): Located | undefined {
  const value = numberOf(match[2] ?? '', false)
  if (value === undefined) return undefined
  const lead = ordinalLead.exec(before)
  if (lead !== null) {
    const end = match.index + match[0].length
    const meaning = unitOf(match[3] ?? '')
    if (meaning === undefined || match[6] !== undefined) return undefined
    const quantity = meaning.quantity === 'time' ? 'time' : 'occurrence'
    const unit = meaning.quantity === 'time' ? meaning.unit : '1'
    return at(text, match.index - lead[0].length, end, { quantity, unit, min: value, max: value })
  }
  const numberEnd = match.index + (match[1] ?? '').length + (match[2] ?? '').length
  const tail = ordinalTail.exec(text.slice(numberEnd, numberEnd + 16))
  if (tail === null) return undefined
  const unit = unitOf(`${tail[1] ?? ''}s`)
  const kind = unit?.quantity === 'time' ? unit : { quantity: 'occurrence', unit: '1' }
  return at(text, match.index, numberEnd + tail[0].length, { ...kind, min: value, max: value })
}

/** 2024年, 3月5日 and "5月" are dates, "360度" and "180度旋转" are angles: no conditions. */
function isCalendar(text: string, match: RegExpExecArray, { unit }: UnitMeaning): boolean {
  const [whole, sign, first = '', firstUnit, , , second] = match
  const spelling = firstUnit ?? ''
  if (second !== undefined && unit !== 'Cel') return false
  if (spelling === '月' || spelling === '日') return true
  // 21年 is rather a year than a span; 10年 is a span.
  if (spelling === '年')
    return Number(first) > 10 || /^\d{1,2}月|^款/.test(text.slice(match.index + whole.length))
  if (spelling !== '度') return false
  return sign === '' && second === undefined && Number(first) >= 90 && Number(first) % 90 === 0
}

function numberOf(text: string, negative: boolean): number | undefined {
  // 1,000 and 12,500.5 have thousands; 2,5 is a decimal comma.
  const plain = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/.test(text)
    ? text.replaceAll(',', '')
    : text.replace(',', '.')
  const value = Number(plain)
  if (!Number.isFinite(value)) return undefined
  return negative && value !== 0 ? -value : value
}

function at(text: string, start: number, end: number, condition: Omit<Condition, 'text'>): Located {
  return { start, end, condition: { ...condition, text: text.slice(start, end) } }
}
