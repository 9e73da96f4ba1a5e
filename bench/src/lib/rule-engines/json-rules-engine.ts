import { Engine as JsonRulesEngine, type NestedCondition, type TopLevelCondition } from 'json-rules-engine'
import type { Condition, Facts } from '../rule-condition.ts'
import type { Engine } from './engine.ts'

const operators = {
  equal: 'equal',
  contains: 'textContains',
  'starts with': 'textStartsWith',
  above: 'greaterThan',
  from: 'greaterThanInclusive',
  below: 'lessThan',
} as const

function nested(condition: Condition): NestedCondition {
  if ('all' in condition) return { all: condition.all.map(nested) }
  if ('any' in condition) return { any: condition.any.map(nested) }
  return { fact: condition.field, operator: operators[condition.is], value: condition.value }
}

const topLevel = (condition: Condition): TopLevelCondition =>
  'any' in condition
    ? { any: condition.any.map(nested) }
    : { all: ('all' in condition ? condition.all : [condition]).map(nested) }

export const jsonRulesEngine: Engine<Record<string, unknown>> = {
  event: (facts: Facts) => ({ ...facts }),
  load: (conditions) => {
    const engine = new JsonRulesEngine(
      conditions.map((condition, i) => ({ conditions: topLevel(condition), event: { type: `rule_${i}` } })),
    )
    // Its own operators know lists, not texts; its documentation has one add what is missing.
    engine.addOperator<string, string>('textContains', (text, part) => text.includes(part))
    engine.addOperator<string, string>('textStartsWith', (text, part) => text.startsWith(part))
    return async (facts) => (await engine.run(facts)).events.length
  },
}
