import * as z from 'zod'
import type { components } from '../../generated/digital-manufacturing-setpoint.js'
import type { SapContext } from '../../http/sap-http.js'
import { ask, type Dm, find, queryOf } from './dm.js'

type Schemas = components['schemas']

// What is not known here goes back to DM as it came.
const parameterSchema = z
  .object({
    dataType: z.enum(['NUMERIC', 'STRING', 'BOOLEAN']),
    parameter: z.string(),
    resource: z.string(),
    numericValue: z.number().exactOptional(),
    lowerLimitValue: z.number().nullable().exactOptional(),
    upperLimitValue: z.number().nullable().exactOptional(),
  })
  .catchall(z.json())
const groupSchema = z.object({
  setPointGroup: z.string(),
  version: z.string(),
  parameters: z.array(parameterSchema).default([]),
  customValues: z
    .array(z.object({ attribute: z.string(), value: z.string() }))
    .nullish()
    .transform((list) => list ?? []),
})
export type SetPointGroup = z.infer<typeof groupSchema>
export type SetPoint = z.infer<typeof parameterSchema>

/** One group in one version; undefined when there is no such. */
export async function setPointGroup(dm: Dm, name: string, version: string, context: SapContext) {
  const path = `/setpoint/v3/groups${queryOf({ plant: dm.plant, setpointgroup: name, version, size: 10 })}`
  const found = await find(dm, { method: 'GET', path }, z.object({ groups: z.array(groupSchema) }), context)
  return found?.groups.find((one) => one.setPointGroup === name && one.version === version)
}

/** Both lists are given whole: DM replaces them. */
export async function changeGroup(dm: Dm, group: SetPointGroup, context: SapContext) {
  const { setPointGroup: name, version, parameters, customValues } = group
  const body = { plant: dm.plant, setPointGroup: name, version, parameters, customValues }
  const call = { method: 'PATCH', path: '/setpoint/v3/groups', body } as const
  await ask(dm, call, z.object({ setPointGroup: z.string() }), context)
}

/** True when the machine has taken it. */
export async function writeSetPoint(
  dm: Dm,
  wanted: { readonly resource: string; readonly parameter: string; readonly setPointGroup: string },
  context: SapContext,
): Promise<boolean> {
  const body: Schemas['SetPointRequest'] = { plant: dm.plant, ...wanted }
  const call = { method: 'POST', path: '/setpoint/v3/write', body: { ...body } } as const
  const written = await ask(dm, call, z.array(z.object({ success: z.boolean() })), context)
  return written.length > 0 && written.every(({ success }) => success)
}
