import { evaluate, parse } from 'cel-js'
import type { Facts } from '../rule-condition.ts'
import { type Spelling, spell } from '../rule-condition.ts'
import type { Engine } from './engine.ts'

const operators = { equal: '==', above: '>', from: '>=', below: '<' } as const
const cel: Spelling = {
  and: '&&',
  or: '||',
  comparison: ({ field, is, value }) => {
    if (is === 'contains') return `textContains(${field}, ${JSON.stringify(value)})`
    if (is === 'starts with') return `textStartsWith(${field}, ${JSON.stringify(value)})`
    // A whole number would be an int, which it does not compare with a double.
    const constant = Number.isInteger(value) ? `${value}.0` : JSON.stringify(value)
    return `${field} ${operators[is]} ${constant}`
  },
}
/** CEL's own functions on texts are not there yet; it takes functions of the caller's. */
const functions = {
  textContains: (text: string, part: string) => text.includes(part),
  textStartsWith: (text: string, part: string) => text.startsWith(part),
}

/** Expressions are parsed once and asked one after the other. */
export const celJs: Engine<Record<string, unknown>> = {
  event: (facts: Facts) => ({ ...facts }),
  load: (conditions) => {
    const trees = conditions.map((condition) => {
      const parsed = parse(spell(condition, cel))
      if (!parsed.isSuccess) throw new Error(parsed.errors.join('; '))
      return parsed.cst
    })
    return (facts) => {
      let found = 0
      for (const tree of trees) if (evaluate(tree, facts, functions) === true) found++
      return found
    }
  },
}
