import { hash } from 'node:crypto'
import type { Rule } from './ast.js'
import { printRules } from './language/printer.js'

const known = new WeakMap<Rule, string>()

/**
 * A short name for exactly these words of a rule: 12 hexadecimal digits of the SHA-256 of its canonical text. Layout
 * and comments do not change it. Every signal carries the version of the rule that found it.
 */
export function ruleVersion(rule: Rule): string {
  const version = known.get(rule) ?? hash('sha256', printRules([rule]), 'hex').slice(0, 12)
  known.set(rule, version)
  return version
}
