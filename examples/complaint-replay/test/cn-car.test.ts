import { beforeAll, describe, expect, test } from 'vitest'
import { replayed } from './replayed.js'
import { skippedWithout } from './shared-data.js'

const complaints = 'cn-car/complaints.csv'

describe.skipIf(skippedWithout(complaints))('the early-warning rules over the Chinese car complaints', () => {
  let report: Awaited<ReturnType<typeof replayed>>
  beforeAll(async () => {
    report = await replayed(complaints, 'mapping.cn-car.json', 'early-warning.cn-car.sql')
  }, 60_000)

  test('read every row, though the file has the newest first', () => {
    expect([report.rows, report.accepted, report.duplicates]).toEqual([3058, 3036, 0])
  })

  test('quarantine complaints without a word, and nothing else', () => {
    expect(report.quarantined.reasons).toMatchObject([
      { field: 'symptomText', reason: 'is missing', count: 22 },
    ])
  })

  test('warn of the Cadillac XT5 that loses power, with the owners’ own words', () => {
    const signal = report.signals.find(
      ({ rule, facts }) => rule === '动力丧失' && facts.product_model === '凯迪拉克XT5',
    )

    expect(signal?.openedAt.slice(0, 10)).toBe('2024-02-26')
    expect(signal?.quotes.at(-1)?.text).toContain('这车能开吗')
  })

  test('raise few enough signals to be looked at one by one', () => {
    expect(report.signals.length).toBeGreaterThanOrEqual(10)
    expect(report.signals.length).toBeLessThanOrEqual(15)
  })
})
