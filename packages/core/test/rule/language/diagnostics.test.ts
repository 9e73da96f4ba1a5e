import { isAndonError } from '@andon/core/errors'
import { checkRules, formatDiagnostics, parseRules, RuleError } from '@andon/core/rule'
import { describe, expect, it } from 'vitest'
import { ruleWhere, seedRule } from './samples.js'

const report = (text: string, locale: 'en' | 'zh' = 'en'): string =>
  formatDiagnostics(checkRules(text).diagnostics, locale)
const suggestions = (text: string) => checkRules(text).diagnostics.map(({ suggestion }) => suggestion)

describe('a rule text with errors', () => {
  const broken = `CREATE RULE critical AS
SELECT * FROM feedbacks
WHERE severty_score > 8
  AND product_line = '高端系列' ADN region = '华南'
ESCALTE TO production_team WITH PRIORITY 1;`

  it('reports all three of three errors with line, column and caret', () => {
    expect(report(broken)).toBe(`error: feedbacks have no column severty_score; did you mean severity_score?
 --> line 3, column 7
3 | WHERE severty_score > 8
  |       ^^^^^^^^^^^^^

error: expected an operator, AND, OR, WITHOUT, GROUP BY, WINDOW, HAVING, ONCE PER, INHIBITED BY, ESCALATE TO or THEN, found ADN; did you mean AND?
 --> line 4, column 29
4 |   AND product_line = '高端系列' ADN region = '华南'
  |                                 ^^^

error: expected an operator, AND, OR, WITHOUT, GROUP BY, WINDOW, HAVING, ONCE PER, INHIBITED BY, ESCALATE TO or THEN, found ESCALTE; did you mean ESCALATE?
 --> line 5, column 1
5 | ESCALTE TO production_team WITH PRIORITY 1;
  | ^^^^^^^`)
  })

  it('says the same in Chinese', () => {
    expect(report(broken, 'zh')).toContain(`错误：反馈中没有列 severty_score；是否想写 severity_score？
 --> 第 3 行，第 7 列
3 | WHERE severty_score > 8
  |       ^^^^^^^^^^^^^`)
  })

  it('gives no rules', () => {
    expect(checkRules(broken).rules).toEqual([])
  })

  it('makes parseRules throw one RULE_INVALID that carries the report and the diagnostics', () => {
    let thrown: unknown
    try {
      parseRules(broken)
    } catch (error) {
      thrown = error
    }
    expect(isAndonError(thrown, 'RULE_INVALID')).toBe(true)
    expect(thrown).toBeInstanceOf(RuleError)
    expect(thrown).toMatchObject({ details: { count: 3, report: report(broken) } })
    expect(thrown instanceof RuleError && thrown.describe('zh')).toBe(
      `规则中有 3 处错误：\n${report(broken, 'zh')}`,
    )
    expect(thrown instanceof RuleError ? thrown.diagnostics.map(({ line }) => line) : []).toEqual([3, 4, 5])
  })

  it('goes on with the next rule after one that is lost', () => {
    const text = `CREATE RULE a AS SELECT * FROM feedbacks WHERE ((( ;\n${ruleWhere('sevrity_score > 1')}`
    expect(checkRules(text).diagnostics.map(({ line, code }) => [line, code])).toEqual([
      [1, 'syntax'],
      [2, 'unknown-name'],
    ])
  })

  it('goes on at the next clause after one that is lost', () => {
    const text = `CREATE RULE a AS SELECT * FROM feedbacks
      WHERE severity_score >
      WINDOW SLIDING INTERVAL '1 huor'
      THEN notify (x = );`
    expect(checkRules(text).diagnostics.map(({ line, expected }) => [line, expected[0]?.en])).toEqual([
      [2 + 1, 'a value'],
      [3, undefined],
      [4, 'a value'],
    ])
  })

  it('names what was expected at the furthest token', () => {
    const [first] = checkRules(
      'CREATE RULE a FOR assembly AS SELECT * FROM feedbacks ESCALATE TO x;',
    ).diagnostics
    expect(first?.expected).toEqual([{ en: 'STAGE', zh: 'STAGE' }])
    expect(first?.message.en).toBe('expected STAGE, found assembly')
  })

  it('points behind the last token when the text ends too early', () => {
    expect(report('CREATE RULE a AS SELECT * FROM feedbacks\n\n')).toContain(`found the end of the text
 --> line 1, column 41
1 | CREATE RULE a AS SELECT * FROM feedbacks
  |                                         ^`)
  })
})

