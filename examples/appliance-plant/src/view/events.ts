import { dayNumber, timeOfDay } from '../calendar.js'
import type { Event, Voice } from '../story/chronicle.js'
import { channelOrder } from '../story/ledger.js'
import { cut, widthOf } from './columns.js'
import type { Paint } from './paint.js'
import { channelNames, type Locale, say, words } from './words.js'

const marks = { found: '●', done: '■', told: '✉', proven: '✔', failed: '✖' } as const
const styles = { found: 'yellow', done: 'red', told: 'cyan', proven: 'green', failed: 'magenta' } as const

/** `day 5 22:50  ■ Batch C24-117 HELD in the plant  · 8 ms after the complaint`, and the words that led to it. */
export function eventLines(event: Event, locale: Locale, width: number, paint: Paint): readonly string[] {
  const { at, mark, text, latencyMs, voice } = event
  const when = say(words.dayShort, locale, { day: dayNumber(at), time: timeOfDay(at) }).padEnd(12)
  const after =
    latencyMs === undefined
      ? ''
      : `  · ${say(width < 95 ? words.afterShort : words.after, locale, { ms: latencyMs.toFixed(0) })}`
  const room = width - widthOf(when) - 4 - widthOf(after)
  const told = cut(text[locale], Math.max(8, room))
  const style = mark === 'done' ? (['bold', 'red'] as const) : ([styles[mark]] as const)
  const line = `${paint('dim', when)}  ${paint([...style], `${marks[mark]} ${told}`)}${paint('dim', after)}`
  if (voice === undefined) return [line]
  return [
    line,
    ' '.repeat(widthOf(when) + 4) + paint('italic', voiceText(voice, locale, width - widthOf(when) - 4)),
  ]
}

/** `“The fridge swings …” WeChat` */
export function voiceText({ words: said, channel }: Voice, locale: Locale, width: number): string {
  const known = channelOrder.find((name) => name === channel)
  const from = known === undefined ? channel : say(channelNames[known], locale)

  return `“${cut(said, Math.max(10, width - widthOf(from) - 4))}” ${from}`
}
