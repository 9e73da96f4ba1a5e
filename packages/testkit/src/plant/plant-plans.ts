import type { Action, JsonObject, Quote } from '@andon/core/connector'
import type { Evidence } from '@andon/core/feedback'
import * as z from 'zod'
import type { PlantCall } from './plant-client.js'
import { type PlantKind, plantParams } from './plant-params.js'

/** What one action, or its undoing, means for the plant. */
export interface PlantPlan {
  readonly call: PlantCall
  /** Where the state stands that proves the effect. */
  readonly readBack: (reference: string) => string
  /** What of that state goes into the receipt; `answer` is what the plant said when it did the work. */
  readonly proof: (state: JsonObject, answer: JsonObject) => JsonObject
  /** Looked at before the call: what forbids it, beyond the plant's own rules. */
  readonly forbidden?: { readonly path: string; readonly problem: (state: JsonObject) => string | undefined }
  /** The plant's codes that say that there is nothing left to undo. */
  readonly nothingLeft?: readonly string[]
}

export const pathTo = (...parts: readonly string[]): string => `/${parts.map(encodeURIComponent).join('/')}`

export const pick = (from: JsonObject, ...names: readonly string[]): JsonObject =>
  Object.fromEntries(names.flatMap((name) => (from[name] === undefined ? [] : [[name, from[name]]])))

const text = (value: string | undefined, key: string): JsonObject =>
  value === undefined ? {} : { [key]: value }

const attachmentJson = ({ uri, mime, sha256, derivedText }: Evidence): JsonObject => ({
  ...{ uri, mime, ...text(sha256, 'sha256'), ...text(derivedText, 'derivedText') },
})

function quoteJson(quote: Quote): JsonObject {
  const {
    feedbackId,
    channel,
    at: said,
    language,
    text: words,
    conditions,
    evidence,
    productModel,
    serialNumber,
  } = quote
  return {
    ...{ feedbackId, channel, at: said, language, text: words },
    conditions: conditions.map(({ quantity, text: from, unit, min, max }) => ({
      ...{ quantity, text: from, ...text(unit, 'unit') },
      ...(min !== undefined && { min }),
      ...(max !== undefined && { max }),
    })),
    ...(evidence !== undefined && { evidence: evidence.map(attachmentJson) }),
    ...text(productModel, 'productModel'),
    ...text(serialNumber, 'serialNumber'),
  }
}

/** What stands where a rule gives no words of its own. */
const saidBy = ({ reason }: Action): string => `${reason.en}\n${reason.zh}`

const count = (value: number | undefined, key: string): JsonObject =>
  value === undefined ? {} : { [key]: value }

type Planner = (action: Action) => PlantPlan | { readonly problem: string }

/** Checks the parameters, then plans. */
function planner<T>(schema: z.ZodType<T>, plan: (params: T, action: Action) => PlantPlan): Planner {
  return (action) => {
    const result = schema.safeParse(action.params)
    if (result.success) return plan(result.data, action)
    const issue = result.error.issues[0]
    return { problem: `${['params', ...(issue?.path ?? [])].join('.')}: ${issue?.message ?? 'not valid'}` }
  }
}

