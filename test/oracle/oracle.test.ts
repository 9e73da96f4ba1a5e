import * as rule from '@andon/core/rule'
import { beforeAll, describe, expect, it } from 'vitest'
import { type OracleReport, runOracle } from './run-oracle.mjs'
import { seededBugs } from './seeded-bugs.mjs'

// The brief version of `npm run test:oracle`. Its seed is pinned, so that a failure repeats.
const options = { seed: 20_260_301, predicates: 250, rows: 300 }

describe('the rule language beside PostgreSQL', () => {
  let report: OracleReport
  beforeAll(async () => {
    report = await runOracle(rule, options)
  }, 120_000)

  it('means the same by every random condition, and so does SQLite where it can', () => {
    expect(report.sqlite).toBeGreaterThan(0)
    expect(report.mismatches).toEqual([])
  })

  it.each(seededBugs.map(({ name }) => name))('is told apart from one in which %s', (name) => {
    expect(report.bugs.find((bug) => bug.name === name)?.noticed).toBeTypeOf('string')
  })
})
