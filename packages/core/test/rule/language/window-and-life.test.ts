import { parseRules } from '@andon/core/rule'
import { describe, expect, it } from 'vitest'
import { findings, firstMessage, suggestions } from './findings.js'
import { bare, ruleOf } from './samples.js'

const hours = (count: number) => ({ months: 0, days: 0, milliseconds: count * 3_600_000 })
const hour = "INTERVAL '1 hour'"
const rule = (clauses: string): unknown => bare(parseRules(ruleOf(clauses))[0])
const having = 'HAVING COUNT(*) > 3'

describe('windows', () => {
  it.each([
    [`SESSION ${hour}`, { kind: 'session', size: hours(1) }],
    ['COUNT 20', { kind: 'count', count: 20 }],
    [
      `SLIDING ${hour} ON EVENT TIME LATENESS INTERVAL '2 hours'`,
      { kind: 'sliding', size: hours(1), lateness: hours(2) },
    ],
    [`TUMBLING ${hour} EMIT FINAL`, { kind: 'tumbling', size: hours(1), final: true }],
    [
      `session ${hour} on event time lateness INTERVAL '0 hours' emit final`,
      { kind: 'session', size: hours(1), lateness: hours(0), final: true },
    ],
  ])('WINDOW %s is read', (window, expected) => {
    expect(rule(`WINDOW ${window} ${having}`)).toMatchObject({ window: expected })
  })

  it.each([
    [`SLIDING ${hour} EMIT FINAL`, 'not-allowed-here: EMIT FINAL'],
    ['COUNT 20 EMIT FINAL', 'not-allowed-here: EMIT FINAL'],
    [`COUNT 20 ON EVENT TIME LATENESS ${hour}`, 'not-allowed-here: ON EVENT TIME'],
    ['COUNT 0', 'wrong-value: 0'],
    ['COUNT 1.5', 'wrong-value: 1.5'],
    ['COUNT 1000001', 'wrong-value: 1000001'],
    ['COUNT many', 'syntax: many'],
    ["SESSION INTERVAL '0 s'", "wrong-value: INTERVAL '0 s'"],
    [`SLIDING ${hour} ON EVENT TIME LATENESS INTERVAL '-1 s'`, "wrong-value: INTERVAL '-1 s'"],
    [`SLIDING ${hour} ON EVENT TIME`, 'syntax: HAVING'],
  ])('WINDOW %s is refused', (window, finding) => {
    expect(findings(ruleOf(`WINDOW ${window} ${having}`))).toEqual([finding])
  })

  it.each([
    [`SESION ${hour}`, 'SESSION'],
    ['CONUT 20', 'COUNT'],
    [`SLIDING ${hour} ON EVNET TIME LATENESS ${hour}`, 'EVENT'],
    [`SLIDING ${hour} ON EVENT TIME LATNESS ${hour}`, 'LATENESS'],
    [`TUMBLING ${hour} EMIT FNAL`, 'FINAL'],
    [`TUMBLING ${hour} EMTI FINAL`, 'EMIT'],
  ])('WINDOW %s: did you mean %s?', (window, meant) => {
    expect(suggestions(ruleOf(`WINDOW ${window} ${having}`))).toEqual([meant])
  })

  it('of the last n entries never hold more than n', () => {
    const clauses = (least: number): string => ruleOf(`WINDOW COUNT 5 HAVING COUNT(*) > ${least}`)
    expect(findings(clauses(5))).toEqual(['warning never-fires: COUNT(*) > 5'])
    expect(findings(clauses(4))).toEqual([])
  })
})

