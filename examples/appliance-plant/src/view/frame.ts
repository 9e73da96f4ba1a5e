import type { PlantState } from '@andon/testkit'
import { dayNumber, days, end, hour, localDate, start, timeOfDay } from '../calendar.js'
import type { Event } from '../story/chronicle.js'
import { channelOrder, meanPerHour } from '../story/ledger.js'
import { isLineHold } from '../story/line-hold.js'
import type { Scene } from '../story/simulate.js'
import { mould, secrets } from '../world/setup.js'
import { bar, bucketed, sparkline } from './chart.js'
import { cut, pad, padLeft, spread, widthOf } from './columns.js'
import { eventLines, voiceText } from './events.js'
import type { Paint } from './paint.js'
import { channelNames, type Locale, say, words } from './words.js'

export interface Canvas {
  readonly width: number
  readonly height: number
  readonly locale: Locale
  readonly paint: Paint
}

const labelWidth = 16
const rateWidth = 8

/** The whole picture at one moment, line by line, never more than the canvas holds. */
export function frame(scene: Scene, events: readonly Event[], canvas: Canvas): readonly string[] {
  const top = [...header(scene, canvas), '', ...chart(scene, canvas), '', ...voices(scene, canvas), '']
  const bottom = ['', ...plantLines(scene, canvas)]
  const room = canvas.height - top.length - bottom.length - 1
  return [...top, ...story(events, room, canvas), ...bottom].slice(0, canvas.height)
}

function heading(text: string, { paint }: Canvas): string {
  return ` ${paint(['bold', 'cyan'], text)}`
}

function header({ now }: Scene, canvas: Canvas): readonly string[] {
  const { width, locale, paint } = canvas
  const date = width < 70 ? localDate(now).slice(5) : localDate(now)
  const time = `${date} ${timeOfDay(now)}`
  const when = say(words.day, locale, { day: Math.min(days, dayNumber(now)), days, time })
  const done = Math.round(((now - start) / (end - start)) * (width - 2))
  return [
    spread(` ${paint('bold', say(words.title, locale))}`, `${when} `, width),
    ` ${paint('cyan', '━'.repeat(done))}${paint('dim', '─'.repeat(width - 2 - done))}`,
  ]
}

function chart(scene: Scene, canvas: Canvas): readonly string[] {
  const { now, ledger, actions } = scene
  const { width, locale, paint } = canvas
  const columns = width - labelWidth - rateWidth - 3
  const passed = Math.floor((now - start) / hour)
  const total = (end - start) / hour
  const filled = (perHour: readonly number[]): readonly number[] =>
    Array.from({ length: passed }, (_, index) => perHour[index] ?? 0)
  const row = (label: string, perHour: readonly number[], style: 'white' | 'red'): string => {
    const buckets = bucketed(filled(perHour), total, columns)
    const recent = meanPerHour(perHour, Math.max(start, now - 12 * hour), now)
    const line = pad(sparkline(buckets, Math.max(1.5, ...buckets)), columns)
    return ` ${pad(label, labelWidth)} ${paint(style, line)} ${padLeft(`${recent.toFixed(1)}/h`, rateWidth)}`
  }
  const batch = say(words.badBatch, locale, { batch: secrets.compressorBatch })
  const held = [...actions.values()].find((action) => isLineHold(action) && action.status === 'succeeded')
  const column = held === undefined ? 0 : Math.floor(((held.createdAt - start) / (end - start)) * columns)
  const mark = held === undefined ? '' : paint(['bold', 'red'], say(words.heldHere, locale))
  return [
    heading(say(words.complaints, locale), canvas),
    row(say(words.all, locale), ledger.complaints, 'white'),
    row(batch, ledger.batchComplaints, 'red'),
    ' '.repeat(labelWidth + 2 + column) + mark,
  ]
}

function voices({ ledger }: Scene, canvas: Canvas): readonly string[] {
  const { width, locale, paint } = canvas
  const columns = width >= 100 ? 4 : 3
  const cell = Math.floor((width - 1) / columns)
  const most = Math.max(1, ...ledger.perChannel.values())
  const rows: string[] = []
  for (let index = 0; index < channelOrder.length; index += columns) {
    const cells = channelOrder.slice(index, index + columns).map((channel) => {
      const count = ledger.perChannel.get(channel) ?? 0
      const bars = bar(count, most, cell - 18)
      const shown = `${pad(say(channelNames[channel], locale), 11)}${padLeft(String(count), 4)} ${paint('blue', bars)}`
      return pad(shown, cell)
    })
    rows.push(` ${cells.join('')}`)
  }
  const { latest } = ledger
  const said = latest && voiceText({ words: latest.symptomText, channel: latest.channel }, locale, width - 4)
  return [
    heading(say(words.voices, locale, { total: ledger.total }), canvas),
    ...rows,
    ` ${paint('dim', said ?? '')}`,
  ]
}

/** The latest events that have room; the words of the oldest are let go first. */
function story(events: readonly Event[], room: number, canvas: Canvas): readonly string[] {
  const { width, locale, paint } = canvas
  const title = heading(say(words.events, locale), canvas)
  if (events.length === 0) return [title, ` ${paint('dim', say(words.quiet, locale))}`, ...blank(room - 1)]
  const shown: string[] = []
  for (const event of [...events].reverse()) {
    const lines = eventLines(event, locale, width - 2, paint)
    if (shown.length + lines.length > room) break
    shown.unshift(...lines.map((line) => ` ${line}`))
  }
  return [title, ...shown, ...blank(room - shown.length)]
}

const blank = (count: number): readonly string[] => Array.from({ length: Math.max(0, count) }, () => '')

function plantLines(scene: Scene, canvas: Canvas): readonly string[] {
  const { locale, paint, width } = canvas
  const { batches, equipment } = scene.plant()
  const { delivered, stopped, reworked } = scene.figures
  const boxes = batches
    .filter(({ component }) => component === 'compressor')
    .map(({ batch, status, quantity }) =>
      status === 'held'
        ? paint(['bold', 'white', 'bgRed'], ` ${batch} ${say(words.held, locale)} `)
        : paint('green', ` ${batch} ${quantity ?? ''} `),
    )
  const value = mouldValue(equipment)
  // The most telling first: a narrow terminal loses the rest.
  const facts = [
    ...(stopped > 0 ? [say(words.stopped, locale, { count: stopped })] : []),
    ...(reworked > 0 ? [say(words.reworked, locale, { count: reworked })] : []),
    say(words.mould, locale, { value }),
    say(words.shipped, locale, { count: delivered }),
  ]
  const line = ` ${boxes.join(paint('dim', '│'))}`
  return [
    spread(heading(say(words.plant, locale), canvas), holdTime(scene, canvas), width),
    widthOf(line) <= width ? line : ` ${boxes.slice(-3).join(paint('dim', '│'))}`,
    `  ${cut(facts.join('  ·  '), width - 3)}`,
  ]
}

/** The number of the demo: from the complaint to the hold. */
function holdTime({ actions, watch }: Scene, { locale, paint }: Canvas): string {
  const holds = [...actions.values()].filter((action) => isLineHold(action) && action.status === 'succeeded')
  const { p99, n } = watch.latencies(holds)
  return n === 0
    ? ''
    : `${paint(['bold', 'white', 'bgRed'], ` ${say(words.toHold, locale, { ms: p99.toFixed(0) })} `)} `
}

const mouldValue = (equipment: PlantState['equipment']): number =>
  equipment.find(({ id }) => id === mould.equipment)?.parameters[mould.parameter]?.value ?? Number.NaN
