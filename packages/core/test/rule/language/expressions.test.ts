import { checkRules, type Diagnostic } from '@andon/core/rule'
import { describe, expect, it } from 'vitest'
import { functionNames } from '../../../src/rule/ast.js'
import { functionTable } from '../../../src/rule/functions/function-table.js'
import { ruleHaving, ruleWhere } from './samples.js'

const diagnosticsOf = (text: string): readonly Diagnostic[] => checkRules(text).diagnostics

/** Code and the marked text of every diagnostic. */
const findings = (text: string): readonly string[] =>
  diagnosticsOf(text).map(
    ({ code, severity, span }) =>
      `${severity === 'warning' ? 'warning ' : ''}${code}: ${text.slice(span.start, span.end)}`,
  )
const suggestions = (text: string): readonly (string | undefined)[] =>
  diagnosticsOf(text).map(({ suggestion }) => suggestion)

describe('functions', () => {
  it.each([
    'LENGTH(symptom_text) > 20 AND STARTS_WITH(LOWER(product_model), LEFT(region, 2))',
    "EXTRACT(hour FROM received_at AT TIME ZONE 'Asia/Shanghai') BETWEEN 0 AND 5",
    "EXTRACT('hour' FROM manufactured_at) = 0",
    "DATE_PART('epoch', received_at - occurred_at) > 3600",
    "DATE_TRUNC('week', received_at, 'Europe/Berlin') < '2026-03-01'",
    'ROUND(severity_score, 1) = 9.5 AND MOD(evidence_count, 2) = 1',
    "COALESCE(occurred_at, received_at, '2026-01-01') < '2026-03-01'",
    "GREATEST(manufactured_at, occurred_at) > '2026-01-01 08:00'",
    "CONCAT(product_line, severity_score, received_at, safety_flags.fire) <> ''",
    "COALESCE(attributes.shift, 'day') = 'night' OR LENGTH(attributes.shift) = 3",
    "received_at > occurred_at + evidence_count * INTERVAL '1 hour'",
    "NULLIF(region, '') IS NULL",
  ])('%s is fine', (condition) => {
    expect(findings(ruleWhere(condition))).toEqual([])
  })

  it.each([
    ['LENGTH(severity_score) > 1', 'wrong-type: severity_score'],
    ['ROUND(product_line) > 1', 'wrong-type: product_line'],
    ['LENGTH() > 1', 'wrong-value: LENGTH()'],
    ['LENGTH(region, region) > 1', 'wrong-value: LENGTH(region, region)'],
    ['COALESCE() > 1', 'wrong-value: COALESCE()'],
    ["COALESCE(region, 1) = 'x'", 'wrong-type: 1'],
    ['GREATEST(safety_flags.fire, TRUE)', 'wrong-type: GREATEST(safety_flags.fire, TRUE)'],
    ["COALESCE(received_at, 'soon') > '2026-01-01'", "wrong-value: 'soon'"],
    ['EXTRACT(hour FROM region) > 1', 'wrong-type: region'],
    ['EXTRACT(hours FROM received_at) > 1', 'wrong-value: hours'],
    ['EXTRACT(dow FROM received_at - occurred_at) > 1', 'wrong-value: dow'],
    ['DATE_PART(region, received_at) > 1', 'wrong-value: region'],
    ["DATE_TRUNC('weeks', received_at) > '2026-01-01'", "wrong-value: 'weeks'"],
    ["DATE_TRUNC('week', received_at, '+08:00') > '2026-01-01'", "wrong-value: '+08:00'"],
    [
      "received_at AT TIME ZONE 'Asia/Shanghai' > '2026-01-01'",
      "not-allowed-here: received_at AT TIME ZONE 'Asia/Shanghai'",
    ],
    ["EXTRACT(hour FROM received_at AT TIME ZONE 'Asia/Shangai') > 1", "wrong-value: 'Asia/Shangai'"],
    ["EXTRACT(hour FROM region AT TIME ZONE 'UTC') > 1", 'wrong-type: region'],
  ])('%s is refused', (condition, finding) => {
    expect(findings(ruleWhere(condition))).toEqual([finding])
  })

  it.each([
    ['LENGHT(region) > 1', 'LENGTH'],
    ["SUBSTRNG(region, 1) = 'x'", 'SUBSTRING'],
    ["COALESC(region, 'x') = 'x'", 'COALESCE'],
    ['EXTRACT(hours FROM received_at) > 1', 'hour'],
    ["EXTRACT(hour FROM received_at AT TIME ZONE 'Asia/Shangai') > 1", "'Asia/Shanghai'"],
    ["COALESCE(severity_score, '8') > 7", '8'],
  ])('%s: did you mean %s?', (condition, meant) => {
    expect(suggestions(ruleWhere(condition))).toContain(meant)
  })

  it('are all in the table, and every one can be misspelt', () => {
    for (const name of functionNames) {
      expect(functionTable[name]).toBeDefined()
      const slip = `${name}X(region) = 'x'`
      expect(diagnosticsOf(ruleWhere(slip))[0]?.suggestion, slip).toBe(name)
    }
  })

  it('whose errors are said in both languages', () => {
    const wrong =
      "LENGTH() > 1 AND EXTRACT(hours FROM received_at AT TIME ZONE 'x') > 1 AND COALESCE(1, 'a') = 1"
    const messages = diagnosticsOf(ruleWhere(wrong)).map(({ message }) => message)
    expect(messages).toHaveLength(4)
    for (const { en, zh } of messages) {
      expect(en).not.toMatch(/\p{Script=Han}/u)
      expect(zh).toMatch(/\p{Script=Han}/u)
    }
  })
})