describe('the life of a firing', () => {
  it('is read clause by clause', () => {
    const text = `${ruleOf(having, 'loud')}
      ${ruleOf(`${having} RESOLVE WHEN COUNT(*) < 2 FOR ${hour} KEEP FIRING FOR INTERVAL '2 hours'
        ONCE PER INTERVAL '3 hours' INHIBITED BY loud, Louder`)}`
    expect(bare(parseRules(text, { rules: ['louder'] })[1])).toMatchObject({
      resolveWhen: { operator: '<' },
      holdFor: hours(1),
      keepFiringFor: hours(2),
      oncePer: hours(3),
      inhibitedBy: ['loud', 'louder'],
    })
  })

  const clauses = [
    ['RESOLVE WHEN', 'RESOLVE WHEN COUNT(*) < 2', 'COUNT(*) < 2'],
    ['FOR', `FOR ${hour}`, hour],
    ['KEEP FIRING FOR', `KEEP FIRING FOR ${hour}`, hour],
  ] as const
  it.each(clauses)('%s needs HAVING', (name, clause, marked) => {
    const text = ruleOf(`GROUP BY region ${clause}`)
    expect(findings(text)).toEqual([`not-allowed-here: ${marked}`])
    expect(firstMessage(text)).toEqual([
      `${name} needs HAVING: without it a rule fires for each feedback, not for a while`,
      `${name} 需要 HAVING：没有它，规则只对单条反馈触发，没有持续的触发状态`,
    ])
  })

  it.each(clauses)('%s goes neither with ON EVENT TIME nor with EMIT FINAL', (_, clause, marked) => {
    for (const more of [`ON EVENT TIME LATENESS ${hour}`, 'EMIT FINAL']) {
      expect(findings(ruleOf(`WINDOW TUMBLING ${hour} ${more} ${having} ${clause}`))).toEqual([
        `not-allowed-here: ${marked}`,
      ])
    }
  })

  it.each([
    ["FOR INTERVAL '0 s'", "wrong-value: INTERVAL '0 s'"],
    ["KEEP FIRING FOR INTERVAL '-1 s'", "wrong-value: INTERVAL '-1 s'"],
    ['RESOLVE WHEN COUNT(*)', 'wrong-type: COUNT(*)'],
    ["RESOLVE WHEN region = 'x'", 'not-allowed-here: region'],
    ['RESOLVE WHEN COUNT(*) < 0', 'warning no-effect: COUNT(*) < 0'],
    ['RESOLVE COUNT(*) < 2', 'syntax: COUNT'],
    [`FOR ${hour} RESOLVE WHEN COUNT(*) < 2`, 'syntax: RESOLVE'],
    [`FOR ${hour} FOR ${hour}`, 'duplicate: FOR'],
  ])('%s is told', (clause, finding) => {
    expect(findings(ruleOf(`${having} ${clause}`))).toEqual([finding])
  })

  it.each([
    ['REOSLVE WHEN COUNT(*) < 2', 'RESOLVE'],
    ['RESOLVE WHNE COUNT(*) < 2', 'WHEN'],
    [`KEPE FIRING FOR ${hour}`, 'KEEP'],
    [`KEEP FIRIGN FOR ${hour}`, 'FIRING'],
    ['INHIBITTED BY other', 'INHIBITED'],
  ])('%s: did you mean %s?', (clause, meant) => {
    expect(suggestions(`${ruleOf(having, 'other')}${ruleOf(`${having} ${clause}`)}`)).toEqual([meant])
  })

  it('does not take FOR for a misspelt OR', () => {
    expect(findings(ruleOf(`WHERE severity_score > 3 FOR ${hour}`))).toEqual([`not-allowed-here: ${hour}`])
  })

  it('is told from the stage in the header', () => {
    const text = `CREATE RULE r FOR STAGE rnd AS SELECT * FROM feedbacks ${having} FOR ${hour} ESCALATE TO t;`
    expect(parseRules(text)[0]).toMatchObject({ stage: 'rnd', holdFor: hours(1) })
  })

  it.each([
    'WHERE = attributes.keep.where > 3',
    'WHERE ) resolve for keep inhibited match without',
    'WHERE > region IS DISTINCT FROM tenant',
    'WHERE COUNT(* > (WHERE region)',
    'WHERE > EXTRACT(hour FROM received_at)',
    'WHERE > CASE WHEN safety_flags.fire THEN 1 END',
  ])('is not looked for in the middle of what is broken: %s', (broken) => {
    expect(findings(ruleOf(`${broken} ${having} FOR INTERVAL '0 s'`))).toEqual([
      expect.stringMatching(/^syntax: /),
      "wrong-value: INTERVAL '0 s'",
    ])
  })

  it('is still read behind a clause that is broken', () => {
    expect(
      findings(
        ruleOf(`WHERE attributes.for > > 3 GROUP BY region ${having} COUNT FOR ${hour} KEEP FIRING ${hour}`),
      ),
    ).toEqual(['syntax: >', 'syntax: COUNT', 'syntax: INTERVAL'])
  })
})

describe('RATE', () => {
  it.each(['COUNT 20', `SESSION ${hour}`])('needs a window of fixed length, which %s is not', (window) => {
    expect(findings(ruleOf(`WINDOW ${window} HAVING RATE(${hour}) > 3`))).toContain(
      `not-allowed-here: RATE(${hour})`,
    )
  })
})
