import type { Localized } from '@andon/core/connector'
import { days, end, hour, start } from '../calendar.js'
import type { Chronicle } from '../story/chronicle.js'
import { channelOrder } from '../story/ledger.js'
import type { Outcome } from '../story/simulate.js'
import type { Without } from '../story/without.js'
import { bucketed, sparkline } from '../view/chart.js'
import { pad, padLeft } from '../view/columns.js'
import { eventLines } from '../view/events.js'
import type { Paint } from '../view/paint.js'
import { channelNames, type Locale, say } from '../view/words.js'
import { secrets } from '../world/setup.js'
import { effectOf } from './effect.js'
import { heldBatches, holdTime, holdWithinMs, shortcomings } from './verdict.js'

const texts = {
  title: { en: 'What happened in {days} days', zh: '{days} 天里发生了什么' },
  heard: { en: '{total} messages through twelve channels', zh: '十二个渠道共 {total} 条消息' },
  refused: {
    en: '{repeats} repeats recognised, {broken} broken payloads quarantined, {wrong} by mistake',
    zh: '识别重复 {repeats} 条，隔离损坏消息 {broken} 条，误隔离 {wrong} 条',
  },
  compared: { en: 'Complaints per hour, {days} days', zh: '{days} 天每小时投诉' },
  withoutAndon: { en: 'without Andon', zh: '没有 Andon' },
  withAndon: { en: 'with Andon', zh: '有 Andon' },
  all: { en: 'all', zh: '全部' },
  batch: { en: 'batch {batch}', zh: '批次 {batch}' },
  sum: { en: '{count} in all', zh: '共 {count} 条' },
  held: { en: 'Held', zh: '已冻结' },
  good: { en: 'good batches held: {count}', zh: '误冻结合格批次：{count}' },
  toHold: { en: 'Complaint → hold in the plant', zh: '投诉 → 工厂冻结' },
  slow: { en: '  more than {limit} ms on this machine', zh: '  本机超过 {limit} 毫秒' },
  toAction: { en: 'All {count} actions, p99', zh: '全部 {count} 个动作，p99' },
  toDisk: { en: 'Complaint → on disk, p99', zh: '投诉 → 落盘，p99' },
  milliseconds: { en: '{ms} ms', zh: '{ms} 毫秒' },
  perHour: { en: 'Its complaints per hour', zh: '该批次每小时投诉' },
  fall: {
    en: '{before} the day before, {settling} two days after, {after} at the end',
    zh: '冻结前一天 {before}，之后两天 {settling}，最后两天 {after}',
  },
  fridges: { en: 'Fridges delivered with it', zh: '带该批次的冰箱交付' },
  delivered: {
    en: '{with} instead of {without}; {stopped} never left the plant',
    zh: '{with} 台，而非 {without} 台；{stopped} 台未出厂',
  },
  holds: { en: 'The story holds.', zh: '演示结果成立。' },
  failed: { en: 'The story does not hold:', zh: '演示结果不成立：' },
} as const satisfies Record<string, Localized>

