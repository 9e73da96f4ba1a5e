import { expect, it } from 'vitest'
import { addMatches, type Matches } from '../../../src/rule/runtime/finding.js'
import { complaint, engine } from './feed.js'

const rule = `CREATE RULE grave AS SELECT * FROM feedbacks WHERE severity_score > 9
  ONCE PER INTERVAL '5 minutes' ESCALATE TO quality;`

const stream = [
  complaint(1, 0, { severityScore: 9.5, productModel: 'KX-500' }),
  complaint(2, 60, { severityScore: 9.9, productModel: 'KX-520' }),
  complaint(3, 400, { severityScore: 9.6, productModel: 'KX-520' }),
  complaint(4, 410, { severityScore: 9.7, productModel: 'KX-520' }),
]
const print = JSON.stringify(['default', 'grave', 'KX-520', 'E-COOL-01'])

/** What is counted for the second model when the stream is cut at these places and held back till the end. */
function counted(...cuts: readonly number[]): Matches | undefined {
  const rules = engine(rule)
  const held = new Map<string, Matches>()
  for (const [index, from] of [0, ...cuts].entries()) {
    const { matches } = rules.observe(stream.slice(from, cuts[index]))
    for (const [fingerprint, found] of matches) addMatches(held, fingerprint, found)
  }
  return held.get(print)
}

it('what ONCE PER held back is told apart from what came with the firing that opens the signal', () => {
  expect(counted()).toMatchObject({ count: 2, severity: 9.7, earlier: { count: 1, severity: 9.9 } })
})

it('where batches are cut makes no difference to what is counted', () => {
  for (const cuts of [[1], [2], [3], [1, 2], [1, 3], [2, 3], [1, 2, 3]]) {
    expect(counted(...cuts)).toEqual(counted())
  }
})
