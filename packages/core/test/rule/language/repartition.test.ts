import { describe, expect, it } from 'vitest'
import { findings } from './findings.js'
import { ruleOf } from './samples.js'

const options = { partitionedBy: ['product_model'] }
const within = "WITHIN INTERVAL '9 days'"
const warning = ['warning needs-repartition: probe']

describe('with feedback partitioned by product_model', () => {
  it.each([
    "WHERE severity_score > 8 ONCE PER INTERVAL '1 day'",
    'GROUP BY region, product_model HAVING COUNT(*) > 3',
    `MATCH (a, b) WHERE a.product_model = b.product_model AND a.region = 'x' ${within}`,
    `MATCH (a, b, c) WHERE c.product_model = b.product_model AND a.product_model = c.product_model ${within}`,
    `MATCH (a, b) WHERE a.product_model = 'X' AND b.product_model = 'X' ${within}`,
    `MATCH (a, b) WHERE a.product_model IS NOT DISTINCT FROM b.product_model ${within} GROUP BY b.product_model HAVING COUNT(*) > 3`,
    `WITHOUT (c) WHERE c.product_model = product_model ${within}`,
    "MATCH (a) WHERE a.region = 'x'",
  ])('%s is judged within a partition', (clauses) => {
    expect(findings(ruleOf(clauses), options)).toEqual([])
  })

  it.each([
    'HAVING COUNT(*) > 3',
    'GROUP BY region HAVING COUNT(*) > 3',
    `MATCH (a, b) WHERE a.serial_number = b.serial_number ${within}`,
    `MATCH (a, b, c) WHERE a.product_model = b.product_model AND c.region = b.region ${within}`,
    `MATCH (a, b) WHERE a.product_model = b.product_model OR a.region = b.region ${within}`,
    `MATCH (a, b) WHERE a.product_model = 'X' AND b.product_model = 'Y' ${within}`,
    `MATCH (a, b) WHERE a.product_model = b.product_model ${within} HAVING COUNT(*) > 3`,
    `WITHOUT (c) WHERE c.region = region ${within}`,
  ])('%s is warned of', (clauses) => {
    expect(findings(ruleOf(clauses), options)).toEqual(warning)
    expect(findings(ruleOf(clauses))).toEqual([])
  })

  it('needs every column of the partitioning', () => {
    const both = { partitionedBy: ['product_model', 'region'] }
    expect(findings(ruleOf('GROUP BY product_model HAVING COUNT(*) > 3'), both)).toEqual(warning)
    expect(findings(ruleOf('GROUP BY product_model, region HAVING COUNT(*) > 3'), both)).toEqual([])
  })

  it('takes the short name of a column for the full one', () => {
    const code = { partitionedBy: ['fault_code.code'] }
    expect(findings(ruleOf('GROUP BY fault_code HAVING COUNT(*) > 3'), code)).toEqual([])
  })
})
