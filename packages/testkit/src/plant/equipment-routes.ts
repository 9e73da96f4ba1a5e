import type { Localized } from '@andon/core/connector'
import * as z from 'zod'
import { type Floor, nextNumber, type PlantParameter } from './floor.js'
import { known, Refusal, type Route, reading, writing } from './route.js'

const equipmentKind = { en: 'equipment', zh: '设备' }
const parameterKind = { en: 'parameter', zh: '参数' }

/** Floating point must not refuse a step of exactly the largest size: 0.3 − 0.1 > 0.2. */
const tolerance = 1e-9

const parameterBody = z.object({
  value: z.number(),
  unit: z.string(),
  reason: z.string().trim().min(1).max(10_000),
  /** The value that the writer believes to stand now. */
  expects: z.number().optional(),
  /** The action whose change this write takes back. */
  restores: z.string().min(1).optional(),
  expiry: z.string().max(200).optional(),
})

function parameterOf(floor: Floor, equipment: string, name: string): PlantParameter {
  const parameters = known(floor.equipment, equipment, equipmentKind).parameters
  return known(new Map(Object.entries(parameters)), name, parameterKind)
}

function refuse(status: 409 | 422, code: string, text: Localized): never {
  throw new Refusal(status, code, text)
}

/** The machine's own limits: they keep the veto, whoever asks. */
function checkLimits(parameter: PlantParameter, body: z.infer<typeof parameterBody>, at: number): void {
  const { value, low, high, unit, maxStep, dwellSeconds, changedAt } = parameter
  if (body.unit !== unit) {
    refuse(422, 'unit_differs', {
      en: `the unit is ${unit}, not ${body.unit}`,
      zh: `单位是 ${unit}，不是 ${body.unit}`,
    })
  }
  if (body.value < low || body.value > high) {
    const range = `${low}…${high} ${unit}`
    refuse(422, 'out_of_limits', {
      en: `${body.value} lies outside ${range}`,
      zh: `${body.value} 超出范围 ${range}`,
    })
  }
  if (body.expects !== undefined && Math.abs(body.expects - value) > tolerance) {
    refuse(409, 'value_differs', {
      en: `it stands at ${value}, not at ${body.expects}`,
      zh: `当前值为 ${value}，不是 ${body.expects}`,
    })
  }
  if (body.restores !== undefined) {
    // Taking back the last change is always allowed: it leads to where the machine just was.
    const isLast = parameter.changedBy === body.restores && parameter.previous === body.value
    if (isLast) return
    refuse(409, 'changed_since', {
      en: 'it was changed since by another',
      zh: '此后已被其他操作更改',
    })
  }
  if (Math.abs(body.value - value) > maxStep + tolerance) {
    refuse(422, 'step_too_large', {
      en: `a step of ${Math.abs(body.value - value)} is larger than ${maxStep}`,
      zh: `步长 ${Math.abs(body.value - value)} 超过 ${maxStep}`,
    })
  }
  const seconds = changedAt === null ? Number.POSITIVE_INFINITY : (at - changedAt) / 1000
  if (seconds < dwellSeconds) {
    refuse(409, 'dwell', {
      en: `it was changed ${seconds} s ago and must stand for ${dwellSeconds} s`,
      zh: `${seconds} 秒前刚更改，须保持 ${dwellSeconds} 秒`,
    })
  }
}

export const equipmentRoutes: readonly Route[] = [
  reading('/equipment', (floor) => ({ equipment: [...floor.equipment.values()] })),
  reading('/equipment/:/parameters/:', (floor, [id = '', name = ''], at) => {
    const parameter = parameterOf(floor, id, name)
    const { changedAt } = parameter
    return { ...parameter, secondsSinceChange: changedAt === null ? null : (at - changedAt) / 1000 }
  }),
  writing(
    'PUT',
    '/equipment/:/parameters/:',
    parameterBody,
    (floor, [id = '', name = ''], body, { action, at }) => {
      const parameter = parameterOf(floor, id, name)
      checkLimits(parameter, body, at)
      const previousValue = parameter.value
      Object.assign(parameter, {
        value: body.value,
        previous: previousValue,
        changedAt: at,
        changedBy: action,
      })
      parameter.expiry = body.expiry ?? null
      return { reference: nextNumber(floor, 'CHANGE'), answer: { ...parameter, previousValue } }
    },
  ),
]
