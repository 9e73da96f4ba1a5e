import { describe, expect, it } from 'vitest'
import { isAndonError } from '../../src/errors/index.js'
import type { FeedbackRecord } from '../../src/feedback/schema.js'
import type { Rule } from '../../src/rule/ast.js'
import { createMatcher, type Matcher, parseRules } from '../../src/rule/index.js'
import { complaint, start } from './runtime/feed.js'

const feedback = (overrides: Partial<FeedbackRecord> = {}): FeedbackRecord => {
  const entry = complaint(1, 0, overrides)
  if (entry.kind !== 'feedback') throw new Error('a complaint is a feedback')
  return entry.feedback
}
const rule = (name: string, where: string): Rule => {
  const [parsed] = parseRules(`CREATE RULE ${name} AS SELECT * FROM feedbacks ${where} ESCALATE TO t;`)
  if (parsed === undefined) throw new Error(`no rule in ${where}`)
  return parsed
}
const names = (matcher: Matcher, record: FeedbackRecord): readonly string[] =>
  matcher.match(record, { now: start }).map(({ name }) => name)

describe('a matcher', () => {
  it('gives the rules that a feedback meets, in their order', () => {
    const matcher = createMatcher([
      rule('severe', 'WHERE severity_score > 8'),
      rule('fire', 'WHERE safety_flags.fire'),
      rule('premium', "WHERE product_line = '高端系列' AND severity_score > 4"),
      rule('everything', ''),
    ])
    expect(names(matcher, feedback())).toEqual(['premium', 'everything'])
    expect(names(matcher, feedback({ severityScore: 9 }))).toEqual(['severe', 'premium', 'everything'])
    expect(names(matcher, feedback({ productLine: undefined }))).toEqual(['everything'])
  })

  it('takes NOW() from whoever asks', () => {
    const matcher = createMatcher([rule('recent', "WHERE received_at > NOW() - INTERVAL '1 hour'")])
    expect(matcher.match(feedback(), { now: start + 3_599_999 })).toHaveLength(1)
    expect(matcher.match(feedback(), { now: start + 3_600_000 })).toHaveLength(0)
  })

  it('asks WHERE alone of a rule that groups', () => {
    const grouped = rule('wave', 'WHERE severity_score > 3 GROUP BY region HAVING COUNT(*) > 100')
    expect(names(createMatcher([grouped]), feedback())).toEqual(['wave'])
  })

  it('forgets a rule that is removed', () => {
    const matcher = createMatcher([rule('a', ''), rule('b', '')])
    expect(matcher.remove('a')).toBe(true)
    expect(matcher.remove('a')).toBe(false)
    expect(matcher.size).toBe(1)
    expect(names(matcher, feedback())).toEqual(['b'])
  })

  it('lets a rule take the place of one with its name, and a newcomer a free place', () => {
    const matcher = createMatcher([rule('a', ''), rule('b', ''), rule('c', '')])
    matcher.add(rule('a', 'WHERE severity_score > 8'))
    expect(matcher.size).toBe(3)
    expect(names(matcher, feedback())).toEqual(['b', 'c'])
    expect(names(matcher, feedback({ severityScore: 9 }))).toEqual(['a', 'b', 'c'])
    matcher.remove('b')
    matcher.add(rule('d', ''))
    expect(names(matcher, feedback({ severityScore: 9 }))).toEqual(['a', 'd', 'c'])
  })

  it('gives every answer a list of its own', () => {
    const matcher = createMatcher([rule('a', '')])
    const first = matcher.match(feedback(), { now: start })
    matcher.remove('a')
    matcher.match(feedback(), { now: start })
    expect(first).toHaveLength(1)
  })

  it('refuses a rule with MATCH, in both languages', () => {
    const pattern: Rule = { ...rule('twice', ''), match: { steps: ['a', 'b'] } }
    const matcher = createMatcher([rule('a', '')])
    const refused = (): void => matcher.add(pattern)
    expect(refused).toThrow(/twice has MATCH/)
    try {
      refused()
    } catch (error) {
      expect(isAndonError(error, 'RULE_UNMATCHABLE') && error.describe('zh')).toContain('dryRun()')
    }
    expect(matcher.size).toBe(1)
  })
})
