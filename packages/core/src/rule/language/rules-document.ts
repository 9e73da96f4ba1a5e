import * as z from 'zod'
import { stageNames } from '../ast.js'
import type { RuleDefinition } from './rule-definition.js'

/** Rules as JSON: what `defineRule` takes, expressions as the rule language writes them. */
export interface RulesDocument {
  readonly version: 1
  readonly rules: readonly RuleDefinition<string>[]
}

const expression = z.string().describe('as the rule language writes it, e.g. severity_score > 8')
const length = z.string().describe('as INTERVAL reads it, e.g. 24 hours')
const onEventTime = z.strictObject({ lateness: length }).exactOptional()
const emitFinal = z.boolean().exactOptional()

const window = z.union([
  z.strictObject({ sliding: length, onEventTime }),
  z.strictObject({ tumbling: length, onEventTime, emitFinal }),
  z.strictObject({ session: length, onEventTime, emitFinal }),
  z.strictObject({ count: z.number() }),
])

const action = z.strictObject({
  kind: z.string(),
  params: z.record(z.string(), z.union([expression, z.number(), z.boolean()])).exactOptional(),
  target: z.string().exactOptional(),
  priority: z.number().exactOptional(),
})

const rule = z.strictObject({
  name: z.string(),
  stage: z.enum(stageNames).exactOptional(),
  select: z
    .union([
      z.record(z.string(), expression),
      z.array(z.strictObject({ expression, alias: z.string().exactOptional() })),
    ])
    .exactOptional(),
  where: expression.exactOptional(),
  match: z
    .strictObject({
      steps: z.array(z.string()),
      where: expression.exactOptional(),
      within: length.exactOptional(),
    })
    .exactOptional(),
  without: z
    .strictObject({ step: z.string(), where: expression.exactOptional(), within: length })
    .exactOptional(),
  groupBy: z.array(expression).exactOptional(),
  window: window.exactOptional(),
  having: expression.exactOptional(),
  resolveWhen: expression.exactOptional(),
  holdFor: length.exactOptional(),
  keepFiringFor: length.exactOptional(),
  oncePer: length.exactOptional(),
  inhibitedBy: z.array(z.string()).exactOptional(),
  actions: z.array(action),
})

/** What a rules document must be, whatever its rules mean. */
export const rulesDocumentSchema = z.strictObject({
  /** What editors look for; it says nothing to us. */
  $schema: z.string().exactOptional(),
  version: z.literal(1),
  rules: z.array(rule),
})

/** The form of a rules document as JSON Schema (draft 2020-12), for editors and validators. */
export function rulesJsonSchema(): Readonly<Record<string, unknown>> {
  return z.toJSONSchema(rulesDocumentSchema, { io: 'input' })
}