/** The end of the story on one screen. */
export function textReport(
  outcome: Outcome,
  without: Without,
  chronicle: Chronicle,
  { locale, paint, width, withEvents }: ReportStyle,
): string {
  const { ledger, watch, figures } = outcome
  const actions = [...outcome.actions.values()]
  const hold = holdTime(outcome)
  const { badBatch } = effectOf(outcome)
  const { batches, goodBatchesHeld } = heldBatches(outcome)
  const reasons = shortcomings(outcome)
  const tell = (text: Localized, values: Readonly<Record<string, string | number>> = {}): string =>
    say(text, locale, values)
  const heading = (text: string): string => paint(['bold', 'cyan'], text)
  const all = watch.latencies(actions)
  const milliseconds = (ms: number): string => tell(texts.milliseconds, { ms: ms.toFixed(1) })
  const fact = (label: string, value: string): string => `  ${pad(label, 31)}${value}`

  return [
    ...(withEvents ? [heading(tell(texts.title, { days }))] : ['']),
    ...(withEvents ? chronicle.events.flatMap((event) => eventLines(event, locale, width - 2, paint)) : []),
    ...(withEvents ? [''] : []),
    heading(tell(texts.heard, { total: ledger.total })),
    ...channelLines(outcome, locale, width),
    `  ${tell(texts.refused, {
      ...{ repeats: ledger.duplicates.recognised, broken: ledger.broken.caught },
      wrong: ledger.unexpected.length,
    })}`,
    '',
    heading(tell(texts.compared, { days })),
    ...comparison(outcome, without, { locale, paint, width, withEvents }),
    '',
    `${paint(['bold', 'red'], `■ ${tell(texts.held)}: ${batches.join(', ') || '–'}`)}   ${tell(texts.good, { count: goodBatchesHeld.length })}`,
    fact(
      tell(texts.toHold),
      `${milliseconds(hold.p99)}${hold.isFast ? '' : paint('yellow', tell(texts.slow, { limit: holdWithinMs }))}`,
    ),
    fact(tell(texts.toAction, { count: all.n }), milliseconds(all.p99)),
    fact(tell(texts.toDisk), milliseconds(watch.durable.p99)),
    fact(tell(texts.perHour), tell(texts.fall, { ...badBatch })),
    fact(
      tell(texts.fridges),
      tell(texts.delivered, {
        ...{ with: figures.badDelivered, without: without.figures.badDelivered, stopped: figures.stopped },
      }),
    ),
    '',
    ...(reasons.length === 0
      ? [paint(['bold', 'green'], `✔ ${tell(texts.holds)}`)]
      : [
          paint(['bold', 'red'], `✖ ${tell(texts.failed)}`),
          ...reasons.map((reason) => `  - ${tell(reason)}`),
        ]),
    '',
  ].join('\n')
}

export interface ReportStyle {
  readonly locale: Locale
  readonly paint: Paint
  readonly width: number
  /** Whether the events are told again: not when they stand above already. */
  readonly withEvents: boolean
}

function channelLines({ ledger }: Outcome, locale: Locale, width: number): readonly string[] {
  const columns = width >= 100 ? 6 : 4
  const rows: string[] = []
  for (let index = 0; index < channelOrder.length; index += columns) {
    const cells = channelOrder
      .slice(index, index + columns)
      .map(
        (channel) =>
          `${pad(say(channelNames[channel], locale), 11)}${padLeft(String(ledger.perChannel.get(channel) ?? 0), 5)}`,
      )
    rows.push(`  ${cells.join('   ')}`)
  }
  return rows
}

function comparison(
  { ledger }: Outcome,
  without: Without,
  { locale, paint, width }: ReportStyle,
): readonly string[] {
  const columns = Math.max(20, width - 52)
  const total = (end - start) / hour
  const batch = say(texts.batch, locale, { batch: secrets.compressorBatch })
  const pairs = [
    [say(texts.all, locale), without.complaints, ledger.complaints],
    [batch, without.batchComplaints, ledger.batchComplaints],
  ] as const
  return pairs.flatMap(([label, before, after]) => {
    const top = Math.max(...bucketed(before, total, columns), ...bucketed(after, total, columns))
    const row = (
      name: string,
      text: Localized,
      perHour: readonly number[],
      style: 'yellow' | 'green',
    ): string => {
      const line = pad(sparkline(bucketed(perHour, total, columns), top), columns)
      const count = perHour.reduce((sum, value) => sum + value, 0)
      return `  ${pad(name, 16)}${pad(say(text, locale), 15)}${paint(style, line)}  ${say(texts.sum, locale, { count })}`
    }
    return [row(label, texts.withoutAndon, before, 'yellow'), row('', texts.withAndon, after, 'green')]
  })
}
