import type { Reconciliation } from '@andon/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { percentage, reconcileJson, reconcileReport } from '../src/reconcile/report.js'

const plain = (text: string): string => text
const same: Reconciliation = {
  at: Date.UTC(2026, 0, 5),
  compared: 12_345,
  matching: 12_345,
  share: 1,
  differences: [],
  moreDifferences: 0,
  unresolved: [],
  moreUnresolved: 0,
  proposals: [],
  withoutProposal: 0,
}
const difference = (i: number): Reconciliation['differences'][number] => ({
  target: 'mes',
  tenant: 'default',
  subject: { kind: 'parameter', equipment: 'IM-04', id: `压力-${i}` },
  field: 'value',
  believed: 182.5,
  found: i % 2 ? 180 : undefined,
  actionId: `a-${i}`,
})
const differing = (number: number): Reconciliation => ({
  ...same,
  matching: same.compared - number,
  differences: Array.from({ length: Math.min(number, 30) }, (_, i) => difference(i)),
  moreDifferences: Math.max(0, number - 30),
})

describe('the consistency as a percentage', () => {
  it.each([
    [1, 1, '100 %'],
    [999, 1000, '99.9 %'],
    [999_987, 1_000_000, '99.9987 %'],
    [987_654, 1_000_000, '98.7 %'],
    [9995, 10_000, '99.95 %'],
    [1, 3, '33.3 %'],
    [0, 7, '0.0 %'],
    [1, 100_000, '0.0 %'],
    [2 ** 53 - 2, 2 ** 53 - 1, '99.999999999999988 %'],
  ])('of %d in %d is %s', (matching, compared, text) => {
    expect(percentage(matching, compared)).toBe(text)
  })

  it('is never more than it is, and 100 % only when all match', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), fc.maxSafeNat(), (a, b) => {
        const [matching, compared] = [Math.min(a, b), Math.max(a, b)]
        const text = percentage(matching, compared)
        expect(text === '100 %').toBe(matching === compared)
        const [whole = '', digits = ''] = text.replace(' %', '').split('.')
        const told = BigInt(whole + digits)
        expect(told * BigInt(compared) <= BigInt(matching) * 10n ** BigInt(digits.length + 2)).toBe(true)
      }),
    )
  })
})

describe('the report of a reconciliation', () => {
  it('says that all is the same when it is', () => {
    expect(reconcileReport(same, false, 'en', plain)).toBe(
      'Consistency 100 %: 12,345 compared, 12,345 the same, 0 different\n\nThe plant stands as Andon believes it to stand.',
    )
  })

  it('shows the first twenty differences, how many there are, and what to do next', () => {
    const text = reconcileReport(differing(45), false, 'en', plain)
    expect(text).toContain('Consistency 99.63 %: 12,345 compared, 12,300 the same, 45 different')
    expect(text).toContain('\nand 25 more\n')
    expect(text).toContain('--propose')
    const rows = text.split('\n').filter((line) => line.startsWith('mes '))
    expect(rows).toHaveLength(20)
    expect(rows[1]).toMatch(/^mes +parameter:IM-04\/\S+ +value +182\.5 +180 +a-1$/)
    expect(rows[0]).toMatch(/ \(unknown there\) +a-0$/)
  })

  it('speaks Chinese, its columns in line', () => {
    const text = reconcileReport(differing(2), false, 'zh', plain)
    expect(text).toContain('一致性 99.983 %：核对 12,345 项，一致 12,343 项，不同 2 项')
    expect(text).toContain('（该系统中不存在）  a-0\n')
    expect(text).toContain('180                 a-1\n')
    expect(text).toContain('--propose')
  })

  it('names what was proposed instead of how to propose', () => {
    const text = reconcileReport({ ...differing(2), proposals: ['r-1', 'r-2'] }, true, 'en', plain)
    expect(text).toContain('2 actions to put things back wait for approval: r-1, r-2')
    expect(text).not.toContain('--propose')
    const some = reconcileReport(
      { ...differing(2), proposals: ['r-1'], withoutProposal: 1 },
      true,
      'zh',
      plain,
    )
    expect(some).toContain('有 1 项未提出恢复建议')
  })

  it('does not call the same what could not be compared', () => {
    const unresolved = [
      { target: 'sap', reason: { en: 'It does not answer.', zh: '没有应答。' } },
      {
        target: 'mes',
        subject: { kind: 'batch', id: 'C-1' } as const,
        reason: { en: 'It keeps changing.', zh: '一直在变化。' },
      },
    ]
    const text = reconcileReport({ ...same, unresolved, moreUnresolved: 3 }, false, 'en', plain)
    expect(text).not.toContain('stands as Andon believes')
    expect(text).toContain(
      'Not compared:\n  sap  It does not answer.\n  mes  batch:C-1  It keeps changing.\n  and 3 more',
    )
    const nothing = reconcileReport({ ...same, compared: 0, matching: 0, unresolved }, false, 'zh', plain)
    expect(nothing).not.toContain('%')
    expect(nothing).toContain('sap  没有应答。')
  })

  it('says when there is nothing to compare', () => {
    expect(reconcileReport({ ...same, compared: 0, matching: 0 }, false, 'en', plain)).toContain(
      'nothing to compare',
    )
  })

  it('is whole in JSON', () => {
    expect(reconcileJson(differing(1))).toMatchObject({
      at: '2026-01-05T00:00:00.000Z',
      compared: 12_345,
      differences: [{ field: 'value', believed: 182.5 }],
    })
  })
})
