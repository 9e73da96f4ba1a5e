import nodeRules from 'node-rules'
import type { Facts } from '../rule-condition.ts'
import { testOf } from './closures.ts'
import type { Engine } from './engine.ts'

export const nodeRulesEngine: Engine<Facts> = {
  event: (facts) => facts,
  load: (conditions) => {
    const rules = conditions.map((condition) => {
      const test = testOf(condition)
      return {
        condition: (api: nodeRules.API, fact: nodeRules.Fact) => api.when(test(fact as unknown as Facts)),
        consequence: (api: nodeRules.API, fact: nodeRules.Fact) => {
          fact.found++
          api.next()
        },
      }
    })
    // Rules here do not change the facts for one another, so it need not begin again after each that is met.
    const engine = new nodeRules.RuleEngine(rules, { ignoreFactChanges: true })
    return (facts) =>
      new Promise((resolve) => {
        engine.execute({ ...facts, found: 0 }, ({ found }) => resolve(found as number))
      })
  },
}
