import type { Comparison, Condition, Facts } from '../rule-condition.ts'
import type { Engine } from './engine.ts'

export type Test = (facts: Facts) => boolean

/** What one would write by hand: a function for each condition, put together of functions. */
export function testOf(condition: Condition): Test {
  if ('all' in condition) {
    return condition.all.map(testOf).reduce((left, right) => (facts) => left(facts) && right(facts))
  }
  if ('any' in condition) {
    return condition.any.map(testOf).reduce((left, right) => (facts) => left(facts) || right(facts))
  }
  return comparisonTest(condition)
}

function comparisonTest(comparison: Comparison): Test {
  const { field, is, value } = comparison
  switch (is) {
    case 'equal':
      return (facts) => facts[field] === value
    case 'contains':
      return (facts) => facts[field].includes(value)
    case 'starts with':
      return (facts) => facts[field].startsWith(value)
    case 'above':
      return (facts) => facts[field] > value
    case 'from':
      return (facts) => facts[field] >= value
    case 'below':
      return (facts) => facts[field] < value
  }
}

/** Every rule is asked, one after the other. */
export const closures: Engine<Facts> = {
  event: (facts) => facts,
  load: (conditions) => {
    const tests = conditions.map(testOf)
    return (facts) => {
      let found = 0
      for (const test of tests) if (test(facts)) found++
      return found
    }
  },
}
