import type { Locale, Localized, Signal } from '@andon/core'
import stringWidth from 'fast-string-width'
import type { Paint } from '../paint.js'
import { misdatedText } from './misdated.js'
import type { ReplayResult } from './replay.js'

const words = {
  rows: { en: 'rows', zh: '行数' },
  accepted: { en: 'accepted', zh: '已接收' },
  feedback: { en: 'feedback', zh: '反馈' },
  duplicates: { en: 'duplicates', zh: '重复' },
  quarantined: { en: 'quarantined', zh: '已隔离' },
  period: { en: 'period', zh: '时间范围' },
  time: { en: 'time', zh: '用时' },
  row: { en: 'row', zh: '行' },
  signals: { en: 'signals', zh: '信号' },
  severity: { en: 'severity', zh: '严重度' },
  reports: { en: 'reports', zh: '条反馈' },
  none: { en: 'No signals.', zh: '没有信号。' },
  stopped: { en: 'Stopped before the end of the file.', zh: '在文件结束前已停止。' },
} as const satisfies Record<string, Localized>

const shownQuotes = 2
const shownExamples = 3

const day = (at: number): string => new Date(at).toISOString().slice(0, 10)
const pad = (text: string, width: number): string => text + ' '.repeat(Math.max(0, width - stringWidth(text)))

/** The result of a replay as a person reads it. */
export function textReport(result: ReplayResult, locale: Locale, paint: Paint): string {
  const { tally, signals, from, to, seconds } = result
  const say = (name: keyof typeof words): string => words[name][locale]
  const number = (value: number): string => value.toLocaleString('en-US')
  const lines: [string, string][] = [
    [say('rows'), number(tally.rows)],
    [say('accepted'), `${number(tally.accepted)} (${number(tally.feedback)} ${say('feedback')})`],
    [say('duplicates'), number(tally.duplicates)],
    [say('quarantined'), number(tally.quarantined)],
    [say('period'), from === undefined || to === undefined ? '–' : `${day(from)} … ${day(to)}`],
    [
      say('time'),
      `${seconds.toFixed(1)} s, ${number(Math.round(tally.rows / Math.max(seconds, 0.001)))} ${say('rows')}/s`,
    ],
  ]
  const width = Math.max(...lines.map(([name]) => stringWidth(name)))
  const blocks = [lines.map(([name, value]) => `${paint(pad(name, width), 'dim')}  ${value}`).join('\n')]
  if (tally.reasons.length > 0) blocks.push(quarantine(result, locale, paint))
  const misdated = misdatedText(tally.misdated, locale)
  if (misdated !== undefined) blocks.push(paint(misdated, 'yellow'))
  if (signals.length === 0) blocks.push(say('none'))
  else {
    blocks.push(
      [
        paint(`${signals.length} ${say('signals')}`, 'bold'),
        ...signals.map((signal, index) => signalLines(signal, index + 1, locale, paint)),
      ].join('\n'),
    )
  }
  for (const { text } of result.warnings) blocks.push(paint(text[locale], 'yellow'))
  if (result.interrupted) blocks.push(paint(say('stopped'), 'yellow'))
  return blocks.join('\n\n')
}

function quarantine({ tally }: ReplayResult, locale: Locale, paint: Paint): string {
  const reasons = tally.reasons.map(({ field, reason, count, examples }) => {
    const shown = examples
      .slice(0, shownExamples)
      .map(({ row, value }) => `${words.row[locale]} ${row}: ${value === '' ? '""' : oneLine(value, 40)}`)
    return `  ${String(count).padStart(5)}  ${field} ${reason[locale]}  ${paint(shown.join(', '), 'dim')}`
  })
  return [paint(words.quarantined[locale], 'bold'), ...reasons].join('\n')
}

function signalLines(signal: Signal, index: number, locale: Locale, paint: Paint): string {
  const { openedAt, title, severity, occurrences, quotes } = signal
  const head = `${String(index).padStart(3)}  ${paint(day(openedAt), 'cyan')}  ${title[locale]}`
  const about = `${words.severity[locale]} ${severity}, ${occurrences} ${words.reports[locale]}`
  const said = quotes
    .slice(-shownQuotes)
    .map(({ at, text }) => `       ${paint(`${at.slice(0, 10)} “${oneLine(text, 80)}”`, 'dim')}`)
  return [`${head}  ${paint(`(${about})`, 'dim')}`, ...said].join('\n')
}

function oneLine(text: string, longest: number): string {
  const line = text.replace(/\s+/g, ' ').trim()
  const characters = [...line]
  return characters.length <= longest ? line : `${characters.slice(0, longest - 1).join('')}…`
}
