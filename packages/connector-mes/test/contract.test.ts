import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { LoggedRequest, Mes } from '@andon/testkit'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import * as z from 'zod'
import { type MesKind, mesAlarms } from '../src/index.js'
import { actionOf, contextOf, richMes, targetOf } from './support/given.js'

const schemaSchema = z.record(z.string(), z.json())
const bodySchema = z.object({ content: z.record(z.string(), z.object({ schema: schemaSchema })) })
const responseSchema = z.union([bodySchema, z.object({ $ref: z.string() }).transform(() => undefined)])
const documentSchema = z.object({
  paths: z.record(
    z.string(),
    z.record(
      z.string(),
      z.object({
        operationId: z.string(),
        requestBody: bodySchema.optional(),
        responses: z.record(z.string(), responseSchema),
      }),
    ),
  ),
  components: z.object({ schemas: z.record(z.string(), z.json()) }),
})
const file = fileURLToPath(new URL('../openapi/andon-mes.v1.json', import.meta.url))
const { paths, components } = documentSchema.parse(JSON.parse(readFileSync(file, 'utf8')))

/** A schema with what it refers to in its place. */
function whole(schema: z.output<ReturnType<typeof z.json>>): z.output<ReturnType<typeof z.json>> {
  if (Array.isArray(schema)) return schema.map(whole)
  if (typeof schema !== 'object' || schema === null) return schema
  const { $ref } = schema
  if (typeof $ref === 'string')
    return whole(components.schemas[$ref.replace('#/components/schemas/', '')] ?? null)
  const { discriminator: _, ...rest } = schema
  return Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, whole(value)]))
}

const validator = (schema: z.output<ReturnType<typeof z.json>>): z.ZodType => {
  const json = whole(schema)
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new TypeError('not a schema')
  return z.fromJSONSchema({ $schema: 'http://json-schema.org/draft-07/schema#', ...json })
}

interface Operation {
  readonly name: string
  readonly method: string
  readonly path: RegExp
  readonly asked?: z.ZodType
  readonly told: z.ZodType
}

const jsonOf = (body: z.output<typeof bodySchema> | undefined) => body?.content['application/json']?.schema

const operations: readonly Operation[] = Object.entries(paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, { operationId, requestBody, responses }]) => {
    const asked = jsonOf(requestBody)
    const answer = jsonOf(responses['200'])
    if (answer === undefined) throw new TypeError(`${operationId} has no answer`)
    return {
      ...{ name: operationId, method: method.toUpperCase(), told: validator(answer) },
      path: new RegExp(`^/andon/v1${path.replace(/\{\w+\}/g, '[^/]+')}$`),
      ...(asked !== undefined && { asked: validator(asked) }),
    }
  }),
)
const problem = validator({ $ref: '#/components/schemas/Problem' })

const operationOf = ({ method, target }: LoggedRequest): Operation | undefined =>
  operations.find((one) => one.method === method && one.path.test(target.split('?', 1)[0] ?? ''))

const kinds: readonly MesKind[] = [
  'material.hold',
  'material.release',
  'parameter.adjust',
  'schedule.prioritise',
  'schedule.rework',
  'inspection.request',
  'quality.notification',
  'notify',
]

describe('the published contract', () => {
  let running: Mes
  beforeAll(async () => {
    running = await richMes()
    const target = targetOf(running, 5_000)
    for (const kind of kinds) {
      const action = actionOf(kind, 1)
      const receipt = await target.execute(action, contextOf())
      await target.lookUp(action, contextOf())
      await target.execute(action, contextOf(1))
      if (kind !== 'notify') await target.revert(action, receipt, contextOf())
    }
    const units = actionOf('material.hold', 2, { id: 'units', params: { serials: ['U-1'], reason: 'x' } })
    await target.revert(units, await target.execute(units, contextOf()), contextOf())
    const unknown = actionOf('material.hold', 3, { id: 'unknown', params: { batch: 'none', reason: 'x' } })
    await target.execute(unknown, contextOf()).catch(() => undefined)
    await target.observe?.(
      [
        { kind: 'batch', id: 'C-1' },
        { kind: 'unit', id: 'U-1' },
        { kind: 'order', id: 'none' },
        { kind: 'parameter', equipment: 'E-1', id: 'mould/temperature' },
      ],
      contextOf(),
    )
    await target.trace?.({ serials: ['U-2', 'none'], batches: ['C-1', 'M-1'], limit: 10 }, contextOf())
    await target.check()
    running.raise({
      ...{
        conditionId: 'IM-7/low',
        active: true,
        message: 'low',
        time: '2026-03-01T00:00:00Z',
        severity: 700,
      },
      values: [{ name: 'temperature', value: 51.5, unit: 'Cel' }],
    })
    const { url } = running
    const token = /Bearer (\S+)/.exec(running.requests.at(-1)?.rawHeaders.join(' ') ?? '')?.[1] ?? 'none'
    const source = mesAlarms({ url, auth: { kind: 'bearer', token } })
    for await (const _ of source.receive({ signal: new AbortController().signal })) break
    await source.close()
    await target.close()
  })
  afterAll(() => running.close())

  const told = (): readonly LoggedRequest[] =>
    running.requests.filter(({ target }) => target.startsWith('/andon/'))

  it('has every operation that the target and the source ask for, and they ask for all of them', () => {
    const asked = new Set(told().map((request) => operationOf(request)?.name))
    expect([...asked].sort()).toEqual(operations.map(({ name }) => name).sort())
  })

  it('lets be asked what they ask', () => {
    for (const request of told().filter(({ text }) => text !== '')) {
      const checked = operationOf(request)?.asked?.safeParse(JSON.parse(request.text))
      expect(checked, `${request.method} ${request.target} ${request.text}`).toMatchObject({ success: true })
    }
  })

  it('lets be answered what the simulator answers', () => {
    const statuses = new Set<number>()
    for (const request of told()) {
      const { outcome, answer = '', method, target } = request
      if (typeof outcome === 'number') statuses.add(outcome)
      const schema = outcome === 200 ? operationOf(request)?.told : problem
      const checked = schema?.safeParse(JSON.parse(answer))
      expect(checked, `${method} ${target} ${outcome} ${answer}`).toMatchObject({ success: true })
    }
    expect(statuses).toEqual(new Set([200, 404]))
  })

  it('is as strict as it says: another property is refused', () => {
    const hold = operations.find(({ name }) => name === 'holdLot')
    expect(hold?.asked?.safeParse({ reason: 'x' }).success).toBe(true)
    expect(hold?.asked?.safeParse({ reason: 'x', colour: 'red' }).success).toBe(false)
    expect(hold?.asked?.safeParse({}).success).toBe(false)
  })
})
