import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readSafety } from '../../src/feedback/safety.js'
import { severityOf } from '../../src/feedback/severity.js'

const flagsOf = (text: string): string[] =>
  Object.entries(readSafety(text).flags)
    .filter(([name, value]) => value && name !== 'reportable')
    .map(([name]) => name)

describe('safety words', () => {
  it.each([
    ['The fridge caught fire last night', ['fire']],
    ['SMOKE came out of the back', ['fire']],
    ['There is a burning smell', ['fire']],
    ['the battery is swollen', ['fire']],
    ['The battery pack has been bulging for days', ['fire']],
    ['I got an electric shock from the handle', ['electricShock']],
    ['I was shocked by the door handle', ['electricShock']],
    ['my son was badly hurt', ['injury']],
    ['it burned my hand', ['injury']],
    ['water is leaking from the bottom', ['leak']],
    ['the car broke down on the highway', ['breakdown']],
    ["it won't start", ['breakdown']],
    ['插座起火', ['fire']],
    ['后面冒烟了', ['fire']],
    ['电池鼓包', ['fire']],
    ['外壳漏电，我被电到了', ['electricShock']],
    ['孩子的手被烫伤', ['injury']],
    ['门下面漏水', ['leak']],
    ['高速上抛锚', ['breakdown']],
    ['早上打不着火', ['breakdown']],
    ['爆炸', ['fire']],
    ['车子无法启动', ['breakdown']],
  ])('are found: %s', (text, flags) => {
    expect(flagsOf(text)).toEqual(flags)
  })

  it.each([
    'no smoke at all',
    'There was no fire',
    'it did not catch fire',
    'nobody was hurt',
    'no injuries or fire',
    'injuries: none',
    'without any smoke',
    '没有冒烟',
    '未起火',
    '没有人受伤',
    '未造成人员伤亡',
    '不漏水',
    '并没有发生爆炸',
  ])('that are denied do not count: %s', (text) => {
    expect(flagsOf(text)).toEqual([])
  })

  it.each([
    ['There was no fire, but smoke came out', ['fire']],
    ['without warning it caught fire', ['fire']],
    ['we could not stop the fire', ['fire']],
    ['not only smoke', ['fire']],
    ['没想到起火了', ['fire']],
    ['没有任何预兆就冒烟', ['fire']],
    ['不小心烫伤了', ['injury']],
    ['没有漏水，但是漏电', ['electricShock']],
  ])('count where the denial is of something else: %s', (text, flags) => {
    expect(flagsOf(text)).toEqual(flags)
  })

  it.each([
    'the shock absorber is worn',
    'I was shocked to find it scratched',
    'the firewall blocks the app',
    'a burned-out bulb',
    'the smoke detector beeps',
    'the app has a memory leak',
    '打着火之后有异响',
    '火花塞要换',
    '轮胎鼓包',
    '车漆鼓包',
    'it hit a fire hydrant',
  ])('are not seen in harmless senses: %s', (text) => {
    expect(flagsOf(text)).toEqual([])
  })

  it.each(['fire', 'electric shock', '受伤'])('make %s reportable and at least 9.5', (text) => {
    const { flags, floor } = readSafety(text)
    expect(flags.reportable).toBe(true)
    expect(floor).toBeGreaterThanOrEqual(9.5)
  })

  it('do not make a leak or a breakdown reportable, but a gas leak and a bulging tyre grave', () => {
    expect(readSafety('water leak')).toMatchObject({ flags: { reportable: false }, floor: 0 })
    expect(readSafety('gas leak in the kitchen')).toMatchObject({ flags: { reportable: false }, floor: 9 })
    expect(readSafety('轮胎鼓包')).toMatchObject({ flags: { reportable: false }, floor: 9 })
  })

  it('are read in linear time from the worst texts of 20,000 characters', () => {
    const start = performance.now()
    for (const text of [
      'no ',
      'not a ',
      '没有',
      'battery ',
      'burned my ',
      '胎',
      'was hur',
      'smoke no ',
      '电池',
    ])
      readSafety(text.repeat(20_000 / text.length))
    // Nine texts; a quadratic expression would need minutes.
    expect(performance.now() - start).toBeLessThan(3000)
  })

  it('never throw, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        expect(readSafety(text).floor).toBeGreaterThanOrEqual(0)
      }),
      { seed: 21 },
    )
  })
})

describe('severity', () => {
  it.each([
    ['The brakes failed and it is dangerous', 8],
    ['空调坏了', 6.5],
    ['a strange noise', 4],
    ['建议增加夜间模式', 2],
    ['很好，非常满意', 1],
    ['Kühlschrank', 5],
  ])('of %s is %d', (text, severity) => {
    expect(severityOf(text, undefined)).toBe(severity)
  })

  it('follows the rating where words say nothing', () => {
    expect(severityOf('…', { kind: 'stars', value: 1 })).toBe(7)
    expect(severityOf('…', { kind: 'stars', value: 5 })).toBe(1)
    expect(severityOf('…', { kind: 'nps', value: 10 })).toBe(1)
    expect(severityOf('…', { kind: 'csat', value: 50 })).toBe(4)
  })

  it('weighs words twice as much as the rating', () => {
    expect(severityOf('it is broken', { kind: 'stars', value: 5 })).toBe(4.7)
  })

  it('ignores a rating outside its scale', () => {
    expect(severityOf('…', { kind: 'stars', value: 90 })).toBe(5)
  })
})
