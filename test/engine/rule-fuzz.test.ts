import { checkRules } from '@andon/core/rule'
import { expect, it } from 'vitest'
import { corpus } from '../support/fuzz/corpus.mjs'
import { fuzz } from '../support/fuzz/run.mjs'

// The long version: npm run soak -- fuzz
it('whatever the text is, reading it as a rule or a condition holds its promises', () => {
  const { failure, inputs, rules, predicates } = fuzz({ count: 5000, seed: 20_260_301 })
  expect(failure).toBeUndefined()
  expect(inputs).toBe(5000)
  // Else the texts would be too absurd to tell anything.
  expect(Math.min(rules, predicates)).toBeGreaterThan(200)
})

it('the rules that are spoilt for it are valid before', () => {
  expect(corpus.flatMap((text) => checkRules(text).diagnostics)).toEqual([])
})
