import type { Localized } from '@andon/core/connector'
import * as z from 'zod'
import { type Floor, nextNumber, type PlantParameter } from './floor.js'
import {
  type Answer,
  changedSince,
  known,
  nothingLeft,
  Refusal,
  type Route,
  reading,
  toChange,
  unknown,
  type Writer,
  writing,
} from './route.js'

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
  /** Bounds of the writer's own, on top of the machine's: the tighter one counts. */
  bounds: z
    .object({ maxStep: z.number().min(0).optional(), dwellSeconds: z.number().min(0).optional() })
    .default({}),
})
type ParameterBody = z.infer<typeof parameterBody>

function parameterOf(floor: Floor, equipment: string, name: string): PlantParameter {
  const parameters = known(floor.equipment, equipment, equipmentKind).parameters
  const parameter = Object.hasOwn(parameters, name) ? parameters[name] : undefined
  return parameter ?? unknown(name, parameterKind)
}

function refuse(status: 409 | 422, code: string, text: Localized): never {
  throw new Refusal(status, code, text)
}

/** The machine's own limits: they keep the veto, whoever asks. */
function checkLimits(parameter: PlantParameter, body: ParameterBody, at: number): void {
  const { value, low, high, unit } = parameter
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
  if (body.restores === undefined) checkStep(parameter, body)
  else checkRestores(parameter, body)
  if (body.restores === undefined || !parameter.restoresAtOnce) checkDwell(parameter, body, at)
}

/** Only the last change can be taken back. It may be in one step: it leads to where the machine just was. */
function checkRestores({ changedBy, previous, value }: PlantParameter, body: ParameterBody): void {
  if (changedBy === body.restores && previous === body.value) return
  throw Math.abs(value - body.value) <= tolerance ? nothingLeft() : changedSince()
}

function checkStep({ value, maxStep }: PlantParameter, body: ParameterBody): void {
  const step = Math.abs(body.value - value)
  const largest = Math.min(maxStep, body.bounds.maxStep ?? maxStep)
  if (step <= largest + tolerance) return
  refuse(422, 'step_too_large', {
    en: `a step of ${step} is larger than ${largest}`,
    zh: `步长 ${step} 超过 ${largest}`,
  })
}

function checkDwell({ changedAt, dwellSeconds }: PlantParameter, body: ParameterBody, at: number): void {
  const seconds = changedAt === null ? Number.POSITIVE_INFINITY : (at - changedAt) / 1000
  const shortest = Math.max(dwellSeconds, body.bounds.dwellSeconds ?? 0)
  if (seconds >= shortest) return
  refuse(409, 'dwell', {
    en: `it was changed ${seconds} s ago and must stand for ${shortest} s`,
    zh: `${seconds} 秒前刚更改，须保持 ${shortest} 秒`,
  })
}

/** What the plant says of a parameter when only it is asked for. */
function shown({ history: _, ...parameter }: PlantParameter): Answer {
  return parameter
}

function change(parameter: PlantParameter, body: ParameterBody, { action, at }: Writer, limit: number): void {
  const { value, expiry = null, restores = null } = body
  const { history, value: previous } = parameter
  history.push({ at, value, previous, by: action, restores })
  if (history.length > limit) history.shift()
  Object.assign(parameter, { value, previous, changedAt: at, changedBy: action, expiry })
}

export const equipmentRoutes: readonly Route[] = [
  reading('/equipment', (floor) => ({ equipment: [...floor.equipment.values()] })),
  reading('/equipment/:/parameters/:', (floor, [id = '', name = ''], at) => {
    const parameter = parameterOf(floor, id, name)
    const { changedAt } = parameter
    return { ...shown(parameter), secondsSinceChange: changedAt === null ? null : (at - changedAt) / 1000 }
  }),
  writing('PUT', '/equipment/:/parameters/:', parameterBody, (floor, [id = '', name = ''], body, writer) => {
    const found = parameterOf(floor, id, name)
    checkLimits(found, body, writer.at)
    const parameter = toChange(found, writer)
    const { value: previousValue } = parameter
    change(parameter, body, writer, floor.historyLimit)
    return {
      reference: nextNumber(floor, 'CHANGE'),
      answer: { ...shown(parameter), previousValue },
      ...{ done: !writer.wrong, undoes: [body.restores ?? null] },
    }
  }),
]