describe('CASE', () => {
  it.each([
    "CASE WHEN severity_score > 8 THEN 'high' WHEN severity_score > 4 THEN 'mid' ELSE 'low' END = 'high'",
    "CASE channel WHEN 'web' THEN 1 WHEN 'app' THEN 2 END = 1",
    'CASE WHEN safety_flags.fire THEN NULL ELSE severity_score END > 1',
    "CASE received_at WHEN '2026-01-01' THEN TRUE ELSE FALSE END",
  ])('%s is fine', (condition) => {
    expect(findings(ruleWhere(condition))).toEqual([])
  })

  it.each([
    ['CASE WHEN severity_score THEN 1 END = 1', 'wrong-type: severity_score'],
    ["CASE WHEN TRUE THEN 1 ELSE 'a' END = 1", "wrong-type: 'a'"],
    ["CASE severity_score WHEN 'a' THEN 1 END = 1", "wrong-type: 'a'"],
    ["CASE channel WHEN 'emial' THEN 1 END = 1", "warning never-fires: 'emial'"],
    ['CASE END = 1', 'syntax: END'],
    ['CASE WHEN TRUE 1 END = 1', 'syntax: 1'],
    ['CASE WHEN TRUE THEN 1 = 1', 'syntax: ESCALATE'],
  ])('%s is refused', (condition, finding) => {
    expect(findings(ruleWhere(condition))).toContain(finding)
  })

  it('that cannot be read is one error, and its THEN is not taken for the rule’s', () => {
    const text = ruleWhere('CASE WHEN + THEN 1 ELSE 2 END = 1 AND severity_score > 8')
    expect(findings(text)).toEqual(['syntax: +'])
  })
})

describe('ANY and ALL', () => {
  it.each([
    "'fridge' = ANY (conditions.quantity) AND 'Cel' <> ALL (conditions.unit)",
    "evidence_count > 0 AND 'image/png' = ANY (evidence.mime) AND 0.5 < ALL (evidence.confidence)",
    "region = ANY (ARRAY['CN-GD', 'CN-SH', NULL])",
    "received_at >= ALL (ARRAY['2026-01-01', occurred_at])",
  ])('%s is fine', (condition) => {
    expect(findings(ruleWhere(condition))).toEqual([])
  })

  it.each([
    ['3 = ANY (conditions.quantity)', 'wrong-type: 3'],
    ["'a' = ANY (region)", 'wrong-type: region'],
    ["'a' = ANY (conditions)", 'wrong-type: conditions'],
    ["'a' = ANY (conditions.quantitiy)", 'unknown-name: conditions.quantitiy'],
    ["'a' = ANY (ARRAY['a', 1])", 'wrong-type: 1'],
    ["conditions.quantity = 'fridge'", 'wrong-type: conditions.quantity'],
    ["ARRAY['a'] = 'a'", "not-allowed-here: ARRAY['a']"],
    ["channel = ANY (ARRAY['emial'])", "warning never-fires: 'emial'"],
    ['severity_score = ANY (ARRAY[11, 12])', 'warning never-fires: severity_score = ANY (ARRAY[11, 12])'],
  ])('%s is refused', (condition, finding) => {
    expect(findings(ruleWhere(condition))).toEqual([finding])
  })

  it('members of lists are suggested', () => {
    expect(suggestions(ruleWhere("'a' = ANY (conditions.quantitiy)"))).toEqual(['conditions.quantity'])
  })
})

