import type { Locale } from '@andon/core'
import { toleratedDays } from './believed-dates.js'
import type { Misdated } from './tally.js'

const shownExamples = 3
/** From this share of the rows on, the order is as doubtful as the dates. */
const many = 0.1

const date = (at: number): string => new Date(at).toISOString().slice(0, 10)

/** What a person is told of rows that the clock did not follow; undefined when there are none. */
export function misdatedText({ count, of, examples }: Misdated, locale: Locale): string | undefined {
  if (count === 0) return undefined
  const shown = examples.slice(0, shownExamples)
  const number = count.toLocaleString('en-US')
  if (locale === 'zh') {
    const list = shown
      .map((one) => `第 ${one.row} 行 ${date(one.date)}，计为 ${date(one.filedAt)}`)
      .join('；')
    const doubt = count > many * of ? '行数较多，请检查映射中的 order 是否正确。' : ''
    return `${number} 行的受理日期与前后各行相差超过 ${toleratedDays} 天，时钟以其余各行为准：${list}。${doubt}`
  }
  const list = shown.map((one) => `row ${one.row}: ${date(one.date)}, filed ${date(one.filedAt)}`).join('; ')
  const doubt = count > many * of ? ' They are many: is "order" of the mapping right?' : ''
  const subject = count === 1 ? '1 row carries a date' : `${number} rows carry a date`
  return `${subject} more than ${toleratedDays} days from the rows around; the clock followed the others (${list}).${doubt}`
}

/** The same for programs. */
export function misdatedJson({ count, examples }: Misdated): object {
  return {
    count,
    days: toleratedDays,
    examples: examples.map((one) => ({ row: one.row, date: date(one.date), filedAt: date(one.filedAt) })),
  }
}
