import { describe, expect, it } from 'vitest'
import { andon, folderWith, seedRule } from './helpers.js'

describe('andon rules explain', () => {
  it('shows each condition with its value and its truth', async () => {
    const path = folderWith({ 'rules.sql': seedRule, 'one.yaml': 'severity_score: 9\nproduct_line: Basic\n' })
    const { code, out } = await andon(['rules', 'explain', path('rules.sql'), '--feedback', path('one.yaml')])
    expect(code).toBe(0)
    expect(out).toContain('✓ severity_score > 8   [severity_score = 9]')
    expect(out).toContain(`✗ product_line = '高端系列'   [product_line = "Basic"]`)
    expect(out).toContain('It does not match.')
  })

  it('says in Chinese that a missing value makes it unknown', async () => {
    const path = folderWith({ 'rules.sql': seedRule, 'one.json': '{ "severity_score": 9 }' })
    const argv = ['rules', 'explain', path('rules.sql'), '--feedback', path('one.json'), '--lang', 'zh']
    const { out } = await andon(argv)
    expect(out).toContain(`? product_line = '高端系列'   [product_line = NULL]`)
    expect(out).toContain('不匹配：缺少值，结果未知。')
  })

  it('finds the rule that was meant', async () => {
    const path = folderWith({ 'rules.sql': seedRule, 'one.yaml': 'severity_score: 9' })
    const argv = ['rules', 'explain', path('rules.sql'), '--feedback', path('one.yaml')]
    const { code, err } = await andon([...argv, '--rule', 'critical_isue_escalation'])
    expect(code).toBe(1)
    expect(err).toContain('did you mean critical_issue_escalation?')
  })
})
