import { checkRules, formatDiagnostics, printRules } from '@andon/core/rule'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lex } from '../../../src/rule/language/lexer.js'
import { arbitraryRule } from './arbitrary-rule.js'
import { compressorRule, ruleOf, ruleWhere, seedRule } from './samples.js'

/** Everything a caller may do with a text; nothing of it may throw. */
function use(text: string): void {
  const { rules, diagnostics } = checkRules(text)
  formatDiagnostics(diagnostics)
  formatDiagnostics(diagnostics, 'zh')
  for (const { span, line, column, severity } of diagnostics) {
    expect(span.start).toBeGreaterThanOrEqual(0)
    expect(span.end).toBeLessThanOrEqual(text.length)
    expect(Math.min(line, column, span.end - span.start + 1)).toBeGreaterThanOrEqual(1)
    if (severity === 'error') expect(rules).toEqual([])
  }
  expect(printRules(rules)).toBe(printRules(checkRules(printRules(rules)).rules))
}

const fragments = fc.constantFrom(
  ...`${seedRule} ${compressorRule} BETWEEN NOT IN LIKE ESCAPE IS DISTINCT CASE WHEN ELSE END ANY ( ARRAY[ ] EXTRACT( hour FROM AT TIME ZONE FILTER (WHERE SHARE(*) RATE( PERCENTILE( COALESCE( || :: ; ' " ( ) , . -- /* */ \\ ， ‘ 😀 \u0000 \ud800`.split(
    /\s+/,
  ),
)

describe('whatever the text is', () => {
  it('never throws on any string', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), use), { numRuns: 500 })
  })

  it('never throws on any sequence of fragments of rules', () => {
    fc.assert(
      fc.property(
        fc.array(fragments, { maxLength: 40 }).map((parts) => parts.join(' ')),
        use,
      ),
      { numRuns: 500 },
    )
  })

  it('never throws on a rule that was cut, spliced or overwritten', () => {
    const valid = fc.oneof(
      fc.constant(seedRule),
      fc.constant(compressorRule),
      arbitraryRule.map((rule) => printRules([rule])),
    )
    const edit = fc.tuple(
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(6),
      fc.oneof(fragments, fc.string({ maxLength: 3 })),
    )
    fc.assert(
      fc.property(valid, fc.array(edit, { minLength: 1, maxLength: 4 }), (text, edits) => {
        use(
          edits.reduce((current, [at, length, inserted]) => {
            const index = Math.floor(at * current.length)
            return current.slice(0, index) + inserted + current.slice(index + length)
          }, text),
        )
      }),
      { numRuns: 1000 },
    )
  })

  it('never looks past the end of a text that was cut from a longer one, between the halves of a character', () => {
    const longer = `${seedRule}😀 and so on`
    const cut = longer.slice(0, seedRule.length + 1)
    // Only code that V8 has optimised did.
    for (let round = 0; round < 3000; round++) {
      const [problem] = lex(cut).problems
      if (problem?.span.end !== cut.length) expect(problem?.span.end).toBe(cut.length)
    }
  })

  it('reports at most a hundred errors', () => {
    expect(
      checkRules(`${seedRule.replace('severity_score', 'x')}\n`.repeat(500)).diagnostics.length,
    ).toBeLessThanOrEqual(100)
  })

  it('does not let a hundred warnings hide an error', () => {
    const warnings = Array.from({ length: 150 }, (_, index) =>
      ruleWhere('severity_score > 10').replace('probe', `r${index}`),
    )
    const { rules, diagnostics } = checkRules([...warnings, ruleWhere('zzz > 1')].join('\n'))
    expect(rules).toEqual([])
    expect(diagnostics.filter(({ severity }) => severity === 'error')).toHaveLength(1)
  })
})

describe('a text of a megabyte', () => {
  const times = (text: string): string => text.repeat(Math.ceil(1_000_000 / text.length))
  // Linear work takes well under a second here; quadratic work would take minutes.
  it.each([
    [
      'many rules',
      Array.from({ length: 5000 }, (_, index) => seedRule.replace('critical', `r${index}_`)).join('\n'),
      0,
    ],
    [
      'one line of rules',
      Array.from({ length: 5000 }, (_, index) =>
        seedRule.replace('critical', `r${index}_`).replaceAll('\n', ' '),
      ).join(' '),
      0,
    ],
    ['opening parentheses', ruleWhere(times('(')), 1],
    ['a chain of AND', ruleWhere(`TRUE${times(' AND TRUE')}`), 1],
    ['a chain of NOT', ruleWhere(times('NOT ')), 1],
    ['a long list', ruleWhere(`region IN ('a'${times(", 'b'")})`), 0],
    ['a long string', ruleWhere(`region = '${times('a')}'`), 0],
    ['doubled quotes', ruleWhere(`region = '${times("''")}'`), 0],
    ['single quotes on every line', times("'\n'''\n"), undefined],
    ['opening comments', times('/*'), undefined],
    ['a long word', times('a'), undefined],
    ['many words', times('word '), undefined],
    ['strangers', times('§'), undefined],
    ['curly quotes', times('‘'), undefined],
    ['an interval', ruleWhere(`received_at - last_occurrence_time > INTERVAL '${times('1 day ')}'`), 1],
    ['CASE after CASE', ruleWhere(times('CASE ')), 1],
    ['conditions that are lost in CASE', ruleWhere(times(`${'CASE WHEN '.repeat(400)}WHERE `)), undefined],
    ['a long ARRAY', ruleWhere(`region = ANY (ARRAY['a'${times(", 'b'")}])`), 0],
    ['one function in another', ruleWhere(times('COALESCE(NULL, ')), 1],
    ['a pattern of many steps', ruleOf(`MATCH (a${times(', a')}) WITHIN INTERVAL '1 day'`), 100],
    [
      'many inhibitors',
      ruleOf(`HAVING COUNT(*) > 3 INHIBITED BY a${times(', nobody_by_that_name')}`),
      undefined,
    ],
    ['clauses again and again', ruleOf(times("FOR INTERVAL '1 day' ")), undefined],
    ['a dotted name', ruleWhere(`attributes${times('.a')} = 1`), 0],
  ])('%s is read in linear time', (_, text, errors) => {
    const started = performance.now()
    const { diagnostics } = checkRules(text)
    expect(performance.now() - started).toBeLessThan(8000)
    if (errors !== undefined) expect(diagnostics).toHaveLength(errors)
    else expect(diagnostics.length).toBeGreaterThan(0)
  })
})
