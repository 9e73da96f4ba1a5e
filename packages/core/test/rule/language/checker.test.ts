import { type CheckOptions, checkRules } from '@andon/core/rule'
import { describe, expect, it } from 'vitest'
import { actionKinds } from '../../../src/action/kinds/kinds.js'
import { compressorRule, ruleHaving, ruleWhere, seedRule } from './samples.js'

/** Code and the marked text of every diagnostic. */
/** The ten kinds without their parameters: what stands in the parentheses is not what these tests are about. */
const freeKinds = actionKinds.map(({ name }) => name)

function findings(text: string, options?: CheckOptions): readonly string[] {
  return checkRules(text, { kinds: freeKinds, ...options }).diagnostics.map(
    ({ code, severity, span }) =>
      `${severity === 'warning' ? 'warning ' : ''}${code}: ${text.slice(span.start, span.end)}`,
  )
}
const then = (actions: string, select = '*', rest = ''): string =>
  `CREATE RULE r AS SELECT ${select} FROM feedbacks ${rest} THEN ${actions};`

describe('types', () => {
  it.each([
    ["severity_score LIKE '9%'", 'wrong-type: severity_score'],
    ["severity_score > 'x'", "wrong-type: 'x'"],
    ['product_line > 3', 'wrong-type: 3'],
    ['3 < product_line', 'wrong-type: 3'],
    ["product_line BETWEEN 1 AND 'b'", 'wrong-type: 1'],
    ["severity_score IN (1, 'b')", "wrong-type: 'b'"],
    ['severity_score IS DISTINCT FROM product_line', 'wrong-type: product_line'],
    ['safety_flags.fire = 1', 'wrong-type: 1'],
    ['severity_score', 'wrong-type: severity_score'],
    ['NOT product_line', 'wrong-type: product_line'],
    ["-product_line = 'x'", 'wrong-type: product_line'],
    ["severity_score + product_line > 'x'", 'wrong-type: severity_score + product_line'],
    ["severity_score || severity_score = 'x'", 'wrong-type: severity_score || severity_score'],
    ['safety_flags = TRUE', 'wrong-type: safety_flags'],
    ['evidence IS NULL', 'wrong-type: evidence'],
    ["received_at > 'yesterday'", "wrong-value: 'yesterday'"],
    ["received_at > '2026-02-30'", "wrong-value: '2026-02-30'"],
    ['received_at > 3', 'wrong-type: 3'],
    ['manufactured_at - manufactured_at > 3', 'wrong-type: manufactured_at - manufactured_at'],
  ])('%s is refused', (condition, finding) => {
    expect(findings(ruleWhere(condition))).toEqual([finding])
  })

  it.each([
    "fault_code = 'E-1' AND fault_code.code = 'E-1'",
    "fault_location IN ('door') AND production_site.line = 'L2'",
    "occurred_at < received_at AND occurred_at.at > '2026-03-01 08:00'",
    "received_at - INTERVAL '30 days' > manufactured_at",
    "received_at - last_occurrence_time < INTERVAL '1 hour' * 2",
    "manufactured_at BETWEEN '2026-01-01' AND '2026-01-31'",
    "component_batches.compressor LIKE 'K7-%' AND attributes.firmware = 3",
    "satisfaction_score < 3 AND satisfaction_score.kind = 'stars'",
    "usage_at_failure.value / 2 > 100 AND usage_at_failure.unit = 'h'",
    'evidence_count > 0 AND conditions_count >= 1',
    "product_line || '/' || severity_score = 'a/8'",
    "tenant = 'acme' AND fingerprint IS NOT NULL",
    'NULL IS NULL OR safety_flags.electric_shock',
  ])('%s is fine', (condition) => {
    expect(findings(ruleWhere(condition))).toEqual([])
  })

  it('wants numbers in SUM and AVG', () => {
    expect(findings(ruleHaving('SUM(product_line) > 3 AND AVG(severity_score) > 3'))).toEqual([
      'wrong-type: product_line',
    ])
  })

  it('knows that MAX of an instant is an instant', () => {
    expect(findings(ruleHaving("MAX(received_at) > '2026-01-01' AND MAX(received_at) > 3"))).toEqual([
      'wrong-type: 3',
    ])
  })
})

