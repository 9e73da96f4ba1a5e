import { readdirSync, readFileSync } from 'node:fs'
import { type S4Hana, startS4Hana } from '@andon/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { inRoot } from '../../scripts/lib/root.mjs'

// The simulator is not written from the connector's code. Both have SAP's names, and here they are compared: what the
// connector's OpenAPI files say of an entity is what the simulator says of it in its $metadata.

const propertySchema = z.looseObject({
  type: z.string().optional(),
  format: z.string().optional(),
  maxLength: z.number().optional(),
  'x-precision': z.number().optional(),
  'x-scale': z.number().optional(),
})
type Property = z.infer<typeof propertySchema>

const apiSchema = z.object({
  servers: z.tuple([z.object({ url: z.string() })]),
  paths: z.record(z.string(), z.unknown()),
  components: z.object({
    schemas: z.record(
      z.string(),
      z.looseObject({ properties: z.record(z.string(), propertySchema).optional() }),
    ),
  }),
})

const folder = inRoot('packages', 'connector-sap', 'openapi')
const ofS4 = readdirSync(folder).filter(
  (name) => name.endsWith('.json') && !name.startsWith('digital-manufacturing'),
)

/** As `$metadata` has it; undefined for what is no field, e.g. a navigation. */
function edmOf({ type, format, maxLength, ...rest }: Property): string | undefined {
  const byFormat: Readonly<Record<string, string>> = {
    'edm-datetime': 'Edm.DateTime',
    'edm-datetimeoffset': 'Edm.DateTimeOffset',
    'date-time': 'Edm.DateTimeOffset',
    'edm-time': 'Edm.Time',
    date: 'Edm.Date',
    int16: 'Edm.Int32',
    int32: 'Edm.Int32',
  }
  if (format === 'decimal') return `Edm.Decimal(${rest['x-precision']},${rest['x-scale']})`
  if (format !== undefined) return byFormat[format] ?? format
  if (type === 'boolean') return 'Edm.Boolean'
  return type === 'string' ? `Edm.String(${maxLength ?? 'any'})` : undefined
}

/** Type → field → type of the field. */
function typesIn(metadata: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const types = metadata.matchAll(/<EntityType Name="(\w+)Type">(.*?)<\/EntityType>/gs)
  return new Map(
    [...types].map(([, name = '', content = '']) => [
      name,
      new Map(
        [
          ...content.matchAll(
            /<Property Name="(\w+)" Type="(Edm\.\w+)"(?: MaxLength="(\d+)")?(?: Precision="(\d+)" Scale="(\d+)")?\/>/g,
          ),
        ].map(([, field = '', type = '', length, precision, scale]) => [
          field,
          type === 'Edm.String'
            ? `Edm.String(${length ?? 'any'})`
            : precision === undefined
              ? type
              : `${type}(${precision},${scale})`,
        ]),
      ),
    ]),
  )
}

let s4: S4Hana | undefined
beforeAll(async () => {
  s4 = await startS4Hana()
})
afterAll(() => s4?.close())

describe('the simulated S/4HANA and the connector have the same fields', () => {
  it.each(ofS4)('in %s', async (file) => {
    const api = apiSchema.parse(JSON.parse(readFileSync(`${folder}/${file}`, 'utf8')))
    const [{ url }] = api.servers
    const answer = await fetch(`${s4?.url}${url}/$metadata?sap-client=100`)
    const types = typesIn(await answer.text())
    expect([...types.keys()].length).toBeGreaterThan(0)
    for (const [type, fields] of types) {
      const schema = api.components.schemas[type] ?? expect.fail(`${file} has no ${type}`)
      const described = Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
        const edm = name.startsWith('@') || name === '__metadata' ? undefined : edmOf(property)
        return edm === undefined ? [] : [[name, edm]]
      })
      expect(Object.fromEntries(fields), type).toEqual(Object.fromEntries(described))
    }
  })
})
