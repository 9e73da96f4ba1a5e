import { parseRules } from '@andon/core/rule'
import { describe, expect, it } from 'vitest'
import { findings, firstMessage, suggestions } from './findings.js'
import { bare, ruleOf } from './samples.js'

const days = (count: number) => ({ months: 0, days: count, milliseconds: 0 })
const rule = (clauses: string): unknown => bare(parseRules(ruleOf(clauses))[0])
const same = 'a.serial_number = b.serial_number'
const within = "WITHIN INTERVAL '90 days'"

describe('MATCH and WITHOUT', () => {
  it('are read with their steps, conditions and lengths', () => {
    expect(
      rule(
        `MATCH (a, B) WHERE ${same} ${within} WITHOUT (reply) WHERE reply.region = a.region WITHIN INTERVAL '3 days'`,
      ),
    ).toMatchObject({
      match: {
        steps: ['a', 'b'],
        where: {
          left: { path: ['a', 'serial_number'] },
          right: { path: ['b', 'serial_number'] },
        },
        within: days(90),
      },
      without: {
        step: 'reply',
        where: { left: { path: ['reply', 'region'] }, right: { path: ['a', 'region'] } },
        within: days(3),
      },
    })
  })

  it('WITHOUT stands behind WHERE, whose columns stay bare', () => {
    expect(
      rule(
        `WHERE severity_score > 8 WITHOUT (c) WHERE c.serial_number = serial_number WITHIN INTERVAL '3 days'`,
      ),
    ).toMatchObject({
      where: { operator: '>' },
      without: { step: 'c', where: { right: { path: ['serial_number'] } } },
    })
  })

  it('a single step needs no WITHIN', () => {
    expect(findings(ruleOf('MATCH (a) WHERE a.severity_score > 3'))).toEqual([])
  })

  it('the words of the clauses stay names elsewhere', () => {
    const text = `CREATE RULE match AS SELECT region AS keep, tenant AS without FROM feedbacks
      WHERE attributes.within = 1 AND attributes.match.for = 2 AND attributes.emit = 3
      ESCALATE TO resolve
      THEN notify (to = 'a', text = '{keep}') ON inhibited;`
    expect(findings(text)).toEqual([])
    expect(
      findings(ruleOf("MATCH (match, keep) WHERE match.region = keep.region WITHIN INTERVAL '1 day'")),
    ).toEqual([])
  })

  it('steps may be named in every clause that follows', () => {
    const text = `CREATE RULE r AS SELECT a.serial_number AS serial, COUNT(*) AS n FROM feedbacks
      MATCH (a, b) WHERE ${same} AND a.received_at > NOW() - INTERVAL '1 day' ${within}
      GROUP BY a.product_model, a.serial_number WINDOW COUNT 20 HAVING COUNT(DISTINCT b.region) > 2
      RESOLVE WHEN COUNT(*) < 2
      THEN notify (to = a.product_model, text = '{serial} {a.product_model} {n}');`
    expect(findings(text)).toEqual([])
    expect(findings(text.replace('{a.product_model}', '{b.product_model}'))).toEqual([
      'unknown-name: {b.product_model}',
    ])
  })
})