describe('aggregates', () => {
  it.each([
    'COUNT(*) FILTER (WHERE severity_score > 8) >= 3',
    "COUNT(DISTINCT serial_number) FILTER (WHERE 'fridge' = ANY (conditions.quantity)) >= 3",
    'SHARE(*) FILTER (WHERE safety_flags.fire) > 0.1',
    'SHARE(DISTINCT serial_number) FILTER (WHERE severity_score > 8) > 0.1',
    "RATE(INTERVAL '1 hour') > 5",
    "RATE(INTERVAL '1 hour') FILTER (WHERE severity_score > 8) > 5",
    'PERCENTILE(severity_score, 0.95) > 8 AND PERCENTILE(LENGTH(symptom_text), 1) < 100',
    'CASE WHEN COUNT(*) > 10 THEN AVG(severity_score) ELSE MAX(severity_score) END > 8',
  ])('%s is fine', (condition) => {
    expect(findings(ruleHaving(condition))).toEqual([])
  })

  it.each([
    ['SHARE(*) > 0.1', 'syntax: >'],
    [
      'SHARE(*) FILTER (WHERE safety_flags.fire) > 1',
      'warning never-fires: SHARE(*) FILTER (WHERE safety_flags.fire) > 1',
    ],
    ["RATE(INTERVAL '1 hour') < 0", "warning never-fires: RATE(INTERVAL '1 hour') < 0"],
    ["RATE(INTERVAL '0 hours') > 1", "wrong-value: RATE(INTERVAL '0 hours')"],
    ['RATE(3) > 1', 'syntax: 3'],
    ['PERCENTILE(severity_score, 1.5) > 8', 'wrong-value: PERCENTILE(severity_score, 1.5)'],
    ['PERCENTILE(severity_score) > 8', 'syntax: )'],
    ['PERCENTILE(severity_score, severity_score) > 8', 'syntax: severity_score'],
    ['PERCENTILE(region, 0.5) > 8', 'wrong-type: region'],
    ['COUNT(*) FILTER (WHERE severity_score) > 8', 'wrong-type: severity_score'],
    ['COUNT(*) FILTER (WHERE COUNT(*) > 1) > 8', 'not-allowed-here: COUNT(*) > 1'],
    ["COUNT(*) FILTER (WHERE received_at > NOW() - INTERVAL '1 hour') > 8", 'not-allowed-here: NOW()'],
    ['COUNT(*) FLITER (WHERE safety_flags.fire) > 8', 'syntax: FLITER'],
    ['MAX(safety_flags.fire) > 1', 'wrong-type: safety_flags.fire'],
  ])('%s is refused', (condition, finding) => {
    expect(findings(ruleHaving(condition))).toContain(finding)
  })

  it('a slip of FILTER is mended', () => {
    expect(suggestions(ruleHaving('COUNT(*) FLITER (WHERE safety_flags.fire) > 8'))).toEqual(['FILTER'])
  })

  it('a filtered count is another one than the whole', () => {
    const text = ruleHaving('COUNT(*) > 3 AND COUNT(*) FILTER (WHERE severity_score > 8) < 2')
    expect(findings(text)).toEqual([])
  })
})

describe('NOW()', () => {
  it('may be compared inside of CASE and COALESCE', () => {
    const recent = "CASE WHEN received_at > NOW() - INTERVAL '1 hour' THEN TRUE ELSE FALSE END"
    expect(findings(ruleWhere(recent))).toEqual([])
  })

  it.each([
    'COALESCE(received_at, NOW()) IS NULL',
    'EXTRACT(hour FROM NOW()) > 5',
    'received_at = ANY (ARRAY[NOW()])',
  ])('may not stand in %s', (condition) => {
    expect(findings(ruleWhere(condition))).toEqual(['not-allowed-here: NOW()'])
  })
})
