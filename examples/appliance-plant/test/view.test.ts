import { describe, expect, it } from 'vitest'
import { day, start } from '../src/calendar.js'
import { help, readOptions } from '../src/cli-options.js'
import { leapClock } from '../src/clock.js'
import { drawFrom } from '../src/random.js'
import type { Event } from '../src/story/chronicle.js'
import { openLedger } from '../src/story/ledger.js'
import type { Scene } from '../src/story/simulate.js'
import { stopwatch, summary } from '../src/story/stopwatch.js'
import { bar, bucketed, sparkline } from '../src/view/chart.js'
import { cut, pad, widthOf } from '../src/view/columns.js'
import { frame } from '../src/view/frame.js'
import { plain } from '../src/view/paint.js'

const none = {
  ...{
    batches: [],
    orders: [],
    equipment: [],
    units: [],
    notifications: [],
    inspections: [],
    messages: [],
    actions: [],
  },
}
const scene: Scene = {
  ...{ seed: 1, now: start + 5 * day, ledger: openLedger(), watch: stopwatch() },
  figures: { built: 0, delivered: 0, badBuilt: 0, badDelivered: 0, stopped: 3, reworked: 2 },
  plant: () => none,
  signals: new Map(),
  actions: new Map(),
}
const event: Event = {
  at: start + 4 * day,
  mark: 'found',
  text: {
    en: 'Something that needs a rather long sentence to be told in full',
    zh: '需要很长一句话才能说清楚的事情'.repeat(4),
  },
  voice: { words: '冰箱晚上温度在2到8℃之间来回跳'.repeat(6), channel: 'wechat' },
  latencyMs: 12,
}

describe('the picture', () => {
  it.each([
    [60, 20],
    [80, 24],
    [100, 34],
    [140, 50],
  ])('fits a terminal of %i × %i in both languages', (width, height) => {
    for (const locale of ['en', 'zh'] as const) {
      const lines = frame(scene, Array(30).fill(event), { width, height, locale, paint: plain })
      expect(lines.length).toBeLessThanOrEqual(height)
      expect(Math.max(...lines.map(widthOf))).toBeLessThanOrEqual(width)
    }
  })

  it('shows the latest events where not all have room', () => {
    const events = [event, { ...event, text: { en: 'the newest', zh: '最新' } }]
    const lines = frame(scene, events, { width: 80, height: 22, locale: 'en', paint: plain })
    expect(lines.join('\n')).toContain('the newest')
    expect(lines.join('\n')).not.toContain('Something')
  })
})

describe('columns', () => {
  it('count a Chinese character as two', () => {
    expect(widthOf('冰箱ab')).toBe(6)
    expect(pad('冰箱', 6)).toBe('冰箱  ')
    expect(cut('冰箱晚上不制冷', 8)).toBe('冰箱晚…')
  })
})

describe('charts', () => {
  it('show anything above zero', () => {
    expect(sparkline([0, 0.01, 4, 8], 8)).toBe(' ▁▄█')
  })

  it('end where time has come to', () => {
    expect(bucketed([1, 3], 8, 4)).toEqual([2])
  })

  it('fill a bar in eighths', () => {
    expect(bar(1, 2, 3)).toBe('█▌')
  })
})

describe('the stopwatch', () => {
  it('sums up by the nearest rank', () => {
    expect(summary([4, 1, 3, 2])).toEqual({ p50: 2, p99: 4, max: 4, n: 4 })
    expect(summary([])).toEqual({ p50: 0, p99: 0, max: 0, n: 0 })
  })
})

describe('the leaping clock', () => {
  it('rings in the order of the due times, and a timer set on arrival only later', () => {
    const clock = leapClock(0)
    const rung: string[] = []
    clock.setTimer(20, () => rung.push('second'))
    clock.setTimer(10, () => {
      rung.push('first')
      clock.setTimer(10, () => rung.push('again'))
    })
    const cancel = clock.setTimer(15, () => rung.push('never'))
    cancel()
    clock.leapTo(100)
    expect(rung).toEqual(['first', 'second'])
    clock.leapTo(110)
    expect(rung).toEqual(['first', 'second', 'again'])
    expect(clock.now()).toBe(110)
  })
})

describe('chance', () => {
  it('is the same for the same seed and label, and another for another', () => {
    const draws = (seed: number, label: string): readonly number[] => {
      const draw = drawFrom(seed, label)
      return [draw.next(), draw.next(), draw.poisson(3)]
    }
    expect(draws(1, 'a')).toEqual(draws(1, 'a'))
    expect(draws(1, 'a')).not.toEqual(draws(1, 'b'))
    expect(draws(1, 'a')).not.toEqual(draws(2, 'a'))
  })
})

describe('options', () => {
  it('take the language from LANG unless told', () => {
    expect(readOptions([], { LANG: 'zh_CN.UTF-8' })).toMatchObject({ locale: 'zh', headless: false })
    expect(readOptions(['--lang', 'en'], { LANG: 'zh_CN.UTF-8' })).toMatchObject({ locale: 'en' })
  })

  it('run headless when JSON is asked for', () => {
    expect(readOptions(['--json', '--seed', '9'], {})).toMatchObject({ headless: true, json: true, seed: 9 })
  })

  it.each([['--seed', 'x'], ['--lang', 'fr'], ['--nonsense']])('refuse %s %s', (...args) => {
    expect(readOptions(args.filter(Boolean), {})).toHaveProperty('problem.zh')
  })

  it('are all explained in both languages', () => {
    for (const option of ['--seed', '--lang', '--fast', '--headless', '--json', '--help']) {
      expect(help.en).toContain(option)
      expect(help.zh).toContain(option)
    }
  })
})
