import { ZenEngine } from '@gorules/zen-engine'
import type { Comparison, Condition, Facts } from '../rule-condition.ts'
import { type Spelling, spell } from '../rule-condition.ts'
import type { Engine } from './engine.ts'

const operators = { equal: '==', above: '>', from: '>=', below: '<' } as const

/** ZEN's expressions, for the column without a field: what no row of plain cells can say. */
const expression: Spelling = {
  and: 'and',
  or: 'or',
  comparison: ({ field, is, value }) => {
    if (is === 'contains') return `contains(${field}, ${JSON.stringify(value)})`
    if (is === 'starts with') return `startsWith(${field}, ${JSON.stringify(value)})`
    return `${field} ${operators[is]} ${JSON.stringify(value)}`
  },
}

/** A cell under its field's column. */
function cell({ is, value }: Comparison): string {
  if (is === 'contains') return `contains($, ${JSON.stringify(value)})`
  if (is === 'starts with') return `startsWith($, ${JSON.stringify(value)})`
  return is === 'equal' ? JSON.stringify(value) : `${operators[is]} ${value}`
}

const fields = [
  'product_line',
  'region',
  'product_model',
  'batch_number',
  'serial_number',
  'symptom_text',
  'severity_score',
  'usage',
] as const

function row(condition: Condition, index: number): Record<string, string> {
  const cells: Record<string, string> = { _id: `row_${index}`, rule: String(index) }
  const comparisons = 'all' in condition ? condition.all : [condition]
  for (const part of comparisons) {
    if (!('field' in part)) return { ...cells, when: spell(condition, expression) }
    const known = cells[part.field]
    cells[part.field] = known === undefined ? cell(part) : `${known} and ${cell(part)}`
  }
  return cells
}

/** One decision table that collects every row that is met, with a column for each field that the rules use. */
export const zenEngine: Engine<Facts> = {
  event: (facts) => facts,
  load: (conditions) => {
    const rules = conditions.map(row)
    const used = fields.filter((field) => rules.some((cells) => field in cells))
    const whole = rules.some((cells) => 'when' in cells) ? [{ id: 'when', name: 'when' }] : []
    const blank = Object.fromEntries([...used, ...whole.map(({ id }) => id)].map((id) => [id, '']))
    const decision = new ZenEngine().createDecision({
      nodes: [
        { id: 'in', type: 'inputNode', name: 'in', position: { x: 0, y: 0 } },
        {
          id: 'table',
          type: 'decisionTableNode',
          name: 'table',
          position: { x: 1, y: 0 },
          content: {
            hitPolicy: 'collect',
            inputs: [...used.map((field) => ({ id: field, name: field, field })), ...whole],
            outputs: [{ id: 'rule', name: 'rule', field: 'rule' }],
            // A cell that is not there is never met; an empty one always is.
            rules: rules.map((cells) => ({ ...blank, ...cells })),
          },
        },
        { id: 'out', type: 'outputNode', name: 'out', position: { x: 2, y: 0 } },
      ],
      edges: [
        { id: 'e1', type: 'edge', sourceId: 'in', targetId: 'table' },
        { id: 'e2', type: 'edge', sourceId: 'table', targetId: 'out' },
      ],
    })
    return async (facts) => {
      const { result } = await decision.evaluate(facts)
      return Array.isArray(result) ? result.length : 0
    }
  },
}
