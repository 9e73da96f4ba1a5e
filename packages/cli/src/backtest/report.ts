import type { Locale } from '@andon/core'
import type { Paint } from '../paint.js'
import { misdatedJson, misdatedText } from '../replay/misdated.js'
import type { BacktestResult } from './backtest.js'
import type { Problem, RuleTally } from './tally.js'

const problemsShown = 5
const barWidth = 30
const day = (at: number): string => new Date(at).toISOString().slice(0, 10)
const oneLine = (text: string): string => {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length <= 90 ? line : `${line.slice(0, 89)}…`
}

/** When, how often and on what each rule would have fired, as a person reads it. */
export function backtestReport(result: BacktestResult, locale: Locale, paint: Paint): string {
  const zh = locale === 'zh'
  const { feedback, from, to, seconds, rules, misdated, losses } = result
  const period = from === undefined || to === undefined ? '–' : `${day(from)} … ${day(to)}`
  const head = zh
    ? `${feedback.toLocaleString('en-US')} 条反馈，${period}，用时 ${seconds.toFixed(1)} 秒`
    : `${feedback.toLocaleString('en-US')} feedback, ${period}, ${seconds.toFixed(1)} s`
  const blocks = [paint(head, 'dim'), ...rules.map((rule) => ruleBlock(rule, locale, paint))]
  const doubted = misdated && misdatedText(misdated, locale)
  if (doubted !== undefined) blocks.push(paint(doubted, 'yellow'))
  for (const [rule, { entries, groups }] of Object.entries(losses)) {
    blocks.push(
      paint(
        zh
          ? `${rule}：因上限遗忘了 ${entries} 条记录和 ${groups} 个分组，结果可能不完整。`
          : `${rule}: at its caps it forgot ${entries} entries and ${groups} groups; the result may be incomplete.`,
        'yellow',
      ),
    )
  }
  if (result.interrupted) blocks.push(paint(zh ? '提前停止。' : 'Stopped before the end.', 'yellow'))
  return blocks.join('\n\n')
}

function ruleBlock(tally: RuleTally, locale: Locale, paint: Paint): string {
  const zh = locale === 'zh'
  const { rule, firings, first, last, problems, uncounted } = tally
  if (first === undefined || last === undefined) {
    return `${paint(rule, 'bold')}  ${paint(zh ? '从未触发' : 'would never have fired', 'dim')}`
  }
  const count = problems.length + uncounted
  const times = zh
    ? `触发 ${firings} 次，${count} 个问题，${day(first)} … ${day(last)}`
    : `would have fired ${firings} times on ${count} problems, ${day(first)} … ${day(last)}`
  const more = problems.length - problemsShown
  return [
    `${paint(rule, 'bold')}  ${times}`,
    ...monthBars(tally, paint),
    ...problems.slice(0, problemsShown).flatMap((problem) => problemLines(problem, locale, paint)),
    ...(more > 0 ? [paint(zh ? `  另有 ${more} 个问题` : `  and ${more} more problems`, 'dim')] : []),
  ].join('\n')
}

function monthBars({ months }: RuleTally, paint: Paint): readonly string[] {
  const most = Math.max(...Object.values(months))
  return Object.entries(months)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([month, count]) => {
      const bar = '█'.repeat(Math.max(1, Math.round((barWidth * count) / most)))
      return `  ${paint(month, 'dim')} ${paint(bar, 'cyan')} ${count}`
    })
}

function problemLines({ facts, firings, first, examples }: Problem, locale: Locale, paint: Paint): string[] {
  const about = Object.entries(facts)
    .filter(([, value]) => value !== null)
    .map(([name, value]) => `${name} = ${typeof value === 'object' ? JSON.stringify(value) : String(value)}`)
    .join(', ')
  const times = locale === 'zh' ? `${firings} 次，自 ${day(first)}` : `${firings} ×, from ${day(first)}`
  return [
    `  ${about || '–'}  ${paint(`(${times})`, 'dim')}`,
    ...examples
      .slice(-1)
      .map(({ at, text }) => `    ${paint(`${at.slice(0, 10)} “${oneLine(text)}”`, 'dim')}`),
  ]
}

const instant = (at: number | undefined): string | null =>
  at === undefined ? null : new Date(at).toISOString()

export function backtestJson(result: BacktestResult): object {
  return {
    feedback: result.feedback,
    ...(result.misdated === undefined ? {} : { misdated: misdatedJson(result.misdated) }),
    from: instant(result.from),
    to: instant(result.to),
    rules: result.rules.map(({ first, last, problems, ...rule }) => ({
      ...rule,
      first: instant(first),
      last: instant(last),
      problems: problems.map((problem) => ({
        ...problem,
        first: instant(problem.first),
        last: instant(problem.last),
      })),
    })),
    losses: result.losses,
    seconds: Math.round(result.seconds * 1000) / 1000,
    interrupted: result.interrupted,
  }
}
