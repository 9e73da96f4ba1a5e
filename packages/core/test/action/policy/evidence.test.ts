import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  type EvidenceEvent,
  evidenceAfter,
  mayPromote,
  noEvidence,
  type PhaseEvidence,
} from '../../../src/action/policy/evidence.js'
import { wilsonLowerBound } from '../../../src/action/policy/wilson.js'

const seen = (part: Partial<PhaseEvidence>): PhaseEvidence => ({ ...noEvidence(0), ...part })

describe('the Wilson lower bound', () => {
  it.each([
    // Newcombe, Statistics in Medicine 17 (1998) 857–872, table I, score method.
    [81, 263, 0.2553],
    [15, 148, 0.0624],
    [0, 20, 0],
    [1, 29, 0.0061],
    // R 4: prop.test(8, 10, correct = FALSE)
    [8, 10, 0.4902],
  ])('of %i of %i is %d', (successes, trials, bound) => {
    expect(wilsonLowerBound(successes, trials)).toBeCloseTo(bound, 4)
  })

  it('is never above the share, and grows with every success', () => {
    fc.assert(
      fc.property(fc.nat(500), fc.nat(500), (good, bad) => {
        const bound = wilsonLowerBound(good, good + bad)
        expect(bound).toBeGreaterThanOrEqual(0)
        expect(bound).toBeLessThanOrEqual(good + bad === 0 ? 0 : good / (good + bad))
        expect(wilsonLowerBound(good + 1, good + bad + 1)).toBeGreaterThan(bound)
      }),
      { seed: 4 },
    )
  })
})

describe('a phase', () => {
  it.each([
    ['pilot', {}, false],
    ['pilot', { agreed: 19 }, false],
    ['pilot', { agreed: 20 }, true],
    ['pilot', { agreed: 19, disagreed: 1 }, false],
    ['pilot', { agreed: 95, disagreed: 5 }, true],
    ['pilot', { agreed: 85, disagreed: 15 }, false],
    ['pilot', { agreed: 1000, harmful: 1 }, false],
    ['extension', { agreed: 1000 }, false],
    ['extension', { effective: 17, notEffective: 3 }, true],
    ['extension', { effective: 16, notEffective: 4 }, false],
    ['extension', { effective: 20, harmful: 1 }, false],
    ['optimisation', { agreed: 1000, effective: 1000 }, false],
  ] as const)('%s with %j may end: %s', (phase, part, allowed) => {
    expect(mayPromote(phase, seen(part)).allowed).toBe(allowed)
  })

  it('says in numbers what is missing', () => {
    expect(mayPromote('pilot', seen({ agreed: 11, disagreed: 1, harmful: 2 })).text).toEqual({
      en: 'Not yet extension: 12 reviewed shadow decisions (20 needed), agreement 11 of 12: at least 64.6 % (80.0 % needed), harmful actions: 2 (0 allowed).',
      zh: '尚不能进入 extension 阶段：12 条已复核的影子决策（需 20），认同率 11/12，下限 64.6 %（需 80.0 %），有害动作 2 个（须为 0）。',
    })
    expect(mayPromote('extension', seen({ effective: 20 })).text.en).toMatch(
      /^May go on to optimisation: 20 /,
    )
  })

  it('never ends once an action did harm', () => {
    const event = fc.oneof(
      fc.record({ kind: fc.constant('reviewed' as const), agreed: fc.boolean() }),
      fc.record({ kind: fc.constant('verdict' as const), effective: fc.boolean() }),
    )
    fc.assert(
      fc.property(fc.array(event), fc.array(event), (before, after) => {
        const events: EvidenceEvent[] = [...before, { kind: 'harm' }, ...after]
        const evidence = events.reduce(evidenceAfter, noEvidence(7))
        expect(evidence.since).toBe(7)
        expect(evidence.harmful).toBe(1)
        const { agreed, disagreed, effective, notEffective } = evidence
        expect(agreed + disagreed + effective + notEffective).toBe(before.length + after.length)
        for (const phase of ['pilot', 'extension'] as const)
          expect(mayPromote(phase, evidence).allowed).toBe(false)
      }),
      { seed: 5 },
    )
  })

  it('counts each event where it belongs', () => {
    const events: EvidenceEvent[] = [
      { kind: 'reviewed', agreed: true },
      { kind: 'reviewed', agreed: true },
      { kind: 'reviewed', agreed: false },
      { kind: 'verdict', effective: true },
      { kind: 'verdict', effective: false },
      { kind: 'verdict', effective: false },
      { kind: 'verdict', effective: false },
    ]
    expect(events.reduce(evidenceAfter, noEvidence(0))).toEqual(
      seen({ agreed: 2, disagreed: 1, effective: 1, notEffective: 3 }),
    )
  })
})
