import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readConditions } from '../../src/feedback/conditions.js'
import { conditionSchema } from '../../src/feedback/schema.js'

describe('conditions', () => {
  it.each([
    [
      'It fails between 2 and 8 °C',
      { quantity: 'temperature', min: 2, max: 8, unit: 'Cel', text: 'between 2 and 8 °C' },
    ],
    ['温度2到8度时报警', { quantity: 'temperature', min: 2, max: 8, unit: 'Cel', text: '2到8度' }],
    ['2°C to 8°C', { quantity: 'temperature', min: 2, max: 8, unit: 'Cel', text: '2°C to 8°C' }],
    ['设定-18℃', { quantity: 'temperature', min: -18, max: -18, unit: 'Cel', text: '-18℃' }],
    ['零下18度', { quantity: 'temperature', min: -18, max: -18, unit: 'Cel', text: '零下18度' }],
    ['below -10 °C', { quantity: 'temperature', max: -10, unit: 'Cel', text: 'below -10 °C' }],
    ['over 86 °F', { quantity: 'temperature', min: 86, unit: '[degF]', text: 'over 86 °F' }],
    ['it stops at night', { quantity: 'time of day', text: 'at night' }],
    ['夜里跳闸', { quantity: 'time of day', text: '夜里' }],
    ['晚上8点', { quantity: 'time of day', min: 20, max: 20, unit: 'h', text: '晚上8点' }],
    ['凌晨3点半停机', { quantity: 'time of day', min: 3.5, max: 3.5, unit: 'h', text: '凌晨3点半' }],
    ['at 3:30 pm', { quantity: 'time of day', min: 15.5, max: 15.5, unit: 'h', text: 'at 3:30 pm' }],
    ['every 3 days', { quantity: 'interval', min: 3, max: 3, unit: 'd', text: 'every 3 days' }],
    ['每隔两天', { quantity: 'interval', min: 2, max: 2, unit: 'd', text: '每隔两天' }],
    ['after 2 hours of use', { quantity: 'time', min: 2, unit: 'h', text: 'after 2 hours' }],
    ['使用2小时后停机', { quantity: 'time', min: 2, unit: 'h', text: '2小时后' }],
    ['after three weeks', { quantity: 'time', min: 3, unit: 'wk', text: 'after three weeks' }],
    ['within 30 minutes', { quantity: 'time', max: 30, unit: 'min', text: 'within 30 minutes' }],
    ['车速80 km/h', { quantity: 'speed', min: 80, max: 80, unit: 'km/h', text: '80 km/h' }],
    ['at 60 mph', { quantity: 'speed', min: 60, max: 60, unit: '[mi_i]/h', text: 'at 60 mph' }],
    ['85 dB loud', { quantity: 'sound level', min: 85, max: 85, unit: 'dB', text: '85 dB' }],
    ['第3次维修', { quantity: 'occurrence', min: 3, max: 3, unit: '1', text: '第3次' }],
    ['第三次了', { quantity: 'occurrence', min: 3, max: 3, unit: '1', text: '第三次' }],
    ['the 3rd time', { quantity: 'occurrence', min: 3, max: 3, unit: '1', text: '3rd time' }],
    ['3 times a day', { quantity: 'frequency', min: 3, max: 3, unit: '/d', text: '3 times a day' }],
    ['每天3次', { quantity: 'frequency', min: 3, max: 3, unit: '/d', text: '每天3次' }],
    ['twice a week', { quantity: 'frequency', min: 2, max: 2, unit: '/wk', text: 'twice a week' }],
    ['湿度80%以上', { quantity: 'humidity', min: 80, unit: '%', text: '80%以上' }],
    ['电压不超过220伏', { quantity: 'voltage', max: 220, unit: 'V', text: '不超过220伏' }],
    ['1,200 km', { quantity: 'distance', min: 1200, max: 1200, unit: 'km', text: '1,200 km' }],
    ['2,5 V', { quantity: 'voltage', min: 2.5, max: 2.5, unit: 'V', text: '2,5 V' }],
    ['STALLED AT 35 MPH', { quantity: 'speed', min: 35, max: 35, unit: '[mi_i]/h', text: 'AT 35 MPH' }],
    ['冷启动异响', { quantity: 'operating state', text: '冷启动' }],
    ['stalls in winter', { quantity: 'season', text: 'in winter' }],
  ])('are read from %s', (text, condition) => {
    expect(readConditions(text)).toEqual([condition])
  })

  it.each([
    '2026-03-01',
    '2024年3月5日',
    'model SN-2041 V',
    'order 13800138000',
    '旋转180度',
    'version 1.2.3',
    'Type 5',
    'recall 10V123000',
    '去了4S店',
    '去了4s店',
    '21年买的',
    '配件2后备箱',
  ])('are not seen in dates, numbers of things and angles: %s', (text) => {
    expect(readConditions(text)).toEqual([])
  })

  it('are all found in one sentence, in its order', () => {
    const text = 'Between 2 and 8 °C, at night, every 3 days, after 2 hours, the fan makes 85 dB.'
    expect(readConditions(text).map((condition) => condition.text)).toEqual([
      'Between 2 and 8 °C',
      'at night',
      'every 3 days',
      'after 2 hours',
      '85 dB',
    ])
  })

  it('are two where "and" joins two readings', () => {
    expect(readConditions('2 °C and 8 °C').map(({ min }) => min)).toEqual([2, 8])
  })

  it('are at most 50', () => {
    expect(readConditions('5 V. '.repeat(200))).toHaveLength(50)
  })

  it('are read in linear time from the worst texts of 20,000 characters', () => {
    const start = performance.now()
    for (const text of [
      '1',
      '1 ',
      '1-',
      '1 to ',
      '每',
      '每天',
      '第',
      'every ',
      '1,000',
      '5 and 6 ',
      'at ',
      '晚上',
      '零下',
    ])
      readConditions(text.repeat(20_000 / text.length))
    // Thirteen texts; a quadratic expression would need minutes.
    expect(performance.now() - start).toBeLessThan(3000)
  })

  it('quote the text word for word and fit the schema, whatever the text', () => {
    const pieces = [
      'between ',
      '2',
      ' and ',
      '8',
      ' °C',
      '到',
      '度',
      '-',
      '每',
      '天',
      '第',
      '次',
      ' h',
      '晚上',
      ', ',
      '1,000',
      'every ',
      '小时后',
      '%',
      'a',
    ]
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(fc.constantFrom(...pieces)).map((some) => some.join('')),
    )
    fc.assert(
      fc.property(text, (words) => {
        for (const condition of readConditions(words)) {
          expect(words).toContain(condition.text)
          expect(conditionSchema.safeParse(condition).success).toBe(true)
        }
      }),
      { seed: 22, numRuns: 500 },
    )
  })
})