describe('the caret', () => {
  it('counts a Chinese character as one column of text and two of width', () => {
    const text = ruleWhere("\nproduct_line = '高端系列' AND region = '华南' AND sevrity_score > 1\n")
    expect(report(text)).toContain(` --> line 2, column 45
2 | product_line = '高端系列' AND region = '华南' AND sevrity_score > 1
  |                                                   ^^^^^^^^^^^^^`)
  })

  it('shows only the surroundings of an error in a very long line, still aligned', () => {
    const text = ruleWhere(
      `\nregion = '${'华'.repeat(5000)}' AND sevrity_score > 1 AND region <> '${'南'.repeat(5000)}'\n`,
    )
    expect(report(text)).toContain(` --> line 2, column 5017
2 | …${'华'.repeat(66)}' AND sevrity_score > 1 AND region <> '${'南'.repeat(23)}…
  |  ${' '.repeat(66 * 2 + 6)}^^^^^^^^^^^^^`)
  })

  it('stands right under an error behind characters beyond the basic plane', () => {
    expect(
      report('CREATE RULE "🧊冰箱" AS SELECT * FORM feedbacks ESCALATE TO x;'),
    ).toContain(` --> line 1, column 31
1 | CREATE RULE "🧊冰箱" AS SELECT * FORM feedbacks ESCALATE TO x;
  |                                  ^^^^`)
  })

  it('is as wide as the Chinese name it marks', () => {
    expect(report(ruleWhere('严重程度x > 8'))).toContain(
      '\n  |                                                    ^^^^^^^^^',
    )
  })

  it('does not move when the line holds tabs', () => {
    expect(report('CREATE RULE a AS SELECT * FROM feedbacks\n\t\tESCALTE TO x;')).toContain(
      '2 |   ESCALTE TO x;\n  |   ^^^^^^^',
    )
  })

  it('counts lines by \\r\\n as well', () => {
    expect(
      checkRules('CREATE RULE a AS\r\nSELECT * FROM feedbacks\r\nESCALTE TO x;').diagnostics[0],
    ).toMatchObject({
      line: 3,
      column: 1,
    })
  })
})

describe('did you mean', () => {
  it.each([
    [ruleWhere('severity_score > 8 ADN safety_flags.fire'), 'AND'],
    [ruleWhere('severty_score > 8'), 'severity_score'],
    [ruleWhere('severityScore > 8'), 'severity_score'],
    [ruleWhere('严重度 > 8'), 'severity_score'],
    [ruleWhere('safety_flags.fier'), 'safety_flags.fire'],
    [ruleWhere("product_line LKIE 'x'"), 'LIKE'],
    [ruleWhere("received_at > NOW() - INTERVAL '2 huors'"), "'2 hours'"],
    [ruleWhere("channel = 'e-mail'"), "'email'"],
    [ruleWhere("severity_score > '8'"), '8'],
    [ruleWhere('product_line = 3'), "'3'"],
    [ruleWhere('region = NULL'), 'IS NULL'],
    [seedRule.replace('CREATE', 'CRAETE'), 'CREATE'],
    [seedRule.replace('SELECT', 'SELCT'), 'SELECT'],
    [seedRule.replace('FROM', 'FORM'), 'FROM'],
    [seedRule.replace('feedbacks', 'feedback'), 'feedbacks'],
    [seedRule.replace('WHERE', 'WEHRE'), 'WHERE'],
    [seedRule.replace('ESCALATE', 'ESCALTE'), 'ESCALATE'],
    [seedRule.replace('PRIORITY', 'PRIORTY'), 'PRIORITY'],
    [seedRule.replace(' AS\n', ' FOR STAGE asembly AS\n'), 'assembly'],
    [ruleWhere('cuont(*) > 3'), 'COUNT'],
    ['CREATE RULE a AS SELECT * FROM feedbacks THEN material.hodl (batch = batch_number);', 'material.hold'],
  ])('%s → %s', (text, suggestion) => {
    expect(suggestions(text)).toEqual([suggestion])
  })

  it.each([
    ['，', ','],
    ['；', ';'],
    ['＞', '>'],
    ['＞=', '>='],
    ['≥', '>='],
    ['（', '('],
  ])("reads the input method's %s as %s after reporting it once", (wide, ascii) => {
    const text = ruleWhere('severity_score IN (1, 2) AND (severity_score) >= 1').replace(
      wide === '＞' ? '>=' : ascii,
      wide,
    )
    expect(suggestions(text)).toEqual([ascii])
  })

  it('reads curly quotes as straight ones after reporting them once', () => {
    expect(suggestions(ruleWhere('product_line = ‘高端系列’'))).toEqual(["'高端系列'"])
    expect(suggestions(ruleWhere('product_line = “高端系列”'))).toEqual(["'高端系列'"])
  })

  it('proposes nothing for what is near to nothing', () => {
    expect(suggestions(ruleWhere('zzzzzzzz > 8'))).toEqual([undefined])
  })
})

describe('formatDiagnostics', () => {
  it('names the file and lets the caller paint the parts', () => {
    const { diagnostics } = checkRules(ruleWhere('zzz > 8'))
    const painted = formatDiagnostics(diagnostics, 'en', {
      file: 'line.rules',
      paint: (text, role) => `<${role}>${text}</>`,
    })
    expect(painted).toContain('<error>error</>: feedbacks have no column zzz')
    expect(painted).toContain('<place> --> line.rules, line 1, column 52</>')
    expect(painted).toContain(`<caret>${' '.repeat(51)}^^^</>`)
  })

  it('tells a warning from an error', () => {
    expect(report(ruleWhere('severity_score > 10'), 'zh')).toMatch(/^警告：/)
  })
})
