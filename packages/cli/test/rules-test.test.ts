import { describe, expect, it } from 'vitest'
import { andon, folderWith, seedRule } from './helpers.js'

const waveRule = `CREATE RULE wave AS
SELECT component_batches.compressor AS batch, COUNT(DISTINCT serial_number) AS units FROM feedbacks
WHERE fault_code = 'E-COOL-01'
GROUP BY component_batches.compressor WINDOW SLIDING INTERVAL '1 hour'
HAVING COUNT(DISTINCT serial_number) >= 3
THEN notify (to = 'quality', text = '{units} units of {batch}') WITH PRIORITY 3;
`
const fiveFridges = `
  - name: the third unit of one compressor batch is told
    given:
      - feedback: { fault_code: E-COOL-01, component_batches: { compressor: C-117 }, serial_number: 'SN-{n}' }
        times: 5
        every: 10 minutes
    expect:
      - rule: wave
        at: 20m
        facts: { batch: C-117, units: 3 }
        actions: [{ kind: notify, priority: 3, params: { text: 3 units of C-117 } }]
`
const files = (tests: string) => ({
  'rules.sql': seedRule + waveRule,
  'rules.test.yaml': `rules: rules.sql\nfeedback: { product_line: 高端系列 }\ntests:${tests}`,
})

describe('andon rules test', () => {
  it('passes when exactly the expected firings come, at their instants', async () => {
    const path = folderWith(
      files(`${fiveFridges}
  - name: spread over a day they are no wave
    given:
      - feedback: { fault_code: E-COOL-01, component_batches: { compressor: C-117 }, serial_number: 'SN-{n}' }
        times: 5
        every: 5 hours
    wait: 2 days
    expect: []
`),
    )
    const { code, out, err } = await andon(['rules', 'test', path('rules.test.yaml')])
    expect(err).toBe('')
    expect(out).toContain('2 passed, 0 failed')
    expect(code).toBe(0)
  })

  it('fails and shows the nearest firing when the facts differ', async () => {
    const path = folderWith(files(fiveFridges.replace('units: 3 }', 'units: 4 }')))
    const { code, out } = await andon(['rules', 'test', path('rules.test.yaml')])
    expect(code).toBe(1)
    expect(out).toContain('facts.units: 4 ≠ 3')
    expect(out).toContain('0 passed, 1 failed')
  })

  it('fails when a rule fires that nobody expected, and says when', async () => {
    const path = folderWith(
      files(`
  - name: nothing happens
    given: [{ at: 5m, feedback: { severity_score: 9.5 } }]
    expect: []
`),
    )
    const { code, out } = await andon(['rules', 'test', path('rules.test.yaml'), '--lang', 'zh'])
    expect(code).toBe(1)
    expect(out).toContain('critical_issue_escalation 在 +5分 意外触发')
  })

  it('fails when a rule stays silent that should have fired', async () => {
    const path = folderWith(
      files(`
  - name: mild
    given: [{ feedback: { severity_score: 3 } }]
    expect: [{ rule: critical_issue_escalation }]
`),
    )
    const { code, out } = await andon(['rules', 'test', path('rules.test.yaml'), '--json'])
    expect(code).toBe(1)
    expect(JSON.parse(out)).toMatchObject({
      passed: 0,
      failed: 1,
      tests: [{ name: 'mild', passed: false, unmet: [{ rule: 'critical_issue_escalation', missing: 1 }] }],
    })
  })

  it('keeps an old complaint from an escalation that looks back one hour', async () => {
    const path = folderWith(
      files(`
  - name: old news
    given:
      - at: 2026-03-01T08:00:00Z
        feedback: { severity_score: 9, last_occurrence_time: 2026-03-01T06:00:00Z, occurred_at: 2026-03-01T06:00:00+00:00 }
    expect: []
`),
    )
    expect((await andon(['rules', 'test', path('rules.test.yaml')])).code).toBe(0)
  })

  it('says which field was meant, and which rule', async () => {
    const field = folderWith(
      files(`
  - name: typing error
    given: [{ feedback: { severty_score: 9 } }]
    expect: []
`),
    )
    expect((await andon(['rules', 'test', field('rules.test.yaml')])).err).toContain(
      'did you mean severity_score?',
    )
    const rule = folderWith(
      files(`
  - name: typing error
    given: [{}]
    expect: [{ rule: wvae }]
`),
    )
    const { code, err } = await andon(['rules', 'test', rule('rules.test.yaml')])
    expect(err).toContain('did you mean wave?')
    expect(code).toBe(1)
  })

  it('points to the line of what is no test file', async () => {
    const path = folderWith(files('\n  - name: x\n    given: [{}]\n    wait: soon\n    expect: []\n'))
    const { code, err } = await andon(['rules', 'test', path('rules.test.yaml')])
    expect(code).toBe(1)
    expect(err).toMatch(/6:11 tests\.0\.wait: "soon" is not a duration/)
  })
})