const planners: { readonly [K in PlantKind]: Planner } = {
  'material.hold': planner(plantParams['material.hold'], ({ batch, component, reason }, action) => ({
    call: {
      method: 'POST',
      path: pathTo('batches', batch, 'hold'),
      body: { reason: reason ?? saidBy(action), ...text(component, 'component') },
    },
    readBack: () => pathTo('batches', batch),
    proof: (state) => {
      const holds = z
        .array(z.object({ action: z.string().nullable() }))
        .catch([])
        .parse(state.holds)
      const confirmed = holds.some((hold) => hold.action === action.id)
      return { ...pick(state, 'batch', 'component', 'status', 'heldBy', 'unitsInProcess'), confirmed }
    },
  })),
  'material.release': planner(plantParams['material.release'], ({ batch, component, reason }, action) => ({
    call: {
      method: 'POST',
      path: pathTo('batches', batch, 'release'),
      body: { reason: reason ?? saidBy(action), ...text(component, 'component') },
    },
    readBack: () => pathTo('batches', batch),
    proof: (state) => ({
      ...pick(state, 'batch', 'component', 'status'),
      confirmed: state.status === 'free',
    }),
  })),
  'parameter.adjust': planner(plantParams['parameter.adjust'], (params, action) => {
    const { equipment, parameter, from, to, unit, expiry, dwell, reason = saidBy(action) } = params
    const path = pathTo('equipment', equipment, 'parameters', parameter)
    return {
      call: {
        ...{ method: 'PUT', path },
        body: {
          ...{ value: to, unit, reason, ...text(expiry, 'expiry'), ...count(from, 'expects') },
        },
      },
      forbidden: {
        path,
        problem({ value, changedBy, secondsSinceChange }) {
          if (changedBy === action.id) return undefined
          if (typeof value === 'number' && Math.abs(to - value) > params.max_step + 1e-9) {
            return `params.to: ${to} − ${value} > max_step ${params.max_step}`
          }
          const stood = typeof secondsSinceChange === 'number' ? secondsSinceChange : Number.POSITIVE_INFINITY
          return dwell !== undefined && stood < dwell ? `params.dwell: ${stood} s < ${dwell} s` : undefined
        },
      },
      readBack: () => path,
      proof: (state, answer) => ({
        ...{ equipment, parameter, ...pick(state, 'value', 'unit', 'changedAt', 'expiry') },
        ...{ previousValue: answer.previousValue ?? null, confirmed: state.value === to },
      }),
    }
  }),
  'schedule.prioritise': planner(
    plantParams['schedule.prioritise'],
    ({ order, priority, reason }, action) => ({
      call: {
        method: 'PUT',
        path: pathTo('orders', order, 'priority'),
        body: { priority, reason: reason ?? saidBy(action) },
      },
      readBack: () => pathTo('orders', order),
      proof: (state, answer) => ({
        ...pick(state, 'id', 'status', 'priority'),
        ...{ previousPriority: answer.previousPriority ?? null, confirmed: state.priority === priority },
      }),
    }),
  ),
  'schedule.rework': planner(
    plantParams['schedule.rework'],
    ({ order, batch, quantity, priority, reason }, action) => ({
      call: {
        ...{ method: 'POST', path: '/rework' },
        body: {
          ...{ reason: reason ?? saidBy(action), ...text(order, 'order'), ...text(batch, 'batch') },
          ...{ ...count(quantity, 'quantity'), ...count(priority, 'priority') },
        },
      },
      readBack: (reference) => pathTo('orders', reference),
      proof: (state) => ({
        ...pick(state, 'id', 'kind', 'status', 'priority', 'quantity', 'about'),
        confirmed: state.status !== 'cancelled',
      }),
    }),
  ),
  'inspection.request': planner(
    plantParams['inspection.request'],
    ({ batch, product_model, sample_size, reason }, action) => ({
      call: {
        ...{ method: 'POST', path: '/inspections' },
        body: {
          ...{ reason: reason ?? saidBy(action), ...text(batch, 'batch') },
          ...{ ...text(product_model, 'productModel'), ...count(sample_size, 'sampleSize') },
        },
      },
      readBack: (reference) => pathTo('inspections', reference),
      proof: (state) => ({ ...pick(state, 'id', 'status', 'batch'), confirmed: state.status === 'open' }),
    }),
  ),
  'quality.notification': planner(
    plantParams['quality.notification'],
    ({ title, text: words, product_model, batch }, action) => ({
      call: {
        ...{ method: 'POST', path: '/notifications' },
        body: {
          ...{ title, text: words ?? saidBy(action) },
          ...{ ...text(product_model, 'productModel'), ...text(batch, 'batch') },
        },
      },
      readBack: (reference) => pathTo('notifications', reference),
      proof: (state) => ({ ...pick(state, 'id', 'status', 'title'), confirmed: state.status === 'open' }),
    }),
  ),
  escalate: planner(plantParams.escalate, messagePlan),
  notify: planner(plantParams.notify, messagePlan),
}

function messagePlan(
  { to, text: words }: { to: string; text?: string | undefined },
  action: Action,
): PlantPlan {
  return {
    call: {
      method: 'POST',
      path: '/messages',
      body: { to, text: words ?? saidBy(action), priority: action.priority },
    },
    readBack: (reference) => pathTo('messages', reference),
    proof: (state) => ({ ...pick(state, 'id', 'to'), confirmed: state.to === to }),
  }
}

/** The plan of an action, with the customers' words in it; or what is wrong with its parameters. */
export function planOf(kind: PlantKind, action: Action): PlantPlan | { readonly problem: string } {
  const plan = planners[kind](action)
  if ('problem' in plan) return plan
  const quotes = action.quotes.map(quoteJson)
  return { ...plan, call: { ...plan.call, body: { ...plan.call.body, quotes } } }
}
