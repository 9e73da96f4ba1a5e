import { describe, expect, it } from 'vitest'
import { policyFromDocument } from '../../../src/action/policy/compile-policy.js'
import { phases } from '../../../src/action/policy/phase.js'
import { demoted, following, phaseRules } from '../../../src/action/policy/phases.js'
import { parsePolicy } from '../../../src/action/policy/policy-document.js'
import { adjust, contextOf } from '../proposal.js'

const hold = contextOf()
const release = contextOf({ kind: 'material.release', params: { batch: 'C-1', reason: 'r' } })
const setting = contextOf(adjust())
const rework = contextOf({ kind: 'schedule.rework', params: { order: 'O-1' } })
const fixedRework = contextOf({ kind: 'schedule.rework', params: { order: 'O-1' } }, { reversible: false })
const inspection = contextOf({ kind: 'inspection.request', params: { batch: 'C-1' } })
const notice = contextOf({ kind: 'notify', params: { to: 'quality' } }, { reversible: false })

describe('a product line', () => {
  it.each([
    ['pilot', 'a hold', hold, 'shadow'],
    ['pilot', 'a release', release, 'shadow'],
    ['pilot', 'a setting', setting, 'shadow'],
    ['pilot', 'rework', rework, 'awaiting-approval'],
    ['pilot', 'an inspection', inspection, 'awaiting-approval'],
    ['pilot', 'a notice', notice, 'approved'],
    ['extension', 'a hold', hold, 'awaiting-approval'],
    ['extension', 'a release', release, 'awaiting-approval'],
    ['extension', 'a setting', setting, 'awaiting-approval'],
    ['extension', 'rework', rework, 'approved'],
    ['extension', 'rework that cannot be undone', fixedRework, 'awaiting-approval'],
    ['extension', 'an inspection', inspection, 'approved'],
    ['extension', 'a notice', notice, 'approved'],
    ['optimisation', 'a hold', hold, 'approved'],
    ['optimisation', 'a release', release, 'awaiting-approval'],
    ['optimisation', 'a setting', setting, 'approved'],
    ['optimisation', 'rework that cannot be undone', fixedRework, 'awaiting-approval'],
    ['optimisation', 'a notice', notice, 'approved'],
  ] as const)('in %s decides %s', (phase, _, context, status) => {
    const document = parsePolicy({ version: 1, name: 'p', rules: [], phases: { premium: phase } })
    const decision = policyFromDocument(document)(context)
    expect(decision.status).toBe(status)
    if (context.action.kind === 'material.release')
      expect(decision.needs?.signatures.reduce((sum, { count }) => sum + count, 0)).toBe(2)
  })

  it('has time to cancel whatever a phase lets begin in production by itself', () => {
    const document = (phase: 'extension' | 'optimisation') =>
      parsePolicy({ version: 1, name: 'p', rules: [], phases: { premium: phase } })
    expect(policyFromDocument(document('extension'))(rework).graceMs).toBe(30_000)
    expect(policyFromDocument(document('optimisation'))(hold).graceMs).toBe(15_000)
  })

  it.each(phases)('in %s follows rules that anybody may write', (phase) => {
    const document = { version: 1, name: phase, rules: phaseRules(phase) }
    expect(parsePolicy(document)).toEqual(document)
  })
})

describe('phases', () => {
  it('follow one another', () => {
    expect(phases.map(following)).toEqual(['extension', 'optimisation', undefined])
  })
  it('go one step down on harm', () => {
    expect(phases.map(demoted)).toEqual(['pilot', 'pilot', 'extension'])
  })
})
