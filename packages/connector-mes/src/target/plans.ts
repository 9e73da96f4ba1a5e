import type { Action, JsonObject, Localized } from '@andon/core/connector'
import type * as z from 'zod'
import type { MesSchemas } from '../contract/operations.js'
import { given } from './given.js'
import { type MesKind, paramsOf } from './params.js'
import { type Plan, planned } from './plan.js'
import { quotesOf } from './quotes.js'

export interface Unplannable {
  readonly problem: Localized
}

type Params<K extends MesKind> = z.output<(typeof paramsOf)[K]>

/** The customers' words and the reason, which go along whatever is asked. */
interface Said {
  readonly reason: string
  readonly quotes: readonly MesSchemas['Quote'][]
}

/** Proof members that the answer has. */
const shown = (from: Readonly<Record<string, unknown>>, ...names: readonly string[]): JsonObject =>
  Object.fromEntries(
    names.flatMap((name) => {
      const value = from[name]
      return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean'
        ? [[name, value]]
        : []
    }),
  )

export const lotProof =
  (held: boolean) =>
  ({ lot }: MesSchemas['LotAnswer']): JsonObject => ({
    ...{ batch: lot.lot, ...shown(lot, 'held', 'component', 'location', 'quantity', 'unitCount') },
    ...(lot.units !== undefined && { units: [...lot.units] }),
    confirmed: lot.held === held,
  })

export const unitsProof =
  (held: boolean) =>
  ({ units }: MesSchemas['UnitsAnswer']): JsonObject => {
    const count = units.filter((unit) => unit.held).length
    return { units: units.length, held: count, confirmed: count === (held ? units.length : 0) }
  }

/** Of a lot, or of single units in one request. */
function materialPlan(verb: 'hold' | 'release', params: Params<'material.hold'>, said: Said): Plan {
  const { batch: lot, component, serials = [] } = params
  const held = verb === 'hold'
  if (lot === undefined) {
    return planned(held ? 'holdUnits' : 'releaseUnits', { serials, ...said }, unitsProof(held))
  }
  const asked = { lot, ...given({ component }), ...said }
  return planned(held ? 'holdLot' : 'releaseLot', asked, lotProof(held))
}

export const parameterProof = ({ parameter, previousValue }: MesSchemas['ParameterAnswer']): JsonObject => ({
  ...shown(parameter, 'value', 'unit', 'changedAt'),
  previousValue,
})

function parameterPlan(params: Params<'parameter.adjust'>, said: Said): Plan {
  const { equipment, parameter, from, to: value, unit, low, high, max_step: maxStep } = params
  const bounds = { low, high, maxStep, ...given({ dwellSeconds: params.dwell }) }
  const asked = {
    ...{ equipment, parameter, value, unit, bounds, ...said },
    ...given({ expects: from, validForSeconds: params.expiry }),
  }
  const subject = { kind: 'parameter', equipment, id: parameter } as const
  const proof = (told: MesSchemas['ParameterAnswer']): JsonObject => ({
    ...{ equipment, parameter, ...parameterProof(told) },
    ...given({ validForSeconds: params.expiry }),
  })
  return planned('adjustParameter', asked, proof, { readBack: { subject, value } })
}

const messagePlan = ({ to, text }: Params<'notify'>, { reason, quotes }: Said, { priority }: Action): Plan =>
  planned('sendMessage', { to, text: text ?? reason, priority, quotes }, ({ message }) => ({
    ...{ id: message.id, to: message.to, confirmed: message.to === to },
  }))

type Planner = (action: Action) => Plan | Unplannable

/** Checks the parameters, then plans. */
function planner<T extends { readonly reason?: string | undefined }>(
  schema: z.ZodType<T>,
  plan: (params: T, said: Said, action: Action) => Plan,
): Planner {
  return (action) => {
    const params = schema.safeParse(action.params)
    if (!params.success) {
      const issue = params.error.issues[0]
      const path = ['params', ...(issue?.path ?? [])].map(String).join('.')
      return { problem: { en: `${path}: ${issue?.message ?? 'not valid'}`, zh: `${path}：不符合要求` } }
    }
    const { en, zh } = action.reason
    const reason = params.data.reason ?? `${en}\n${zh}`
    return plan(params.data, { reason, quotes: quotesOf(action.quotes) }, action)
  }
}

const planners: { readonly [K in MesKind]: Planner } = {
  'material.hold': planner(paramsOf['material.hold'], (params, said) => materialPlan('hold', params, said)),
  'material.release': planner(paramsOf['material.release'], (params, said) =>
    materialPlan('release', params, said),
  ),
  'parameter.adjust': planner(paramsOf['parameter.adjust'], parameterPlan),
  'schedule.prioritise': planner(paramsOf['schedule.prioritise'], ({ order: id, priority }, said) =>
    planned('prioritiseOrder', { order: id, priority, ...said }, ({ order, previousPriority }) => ({
      ...{ ...shown(order, 'id', 'status', 'priority'), previousPriority },
      confirmed: order.priority === priority,
    })),
  ),
  'schedule.rework': planner(paramsOf['schedule.rework'], ({ order, batch, quantity, priority }, said) =>
    planned('scheduleRework', { ...given({ order, lot: batch, quantity, priority }), ...said }, (told) => ({
      ...shown(told.order, 'id', 'kind', 'status', 'priority', 'quantity', 'aboutOrder', 'aboutLot'),
      confirmed: told.order.status !== 'cancelled',
    })),
  ),
  'inspection.request': planner(
    paramsOf['inspection.request'],
    ({ batch, product_model: productModel, sample_size: sampleSize }, said) =>
      planned(
        'requestInspection',
        { ...given({ lot: batch, productModel, sampleSize }), ...said },
        ({ inspection }) => ({
          ...{ ...shown(inspection, 'id', 'status', 'lot'), confirmed: inspection.status !== 'cancelled' },
        }),
      ),
  ),
  'quality.notification': planner(
    paramsOf['quality.notification'],
    ({ title, text, product_model: productModel, batch }, { reason, quotes }) =>
      planned(
        'raiseNotification',
        { title, text: text ?? reason, ...given({ productModel, lot: batch }), quotes },
        ({ notification }) => ({
          ...shown(notification, 'id', 'status', 'title'),
          confirmed: notification.status !== 'withdrawn',
        }),
      ),
  ),
  escalate: planner(paramsOf.escalate, messagePlan),
  notify: planner(paramsOf.notify, messagePlan),
}

/** The plan of an action, with the customers' words in it; or what is wrong with its parameters. */
export const planOf = (kind: MesKind, action: Action): Plan | Unplannable => planners[kind](action)
