import { describe, expect, it } from 'vitest'
import { tallyLine, tallyUnits } from '../scripts/lib/tally.mjs'

const file = (status: string, ...tests: string[]) => ({
  status,
  assertionResults: tests.map((test) => ({ status: test })),
})

describe('the last line of npm test', () => {
  it('names what passed and what failed', () => {
    expect(tallyLine({ passed: 12, failed: 0, skipped: 0 })).toBe('12 passed, 0 failed')
  })

  it('names what was skipped only when something was', () => {
    expect(tallyLine({ passed: 12, failed: 1, skipped: 3 })).toBe('12 passed, 1 failed, 3 skipped')
  })
})

describe('counting a test run', () => {
  it('counts each test by how it ended; what did not run was skipped', () => {
    const report = {
      success: false,
      testResults: [file('failed', 'passed', 'failed', 'pending', 'todo', 'skipped')],
    }
    expect(tallyUnits(report, 1)).toEqual({ passed: 1, failed: 1, skipped: 3 })
  })

  it('counts a file that could not be loaded as a failure', () => {
    const report = { success: false, testResults: [file('failed'), file('passed', 'passed')] }
    expect(tallyUnits(report, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 })
  })

  it('counts an error outside of every test as a failure', () => {
    const report = { success: true, testResults: [file('passed', 'passed')] }
    expect(tallyUnits(report, 1)).toEqual({ passed: 1, failed: 1, skipped: 0 })
  })

  it('counts a run without a report, and one without a test, as a failure', () => {
    expect(tallyUnits(undefined, 0).failed).toBe(1)
    expect(tallyUnits({ success: true, testResults: [] }, 0).failed).toBe(1)
  })
})
