import { describe, expect, test } from 'vitest'
import { andon, folderWith, seedRule } from './helpers.js'

const check = (file: string, ...more: string[]) => andon(['rules', 'check', file, ...more])

describe('andon rules check', () => {
  test('the seed rule is valid, and is named', async () => {
    const at = folderWith({ 'seed.sql': seedRule })
    const { code, out } = await check(at('seed.sql'))

    expect(code).toBe(0)
    expect(out).toBe(`${at('seed.sql')} is valid: 1 rule\n  critical_issue_escalation\n`)
  })

  test('a broken rule says where it is broken and what was meant', async () => {
    const at = folderWith({ 'broken.sql': seedRule.replace('severity_score', 'severty_score') })
    const { code, out } = await check(at('broken.sql'))

    expect(code).toBe(1)
    expect(out).toContain('did you mean severity_score?')
    expect(out).toContain('line 3, column 7')
    expect(out).toContain('3 | WHERE severty_score > 8\n  |       ^^^^^^^^^^^^^')
    expect(out).toMatch(/is not valid: 1 error\n$/)
  })

  test('three errors are all told', async () => {
    const text = seedRule
      .replace('severity_score', 'severty_score')
      .replace("'1 hour'", "'1 huor'")
      .replace('PRIORITY 1', 'PRIORITY 12')
    const at = folderWith({ 'broken.sql': text })
    const { out } = await check(at('broken.sql'))

    expect(out.match(/--> /g)).toHaveLength(3)
    expect(out).toMatch(/is not valid: 3 errors\n$/)
  })

  test('the parameters of actions are checked', async () => {
    const rule = 'CREATE RULE r AS SELECT * FROM feedbacks THEN material.hold (bacth = batch_number);'
    const at = folderWith({ 'r.sql': rule })
    const { code, out } = await check(at('r.sql'))

    expect(code).toBe(1)
    expect(out).toContain('did you mean batch?')
    expect(out).toContain('material.hold needs reason')
    expect(out).toContain('material.hold needs batch or serials')
  })

  test('a warning is shown and does not fail', async () => {
    const at = folderWith({ 'r.sql': seedRule.replace('> 8', '> 10') })
    const { code, out } = await check(at('r.sql'))

    expect(code).toBe(0)
    expect(out).toContain('this rule can never fire')
    expect(out).toContain('is valid: 1 rule, 1 warning')
  })

  test('it speaks Chinese when asked', async () => {
    const at = folderWith({ 'r.sql': seedRule.replace('severity_score', '严重度') })
    const { out } = await check(at('r.sql'), '--lang', 'zh')

    expect(out).toContain('第 3 行')
    expect(out).toContain('无效：1 处错误')
  })

  test('--json prints one object with place and suggestion', async () => {
    const at = folderWith({ 'r.sql': seedRule.replace('severity_score', 'severty_score') })
    const { code, out } = await check(at('r.sql'), '--json')

    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      valid: false,
      rules: [],
      diagnostics: [{ severity: 'error', line: 3, column: 7, suggestion: 'severity_score' }],
    })
  })

  test('--json names the rules and their actions', async () => {
    const at = folderWith({ 'r.sql': seedRule })

    expect(JSON.parse((await check(at('r.sql'), '--json')).out)).toMatchObject({
      valid: true,
      rules: [{ name: 'critical_issue_escalation', actions: [{ kind: 'escalate' }] }],
      diagnostics: [],
    })
  })

  test('a file that is not there is wrong use, not a wrong rule', async () => {
    const { code, out, err } = await check('no-such-file.sql')

    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(err).toBe('andon: There is no file no-such-file.sql.\n')
  })

  test('a byte order mark is no error', async () => {
    const at = folderWith({ 'r.sql': `\ufeff${seedRule}` })

    expect((await check(at('r.sql'))).code).toBe(0)
  })

  test('--partitioned-by warns of rules that cross partitions', async () => {
    const grouped = seedRule.replace('ESCALATE', 'GROUP BY region HAVING COUNT(*) > 3\nESCALATE')
    const at = folderWith({ 'r.sql': grouped })
    const ran = await check(
      at('r.sql'),
      '--partitioned-by',
      'product_model, region',
      '--partitioned-by',
      'tenant',
    )

    expect(ran.code).toBe(0)
    expect(ran.out).toContain('different values of product_model, tenant:')
    expect((await check(at('r.sql'), '--partitioned-by', 'region')).out).toMatch(/is valid: 1 rule\n/)
    const { out } = await check(at('r.sql'), '--partitioned-by', 'tenant', '--json')
    expect(JSON.parse(out)).toMatchObject({
      diagnostics: [{ severity: 'warning', code: 'needs-repartition', line: 1, column: 13 }],
    })
  })

  test('--partitioned-by names columns', async () => {
    const at = folderWith({ 'r.sql': seedRule })
    const { code, err } = await check(at('r.sql'), '--partitioned-by', 'product_modle')

    expect(code).toBe(2)
    expect(err).toContain('--partitioned-by product_modle: feedbacks have no column product_modle')
    expect(err).toContain('did you mean product_model?')
  })
})

describe('rules in a .json file', () => {
  const rule = {
    name: 'hot',
    where: 'severity_score > 8',
    actions: [{ kind: 'escalate', params: { to: "'team'" } }],
  }
  const json = (changes: object = {}): string =>
    JSON.stringify({ version: 1, rules: [{ ...rule, ...changes }] })

  test('are checked as those in a text are', async () => {
    const at = folderWith({ 'r.json': json(), 'broken.JSON': json({ where: 'severty_score > 8' }) })

    expect((await check(at('r.json'))).out).toBe(`${at('r.json')} is valid: 1 rule\n  hot\n`)
    const { code, out } = await check(at('broken.JSON'))
    expect(code).toBe(1)
    expect(out).toContain('did you mean severity_score?')
    expect(out).toContain('rules[0].where, line 1, column 1')
  })

  test('are explained as those in a text are', async () => {
    const at = folderWith({ 'r.json': json(), 'one.yaml': 'severity_score: 9' })
    const { code, out } = await andon(['rules', 'explain', at('r.json'), '--feedback', at('one.yaml')])

    expect(code).toBe(0)
    expect(out).toContain('✓ severity_score > 8')
  })

  test('of another version, or no JSON at all, are told', async () => {
    const at = folderWith({ 'new.json': '{ "version": 2, "rules": [] }', 'no.json': seedRule })

    expect((await check(at('new.json'))).out).toContain('is of version 2')
    const { code, err } = await check(at('no.json'), '--lang', 'zh')
    expect(code).toBe(1)
    expect(err).toContain('不是有效的 JSON')
  })
})