describe('the steps of a pattern', () => {
  it.each([
    [`MATCH (a, a) ${within}`, 'duplicate: a'],
    [`MATCH (a, region) ${within}`, 'duplicate: region'],
    [`MATCH (safety_flags) WHERE safety_flags.region = 'x'`, 'duplicate: safety_flags'],
    [`MATCH (a) WITHOUT (a) WHERE a.region = 'x' ${within}`, 'duplicate: a'],
    [`WITHOUT (tenant) WHERE tenant.region = 'x' ${within}`, 'duplicate: tenant'],
  ])('%s is refused', (clauses, finding) => {
    expect(findings(ruleOf(clauses))).toEqual([finding])
  })

  it.each([
    [
      `MATCH (a, b) WHERE a.region = region ${within}`,
      'unknown-name: region',
      'say which step region is of, as in a.region',
    ],
    [
      `MATCH (a, b) WHERE a.region = c.region ${within}`,
      'unknown-name: c.region',
      'there is no step c; there are a, b',
    ],
    [
      `MATCH (a, b) WHERE a.region = b ${within}`,
      'wrong-type: b',
      'b is a whole feedback; name one of its columns, as in b.serial_number',
    ],
    [
      `MATCH (a, b) WHERE ${same} ${within} WITHOUT (c) WHERE c.region = a.region ${within} GROUP BY c.region`,
      'not-allowed-here: c.region',
      'c is what did not come: it can be named only in the WHERE of its WITHOUT',
    ],
    [`MATCH (a) WHERE a.severity_score = 'x'`, "wrong-type: 'x'", 'a number cannot be compared with text'],
    [
      `MATCH (a) WHERE a.safety_flags = TRUE`,
      'wrong-type: a.safety_flags',
      'safety_flags holds several values; name one of them: ',
    ],
    [
      `MATCH (a) WHERE COUNT(a.region) > 3`,
      'not-allowed-here: COUNT(a.region)',
      'COUNT looks at a group and cannot stand in WHERE; write it in HAVING',
    ],
    [
      `MATCH (a) WHERE a.region = 'x' HAVING COUNT(*) > 3 AND a.region = 'y'`,
      'not-allowed-here: a.region',
      'a.region differs within a group: add it to GROUP BY, or aggregate it',
    ],
  ])('%s is told', (clauses, finding, message) => {
    expect(findings(ruleOf(clauses))).toEqual([finding])
    const [en, zh] = firstMessage(ruleOf(clauses))
    expect(en).toContain(message)
    expect(zh).toMatch(/\p{Script=Han}/u)
  })

  it('are suggested when misspelt, and so are their columns', () => {
    const clauses = (condition: string): string =>
      ruleOf(`MATCH (sale, claim) WHERE ${condition} AND sale.region = claim.region ${within}`)
    expect(suggestions(clauses("clami.region = 'x'"))).toEqual(['claim.region'])
    expect(suggestions(clauses("claim.regoin = 'x'"))).toEqual(['claim.region'])
    expect(suggestions(clauses('claim.严重度 = 3'))).toEqual(['claim.severity_score'])
  })

  it('are checked for values that a column never has', () => {
    expect(findings(ruleOf("MATCH (a) WHERE a.customer_role = 'martian'"))).toEqual([
      "warning never-fires: 'martian'",
    ])
    expect(findings(ruleOf('MATCH (a) WHERE a.severity_score > 10'))).toEqual([
      'warning never-fires: a.severity_score > 10',
    ])
    expect(findings(ruleOf(`WITHOUT (c) WHERE c.severity_score > 10 ${within}`))).toEqual([
      'warning no-effect: c.severity_score > 10',
    ])
  })
})

describe('a pattern', () => {
  it.each([
    [`WHERE region = 'x' MATCH (a) WHERE a.region = 'x'`, 'not-allowed-here: MATCH'],
    [`MATCH (a, b) WHERE ${same}`, 'wrong-value: MATCH'],
    [`MATCH (a, b) WHERE ${same} WITHIN INTERVAL '0 days'`, "wrong-value: INTERVAL '0 days'"],
    [`WITHOUT (c) WITHIN INTERVAL '-1 day'`, "wrong-value: INTERVAL '-1 day'"],
    [`MATCH (a, b) WHERE 1 = 1 ${within}`, 'wrong-value: 1 = 1'],
    [`WITHOUT (c) WHERE severity_score > 3 ${within}`, 'wrong-value: severity_score > 3'],
    [`MATCH (a, b) ${within} WHERE ${same}`, 'syntax: WHERE'],
    [`WITHOUT (c) WHERE c.region = 'x' HAVING COUNT(*) > 3`, 'syntax: HAVING'],
    [`WITHOUT (c, d) WHERE c.region = 'x' ${within}`, 'syntax: ,'],
    [`MATCH (a b) WHERE ${same} ${within}`, 'syntax: b'],
    [`MATCH () ${within}`, 'syntax: )'],
    [`MATCH a, b WHERE ${same} ${within}`, 'syntax: a'],
    [`MATCH (a, b) WHERE a. = b.region ${within} GROUP BY a.region`, 'syntax: ='],
    [`MATCH (a, b) WHERE ${same} WITHIN INTERVAL '9 dyas'`, "wrong-value: '9 dyas'"],
    [`WITHOUT (c) WHERE c.region = 'x' WITHIN '9 days'`, "syntax: '9 days'"],
    [`WITHOUT (c) WHERE c.region = 'x' ${within} MATCH (a)`, 'syntax: MATCH'],
  ])('%s is told once', (clauses, finding) => {
    expect(findings(ruleOf(clauses))).toEqual([finding])
  })

  it.each([
    [`MACTH (a, b) WHERE ${same} ${within}`, 'MATCH'],
    [`WIHTOUT (c) WHERE c.region = 'x' ${within}`, 'WITHOUT'],
    [`MATCH (a, b) WHERE ${same} WITHNI INTERVAL '9 days'`, 'WITHIN'],
    [`MATCH (a, b) WITHNI INTERVAL '9 days'`, 'WITHIN'],
    [`WITHOUT (c) WITIHN INTERVAL '9 days'`, 'WITHIN'],
  ])('%s: did you mean %s?', (clauses, meant) => {
    expect(suggestions(ruleOf(clauses))).toEqual([meant])
  })

  it('that is broken leaves its columns alone', () => {
    expect(findings(ruleOf(`MATCH (a, ) WHERE ${same} ${within} GROUP BY a.region`))).toEqual(['syntax: )'])
    expect(findings(ruleOf(`WITHOUT (5) WHERE c.region = region ${within} GROUP BY c.region`))).toEqual([
      'syntax: 5',
    ])
  })
})
