import { checkRules, defineRule } from '@andon/core/rule'
import { describe, expect, it } from 'vitest'
import { findings, suggestions } from './findings.js'
import { ruleOf } from './samples.js'

const loud = (name: string, by?: string): string =>
  ruleOf(`HAVING COUNT(*) > 3${by === undefined ? '' : ` INHIBITED BY ${by}`}`, name)

describe('INHIBITED BY', () => {
  it('names rules of the text, before or behind, or rules that are known elsewhere', () => {
    expect(findings(`${loud('a', 'b')}${loud('b')}`)).toEqual([])
    expect(findings(`${loud('b')}${loud('a', 'b')}`)).toEqual([])
    expect(findings(loud('a', 'elsewhere'), { rules: ['elsewhere'] })).toEqual([])
  })

  it.each([
    ['a rule that is not there', loud('a', 'nobody'), 'unknown-name: nobody'],
    ['the rule itself', loud('a', 'a'), 'not-allowed-here: a'],
    ['a rule twice', `${loud('b')}${loud('a', 'b, B')}`, 'duplicate: B'],
    ['a rule without HAVING', `${ruleOf('', 'b')}${loud('a', 'b')}`, 'not-allowed-here: b'],
    ['rules in a circle of two', `${loud('a', 'b')}${loud('b', 'a')}`, 'not-allowed-here: a'],
    [
      'rules in a circle of three',
      `${loud('a', 'b')}${loud('b', 'c')}${loud('c', 'a')}`,
      'not-allowed-here: a',
    ],
  ])('does not name %s', (_, text, finding) => {
    expect(findings(text)).toEqual([finding])
  })

  it('shows the circle', () => {
    const { diagnostics } = checkRules(`${loud('x', 'a')}${loud('a', 'b')}${loud('b', 'a')}`)
    expect(diagnostics.map(({ message }) => message.en)).toEqual([
      'these rules inhibit one another in a circle: a ← b ← a',
    ])
  })

  it('knows what was meant', () => {
    expect(suggestions(`${loud('compressor_batch')}${loud('a', 'compresor_batch')}`)).toEqual([
      'compressor_batch',
    ])
  })

  it('holds nothing against a rule that could not be read', () => {
    expect(findings(`${ruleOf('HAVING COUNT(* > 3', 'b')}${loud('a', 'b')}`)).toEqual(['syntax: >'])
  })

  it('is unchecked in a rule built alone, unless the others are named', () => {
    const definition = {
      name: 'a',
      having: 'COUNT(*) > 3',
      inhibitedBy: ['b'],
      actions: [{ kind: 'escalate', params: { to: "'team'" } }],
    }
    expect(defineRule(definition).inhibitedBy).toEqual(['b'])
    expect(() => defineRule(definition, { rules: ['c'] })).toThrow('there is no rule b')
  })

  it('is checked in time that grows with the rules, not with their square', () => {
    const chain = Array.from({ length: 3000 }, (_, index) => loud(`r${index}`, `r${index + 1}`))
    expect(findings([...chain, loud('r3000')].join('\n'))).toEqual([])
  })
})
