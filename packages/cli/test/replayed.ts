import { expect } from 'vitest'
import * as z from 'zod'
import { andon, type FakeIo, folderWith } from './helpers.js'

export const mapping = {
  version: 1,
  channel: 'web',
  filedAt: 'filed',
  fields: {
    sourceMessageId: { column: 'id' },
    symptomText: { column: 'text' },
    productModel: { column: 'model' },
    occurredAt: { at: { column: 'happened' }, precision: 'day' },
    severityScore: { column: 'severity' },
  },
}

export const rules = `CREATE RULE cluster AS
SELECT COUNT(*) AS reports FROM feedbacks
GROUP BY product_model WINDOW SLIDING INTERVAL '30 days'
HAVING COUNT(*) >= 3
ESCALATE TO quality;`

export const header = 'id,filed,model,text,happened,severity'
export const csv = `${header}
1,2024-01-01,X,It rattles.,2024-01-01,4
2,2024-01-10,X,"It rattles, loudly.",1919-05-05,4
3,2024-01-10,Y,It stopped.,2024-01-09,4
4,2024-01-15,X,It rattles.,2024-01-14,4
4,2024-01-16,X,It rattles.,2024-01-14,4
5,2024-01-20,X,It rattles still.,2024-01-20,high
6,2024-01-25,X,Rattling.,2024-01-25,5
7,2024-02-20,X,Rattling.,2024-02-20,5
8,2024-02-20,X,Rattling.,2030-02-20,5
9,2024-02-20,X
`

const reportSchema = z.strictObject({
  rows: z.number(),
  accepted: z.number(),
  duplicates: z.number(),
  quarantined: z.strictObject({
    count: z.number(),
    reasons: z.array(
      z.strictObject({
        field: z.string(),
        reason: z.string(),
        count: z.number(),
        examples: z.array(z.strictObject({ row: z.number(), value: z.string() })),
      }),
    ),
  }),
  misdated: z.strictObject({
    count: z.number(),
    days: z.number(),
    examples: z.array(z.strictObject({ row: z.number(), date: z.string(), filedAt: z.string() })),
  }),
  feedback: z.number(),
  from: z.string().nullable(),
  to: z.string().nullable(),
  signals: z.array(
    z.strictObject({
      id: z.string(),
      rule: z.string(),
      title: z.string(),
      status: z.string(),
      openedAt: z.string(),
      lastSeenAt: z.string(),
      severity: z.number(),
      firings: z.number(),
      occurrences: z.number(),
      facts: z.record(z.string(), z.unknown()),
      quotes: z.array(z.strictObject({ at: z.string(), channel: z.string(), text: z.string() })),
    }),
  ),
  warnings: z.array(z.unknown()),
  interrupted: z.boolean(),
  seconds: z.number(),
  rowsPerSecond: z.number(),
})

export async function replayed(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: {
    readonly file?: string
    readonly map?: object
    readonly more?: readonly string[]
    readonly io?: FakeIo
  } = {},
) {
  const at = folderWith({ 'map.json': JSON.stringify(options.map ?? mapping), 'rules.sql': rules, ...files })
  const file = at(options.file ?? 'data.csv')
  const argv = ['replay', file, '--map', at('map.json'), '--rules', at('rules.sql'), ...(options.more ?? [])]
  return { at, ...(await andon(argv, options.io)) }
}

export async function reported(
  ...parameters: Parameters<typeof replayed>
): Promise<z.infer<typeof reportSchema>> {
  const [files, options = {}] = parameters
  const { code, out, err } = await replayed(files, { ...options, more: ['--json', ...(options.more ?? [])] })
  expect({ code, err }).toEqual({ code: 0, err: '' })
  return reportSchema.parse(JSON.parse(out))
}