describe('NOW()', () => {
  it.each([
    "received_at > NOW() - INTERVAL '1 hour'",
    "NOW() - INTERVAL '1 hour' < received_at",
    "manufactured_at < INTERVAL '1 day' + NOW()",
    "received_at + INTERVAL '1 hour' > NOW()",
    "NOT (received_at > NOW() - INTERVAL '2 months' OR safety_flags.fire)",
  ])('may stand in %s', (condition) => {
    expect(findings(ruleWhere(condition))).toEqual([])
    expect(findings(ruleHaving("MAX(received_at) > NOW() - INTERVAL '1 hour'"))).toEqual([])
  })

  it.each([
    ['NOW() > NOW()', 2],
    ["received_at BETWEEN NOW() - INTERVAL '1 hour' AND NOW()", 2],
    ["NOW() - received_at < INTERVAL '1 hour'", 1],
    ["received_at > NOW() - INTERVAL '1 hour' - INTERVAL '1 hour'", 1],
    ['NOW() IS NULL', 1],
    ['received_at IN (NOW())', 1],
  ])('may not stand in %s', (condition, times) => {
    expect(findings(ruleWhere(condition))).toEqual(
      Array.from({ length: times }, () => 'not-allowed-here: NOW()'),
    )
  })

  it('may not stand in SELECT, GROUP BY, parameters or aggregates', () => {
    const text = then(
      'notify (at = NOW())',
      'NOW() AS n, COUNT(received_at > NOW()) AS c',
      'GROUP BY received_at < NOW()',
    )
    expect(findings(text)).toEqual(Array.from({ length: 4 }, () => 'not-allowed-here: NOW()'))
  })
})

describe('groups', () => {
  it('allows no aggregate in WHERE or GROUP BY, and none in another', () => {
    expect(findings(ruleWhere('COUNT(*) > 3'))).toEqual(['not-allowed-here: COUNT(*)'])
    expect(findings(then('notify ()', '*', 'GROUP BY COUNT(*)'))).toEqual(['not-allowed-here: COUNT(*)'])
    expect(findings(ruleHaving('SUM(COUNT(*)) > 3'))).toEqual(['not-allowed-here: COUNT(*)'])
  })

  it('takes HAVING or an aggregate without GROUP BY as one group', () => {
    expect(findings(then('notify ()', '*', 'HAVING COUNT(*) > 5'))).toEqual([])
    expect(findings(then("notify (text = '{n}')", 'COUNT(*) AS n'))).toEqual([])
  })

  it('refuses columns that are neither grouped nor aggregated', () => {
    expect(findings(ruleHaving("region = 'a' AND COUNT(*) > 1"))).toEqual(['not-allowed-here: region'])
    expect(
      findings(then('notify (x = serial_number)', 'region, COUNT(*)', 'GROUP BY product_model')),
    ).toEqual(['not-allowed-here: region', 'not-allowed-here: serial_number'])
  })

  it('accepts a grouped expression as a whole and a bare column for its full name', () => {
    expect(
      findings(
        then('notify ()', 'fault_code.code, severity_score + 1', 'GROUP BY fault_code, severity_score + 1'),
      ),
    ).toEqual([])
  })

  it('says that an alias is not visible in HAVING', () => {
    const { diagnostics } = checkRules(
      compressorRule.replace('HAVING COUNT(DISTINCT serial_number)', 'HAVING units'),
    )
    expect(diagnostics[0]?.message.en).toBe(
      'units is a SELECT alias, which only action parameters see; repeat its expression here',
    )
  })

  it('refuses GROUP BY a constant', () => {
    expect(findings(then('notify ()', '*', 'GROUP BY 1'))).toEqual(['wrong-value: 1'])
  })

  it('warns of a WINDOW that has nothing to look at', () => {
    expect(findings(then('notify ()', '*', "WINDOW SLIDING INTERVAL '1 hour'"))).toEqual([
      "warning no-effect: INTERVAL '1 hour'",
    ])
  })
})

describe('lengths, priorities and names', () => {
  it.each(["'0 hours'", "'-1 day'", "'1 day -24 hours'"])(
    'refuses a WINDOW and a ONCE PER of %s',
    (length) => {
      const rest = `GROUP BY region WINDOW TUMBLING INTERVAL ${length} ONCE PER INTERVAL ${length}`
      expect(findings(then('notify ()', '*', rest))).toEqual([
        `wrong-value: INTERVAL ${length}`,
        `wrong-value: INTERVAL ${length}`,
      ])
    },
  )

  it('allows months in a WINDOW', () => {
    expect(findings(then('notify ()', '*', "GROUP BY region WINDOW TUMBLING INTERVAL '2 months'"))).toEqual(
      [],
    )
  })

  it.each(['0', '10', '1.5'])('refuses the priority %s', (priority) => {
    expect(findings(seedRule.replace('PRIORITY 1', `PRIORITY ${priority}`))).toEqual([
      `wrong-value: ${priority}`,
    ])
  })

  it('refuses two rules, aliases or parameters of one name', () => {
    expect(findings(`${seedRule}\n${seedRule.replace('critical_issue', 'Critical_Issue')}`)).toEqual([
      'duplicate: Critical_Issue_escalation',
    ])
    expect(findings(then('notify ()', 'region AS a, language AS a'))).toEqual(['duplicate: a'])
    expect(findings(then('notify (a = 1, a = 2)'))).toEqual(['duplicate: a'])
  })

  it('refuses a clause that is written twice or out of order', () => {
    expect(findings('CREATE RULE r AS SELECT * FROM feedbacks WHERE TRUE WHERE TRUE ESCALATE TO a;')).toEqual(
      ['duplicate: WHERE'],
    )
    expect(
      findings('CREATE RULE r AS SELECT * FROM feedbacks GROUP BY region WHERE TRUE ESCALATE TO a;'),
    ).toEqual(['syntax: WHERE'])
  })
})

