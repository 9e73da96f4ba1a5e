import type { Locale, Localized } from '@andon/core'
import type { Paint } from '../paint.js'
import { misdatedJson, misdatedText } from '../replay/misdated.js'
import type { Detected, DetectResult, Warned } from './detect.js'

const dayMs = 86_400_000
const date = (at: number): string => new Date(at).toISOString().slice(0, 10)
const instant = (at: number | undefined): string | null =>
  at === undefined ? null : new Date(at).toISOString()
const number = (value: number): string => value.toLocaleString('en-US')
const daysBetween = (from: number, to: number): number => Math.floor((to - from) / dayMs)
const counted = (count: number, thing: string): string => `${number(count)} ${thing}${count === 1 ? '' : 's'}`
const inDays = (days: number, locale: Locale): string =>
  locale === 'zh' ? `${number(days)} 天` : counted(days, 'day')

const words = {
  feedback: { en: 'feedback', zh: '条反馈' },
  none: { en: 'Nothing was found.', zh: '没有发现。' },
  again: { en: 'again', zh: '再次' },
  severity: { en: 'severity', zh: '严重度' },
  stopped: { en: 'Stopped before the end of the file.', zh: '在文件结束前已停止。' },
} as const satisfies Record<string, Localized>

/** What was found, and how long before it became known, as a person reads it. */
export function detectReport(result: DetectResult, locale: Locale, paint: Paint): string {
  const { feedback, quarantined, misdated, from, to, seconds, findings, known } = result
  const zh = locale === 'zh'
  const period = from === undefined || to === undefined ? '–' : `${date(from)} … ${date(to)}`
  const refused =
    quarantined === 0
      ? ''
      : zh
        ? `，隔离 ${number(quarantined)} 行`
        : `, ${counted(quarantined, 'row')} quarantined`
  const head = zh
    ? `${number(feedback)} 条反馈，${period}，用时 ${seconds.toFixed(1)} 秒${refused}`
    : `${number(feedback)} feedback, ${period}, ${seconds.toFixed(1)} s${refused}`
  const blocks = [paint(head, 'dim')]
  const doubted = misdatedText(misdated, locale)
  if (doubted !== undefined) blocks.push(paint(doubted, 'yellow'))
  if (findings.length === 0) blocks.push(words.none[locale])
  else {
    const problems = findings.filter(({ telling }) => telling === 1).length
    const count = zh
      ? `${problems} 个问题，共 ${findings.length} 次发现`
      : `${counted(problems, 'problem')}, ${counted(findings.length, 'finding')}`
    blocks.push(paint(count, 'bold'))
    for (const found of findings) blocks.push(findingLines(found, known.length > 0, locale, paint))
  }
  if (known.length > 0) blocks.push(knownLines(known, locale, paint))
  if (result.interrupted) blocks.push(paint(words.stopped[locale], 'yellow'))
  return blocks.join('\n\n')
}

function findingLines(found: Detected, compared: boolean, locale: Locale, paint: Paint): string {
  const { detector, at, finding, telling } = found
  const again = telling === 1 ? '' : `, ${words.again[locale]}`
  const about = paint(`(${detector}, ${words.severity[locale]} ${finding.severity}${again})`, 'dim')
  const lines = [`${paint(date(at), 'cyan')}  ${finding.title[locale]}  ${about}`]
  const { goesAway } = finding.numbers
  const remedy =
    typeof goesAway === 'object' && goesAway !== null && locale in goesAway
      ? Reflect.get(goesAway, locale)
      : undefined
  if (typeof remedy === 'string') lines.push(`            ${paint(remedy, 'dim')}`)
  if (compared) lines.push(`            ${lead(found, locale, paint)}`)
  return lines.join('\n')
}

/** How long before the next known event, or after the last one. */
function lead({ at, about }: Detected, locale: Locale, paint: Paint): string {
  const zh = locale === 'zh'
  const next = about.find((event) => event.at > at)
  if (next !== undefined) {
    const days = inDays(daysBetween(at, next.at), locale)
    return paint(
      zh
        ? `→ ${next.name}（${date(next.at)}）：提前 ${days}`
        : `→ ${next.name} on ${date(next.at)}: ${days} ahead`,
      'green',
    )
  }
  const last = about.at(-1)
  if (last === undefined) return paint(zh ? '→ 无已知事件' : '→ no known event', 'yellow')
  const days = inDays(daysBetween(last.at, at), locale)
  return zh ? `→ 晚于 ${last.name} ${days}` : `→ ${days} after ${last.name}`
}

function knownLines(known: readonly Warned[], locale: Locale, paint: Paint): string {
  const zh = locale === 'zh'
  const warned = known.flatMap(({ event, by }) => (by === undefined ? [] : [{ event, by }]))
  const leads = warned.map(({ event, by }) => daysBetween(by.at, event.at)).sort((a, b) => a - b)
  const median = leads[Math.floor(leads.length / 2)]
  const ahead =
    median === undefined
      ? ''
      : zh
        ? `，提前时间中位数 ${inDays(median, locale)}`
        : `, ${inDays(median, locale)} ahead in the median`
  const head = zh
    ? `已知事件 ${known.length} 个，其中 ${warned.length} 个有预警${ahead}`
    : `${warned.length} of ${known.length} known events were warned of${ahead}`
  return [
    paint(head, 'bold'),
    ...warned.map(({ event, by }) => {
      const days = inDays(daysBetween(by.at, event.at), locale).padStart(11)
      return `${days}  ${date(event.at)}  ${event.name}  ${event.model}`
    }),
  ].join('\n')
}

/** The same as one JSON object; texts in both languages. */
export function detectJson(result: DetectResult): object {
  const { findings, known, misdated, from, to, seconds, ...rest } = result
  return {
    ...rest,
    misdated: misdatedJson(misdated),
    from: instant(from),
    to: instant(to),
    findings: findings.map(({ detector, at, finding, telling, model, about }) => ({
      detector,
      at: instant(at),
      telling,
      model,
      ...finding,
      about: about.map((event) => ({
        event: event.name,
        at: instant(event.at),
        leadDays: daysBetween(at, event.at),
      })),
    })),
    known: known.map(({ event, by }) => ({
      event: event.name,
      model: event.model,
      at: instant(event.at),
      faults: [...event.faults],
      warned:
        by === undefined
          ? null
          : {
              detector: by.detector,
              key: by.finding.key,
              at: instant(by.at),
              leadDays: daysBetween(by.at, event.at),
            },
    })),
    seconds: Math.round(seconds * 1000) / 1000,
  }
}
