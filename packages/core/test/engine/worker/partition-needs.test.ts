import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { partitionNeeds, repartitionTopic } from '../../../src/engine/worker/partition-needs.js'
import { parseRules } from '../../../src/rule/index.js'

/** Where each rule goes: `stays`, or the columns its feedback is partitioned by. */
function needs(text: string): Readonly<Record<string, string>> {
  const { staying, moved } = partitionNeeds(parseRules(text))
  return Object.fromEntries([
    ...staying.map(({ name }) => [name, 'stays']),
    ...moved.flatMap(({ columns, rules }) =>
      rules.map(({ name }) => [name, columns.length === 0 ? 'tenant' : columns.join(' ')]),
    ),
  ])
}

const window = `WINDOW SLIDING INTERVAL '1 hour' HAVING COUNT(*) >= 2`
const grouped = (by: string, rest = ''): string =>
  `CREATE RULE r AS SELECT COUNT(*) AS n FROM feedbacks GROUP BY ${by} ${window} ${rest} ESCALATE TO quality;`

describe('a rule stays where the stream is partitioned by tenant and model', () => {
  it.each([
    [
      'it remembers nothing',
      'CREATE RULE r AS SELECT * FROM feedbacks WHERE severity_score > 8 ESCALATE TO q;',
    ],
    ['it groups by the model', grouped('product_model')],
    ['it groups by the model and more', grouped('region, product_model, component_batches.compressor')],
    [
      'its steps are of one model',
      `CREATE RULE r AS SELECT b.region AS region FROM feedbacks MATCH (a, b)
       WHERE b.product_model = a.product_model WITHIN INTERVAL '1 hour' ESCALATE TO q;`,
    ],
    [
      'what does not come would be of the same model',
      `CREATE RULE r AS SELECT * FROM feedbacks WITHOUT (c) WHERE c.product_model = product_model
       WITHIN INTERVAL '1 hour' ESCALATE TO q;`,
    ],
  ])('when %s', (_, text) => {
    expect(needs(text)).toEqual({ r: 'stays' })
  })
})

describe('a rule moves', () => {
  it.each([
    [
      'to the tenant, when it fires once per time whatever it is about',
      'tenant',
      `CREATE RULE r AS SELECT * FROM feedbacks ONCE PER INTERVAL '1 day' ESCALATE TO q;`,
    ],
    [
      'to the tenant, when it counts everything',
      'tenant',
      `CREATE RULE r AS SELECT COUNT(*) AS n FROM feedbacks ${window} ESCALATE TO q;`,
    ],
    [
      'to the tenant, when its steps have nothing in common',
      'tenant',
      `CREATE RULE r AS SELECT b.region AS region FROM feedbacks MATCH (a, b)
       WHERE a.severity_score > 5 WITHIN INTERVAL '1 hour' ESCALATE TO q;`,
    ],
    ['to what it groups by', 'region', grouped('region')],
    ['to all that it groups by, in one order', 'fault_code.code region', grouped('region, fault_code')],
    ['to the tenant, when that is all it groups by', 'tenant', grouped('tenant')],
    ['to the columns of its groups, the tenant aside', 'region', grouped('tenant, region')],
    [
      'to what is equal in its steps',
      'serial_number',
      `CREATE RULE r AS SELECT b.region AS region FROM feedbacks MATCH (a, b)
       WHERE b.serial_number = a.serial_number WITHIN INTERVAL '1 hour' ESCALATE TO q;`,
    ],
    [
      'to the columns among its groups, when others are computed',
      'region',
      grouped(`region, severity_score + 1`),
    ],
    ['to the tenant, when all its groups are computed', 'tenant', grouped('severity_score + 1')],
  ])('%s', (_, columns, text) => {
    expect(needs(text)).toEqual({ r: columns })
  })
})

describe('rules that inhibit one another', () => {
  const inhibitor = (by: string): string =>
    `CREATE RULE first AS SELECT COUNT(*) AS n FROM feedbacks GROUP BY ${by} ${window} ESCALATE TO q;`
  const dependent = (by: string, name = 'second', on = 'first'): string =>
    `CREATE RULE ${name} AS SELECT COUNT(*) AS n FROM feedbacks GROUP BY ${by} ${window} INHIBITED BY ${on} ESCALATE TO q;`

  it('stay when all of them may', () => {
    const rules = inhibitor('product_model') + dependent('product_model, region')
    expect(needs(rules)).toEqual({ first: 'stays', second: 'stays' })
  })

  it('move together, by what they have in common', () => {
    const rules = inhibitor('region') + dependent('product_model, region')
    expect(needs(rules)).toEqual({ first: 'region', second: 'region' })
  })

  it('move to the tenant, when they have nothing in common', () => {
    const rules = inhibitor('region') + dependent('product_model')
    expect(needs(rules)).toEqual({ first: 'tenant', second: 'tenant' })
  })

  it('also over others', () => {
    const rules =
      inhibitor('region, product_model') +
      dependent('region, product_model') +
      dependent('region', 'third', 'second')
    expect(needs(rules)).toEqual({ first: 'region', second: 'region', third: 'region' })
  })

  it('and take a rule along that could be anywhere', () => {
    const anywhere = `CREATE RULE second AS SELECT * FROM feedbacks WHERE severity_score > 8 INHIBITED BY first ESCALATE TO q;`
    expect(needs(inhibitor('product_model') + anywhere)).toEqual({ first: 'tenant', second: 'tenant' })
  })
})

describe('the topic of copies', () => {
  const column = fc.oneof(
    fc.constantFrom('region', 'serial_number', 'component_batches.compressor', 'fault_code.code'),
    fc.string({ minLength: 1, maxLength: 8 }).map((key) => `attributes.${key}`),
    fc.constantFrom('attributes.a-b', 'attributes.a', 'b', 'attributes.外观'),
  )
  const columns = fc.uniqueArray(column, { maxLength: 5 }).map((all) => all.toSorted())

  it('has a name that every broker takes, and no two sets of columns share one', () => {
    fc.assert(
      fc.property(columns, columns, (one, other) => {
        const name = repartitionTopic('quality', one)
        expect(name).toMatch(/^[A-Za-z0-9._-]{1,200}$/)
        const isSame = JSON.stringify(one) === JSON.stringify(other)
        expect(repartitionTopic('quality', other) === name).toBe(isSame)
      }),
      { numRuns: 500 },
    )
  })
})