describe('actions', () => {
  it('refuses unknown kinds and targets', () => {
    expect(findings(then('material.melt () ON spa'), { targets: ['sap'] })).toEqual([
      'unknown-name: material.melt',
      'unknown-name: spa',
    ])
    expect(findings(then('material.hold () ON whatever'))).toEqual([])
  })

  it('takes the kinds it is given instead of the standard ones', () => {
    expect(findings(then('oven.cool ()'), { kinds: ['oven.cool'] })).toEqual([])
    expect(findings(then('notify ()'), { kinds: ['oven.cool'] })).toEqual(['unknown-name: notify'])
  })

  it('checks parameters where a kind lists them', () => {
    const kinds = [{ kind: 'material.hold', params: ['batch', 'reason'], required: ['batch'] }]
    const { diagnostics } = checkRules(then("material.hold (raeson = 'x')"), { kinds })
    expect(diagnostics.map(({ message, suggestion }) => [message.en, suggestion])).toEqual([
      ['material.hold needs batch', undefined],
      ['material.hold has no parameter raeson; there are batch, reason', 'reason'],
    ])
  })

  it('lets parameters use aliases, grouped columns, aggregates and, without groups, any column', () => {
    expect(
      findings(
        then(
          'notify (a = m, b = product_model, c = COUNT(*))',
          'product_model AS m',
          'GROUP BY product_model',
        ),
      ),
    ).toEqual([])
    expect(findings(then('notify (a = serial_number)'))).toEqual([])
  })

  it('refuses placeholders that stand for nothing, pointing at the placeholder', () => {
    const text = compressorRule.replace('{units}', '{unit}')
    expect(findings(text)).toEqual(['unknown-name: {unit}'])
    expect(checkRules(text).diagnostics[0]?.suggestion).toBe('{units}')
  })

  it('lets placeholders name aliases, grouped columns and, without groups, any column', () => {
    expect(
      findings(
        then(
          'notify (t = \'{m} {region} {"json": 1} {}\')',
          'product_model AS m',
          'GROUP BY product_model, region',
        ),
      ),
    ).toEqual([])
    expect(findings(then("notify (t = '{product_model} {component_batches.mainboard}')"))).toEqual([])
    expect(findings(then("notify (t = '{serial_number}')", '*', 'GROUP BY region'))).toEqual([
      'unknown-name: {serial_number}',
    ])
  })
})

describe('a rule that can never fire', () => {
  it.each([
    ['severity_score > 8 AND severity_score < 3', 'severity_score < 3'],
    ['severity_score > 10', 'severity_score > 10'],
    ['severity_score < 0', 'severity_score < 0'],
    ['severity_score > 8 AND safety_flags.fire AND 8 >= severity_score', '8 >= severity_score'],
    ['severity_score BETWEEN 5 AND 3', 'severity_score BETWEEN 5 AND 3'],
    ['severity_score IN (1, 2) AND severity_score > 2', 'severity_score > 2'],
    ["region = 'a' AND region = 'b'", "region = 'b'"],
    ["fault_code = 'a' AND fault_code.code <> 'a'", "fault_code.code <> 'a'"],
    ["region IS NULL AND region = 'a'", "region = 'a'"],
    ['safety_flags.fire AND NOT safety_flags.fire', 'NOT safety_flags.fire'],
    ['severity_score > 11 OR severity_score < -1', 'severity_score > 11 OR severity_score < -1'],
    ['FALSE', 'FALSE'],
  ])('%s is warned of', (condition, culprit) => {
    expect(findings(ruleWhere(condition))).toEqual([`warning never-fires: ${culprit}`])
    expect(checkRules(ruleWhere(condition)).rules).toHaveLength(1)
  })

  it.each([
    'severity_score >= 10',
    'severity_score > 8 OR severity_score < 3',
    "region = 'a' OR region = 'b'",
    "region IN ('a', 'b') AND region <> 'a'",
    'NOT (severity_score > 8 AND severity_score < 3)',
    "attributes.x = 1 AND component_batches.a = 'x' AND component_batches.b = 'y'",
  ])('%s is not', (condition) => {
    expect(findings(ruleWhere(condition))).toEqual([])
  })

  it('knows that a count is never negative', () => {
    expect(findings(ruleHaving('COUNT(*) < 0'))).toEqual(['warning never-fires: COUNT(*) < 0'])
  })

  it('warns of values that a column never has, and of comparisons with NULL', () => {
    expect(findings(ruleWhere("customer_role IN ('consumer', 'martian')"))).toEqual([
      "warning never-fires: 'martian'",
    ])
    expect(findings(ruleWhere('region = NULL'))).toEqual(['warning never-fires: NULL'])
  })
})
