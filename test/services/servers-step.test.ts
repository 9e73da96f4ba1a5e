import { describe, expect, it } from 'vitest'
import { outcome } from '../../scripts/lib/servers-step.mjs'
import { Unavailable } from '../../scripts/lib/services/unavailable.mjs'
import { ServicesFailed } from '../../scripts/lib/services.mjs'

const cannotBeHad = new ServicesFailed(new Map([['kafka', new Unavailable('no Java')]]), {})
const broken = new ServicesFailed(
  new Map([
    ['kafka', new Unavailable('no Java')],
    ['postgres', new Error('it ended by itself')],
  ]),
  {},
)

describe('servers in npm test', () => {
  it('pass when all of them work', () => {
    expect(outcome(undefined, true).tally).toEqual({ passed: 1, failed: 0, skipped: 0 })
  })

  it('are skipped where they cannot be had, and the last lines name what was not tested, and why', () => {
    const { tally, notes } = outcome(cannotBeHad, false)
    expect(tally).toEqual({ passed: 0, failed: 0, skipped: 1 })
    expect(notes).toEqual(['NOT TESTED: everything that needs kafka. Why:', 'kafka: no Java'])
  })

  it('fail in CI when they cannot be had', () => {
    expect(outcome(cannotBeHad, true)).toMatchObject({ tally: { failed: 1 }, output: 'kafka: no Java' })
  })

  it('fail everywhere when one was started and did not come up', () => {
    expect(outcome(broken, false).tally.failed).toBe(1)
    expect(outcome(new Error('no disk'), false)).toMatchObject({ tally: { failed: 1 }, output: 'no disk' })
  })
})
