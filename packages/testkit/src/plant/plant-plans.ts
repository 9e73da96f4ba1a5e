import type { Action, JsonObject, Quote } from '@andon/core/connector'
import type { Evidence } from '@andon/core/feedback'
import type * as z from 'zod'
import type { PlantCall } from './plant-client.js'
import { type PlantKind, plantParams } from './plant-params.js'

/** What one action, or its undoing, means for the plant: one request. */
export interface PlantPlan {
  readonly call: PlantCall
  /** What goes into the receipt of the answer: the state after the write, as the plant tells it. */
  readonly proof: (answer: JsonObject) => JsonObject
  /** The plant's codes that say that there is nothing left to undo, and where the state stands then. */
  readonly nothingLeft?: { readonly codes: readonly string[]; readonly path: string }
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
  'material.hold': planner(plantParams['material.hold'], (params, action) =>
    materialPlan('hold', params, action),
  ),
  'material.release': planner(plantParams['material.release'], (params, action) =>
    materialPlan('release', params, action),
  ),
  'parameter.adjust': planner(plantParams['parameter.adjust'], (params, action) => {
    const { equipment, parameter, from, to, unit, expiry, dwell, reason = saidBy(action) } = params
    return {
      call: {
        ...{ method: 'PUT', path: pathTo('equipment', equipment, 'parameters', parameter) },
        body: {
          ...{ value: to, unit, reason, ...text(expiry, 'expiry'), ...count(from, 'expects') },
          bounds: { maxStep: params.max_step, ...count(dwell, 'dwellSeconds') },
        },
      },
      proof: (answer) => ({
        ...{ equipment, parameter, ...pick(answer, 'value', 'unit', 'changedAt', 'expiry') },
        ...{ previousValue: answer.previousValue ?? null, confirmed: answer.value === to },
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
      proof: (answer) => ({
        ...pick(answer, 'id', 'status', 'priority'),
        ...{ previousPriority: answer.previousPriority ?? null, confirmed: answer.priority === priority },
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
      proof: (answer) => ({
        ...pick(answer, 'id', 'kind', 'status', 'priority', 'quantity', 'about'),
        confirmed: answer.status !== 'cancelled',
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
      proof: (answer) => ({ ...pick(answer, 'id', 'status', 'batch'), confirmed: answer.status === 'open' }),
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
      proof: (answer) => ({ ...pick(answer, 'id', 'status', 'title'), confirmed: answer.status === 'open' }),
    }),
  ),
  escalate: planner(plantParams.escalate, messagePlan),
  notify: planner(plantParams.notify, messagePlan),
}

/** Of a lot, or of single units in one request. */
function materialPlan(
  verb: 'hold' | 'release',
  params: z.output<(typeof plantParams)['material.hold']>,
  action: Action,
): PlantPlan {
  const { batch, component, serials = [], reason = saidBy(action) } = params
  const held = verb === 'hold'
  if (batch === undefined) {
    return {
      call: { method: 'POST', path: pathTo('units', verb), body: { serials, reason } },
      proof: ({ units, held: count }) => ({
        ...{ units: Array.isArray(units) ? units.length : 0, held: count ?? null },
        confirmed: Array.isArray(units) && count === (held ? units.length : 0),
      }),
    }
  }
  return {
    call: {
      ...{ method: 'POST', path: pathTo('batches', batch, verb) },
      body: { reason, ...text(component, 'component') },
    },
    proof: (answer) => ({
      ...pick(answer, 'batch', 'component', 'status', 'heldBy', 'unitsInProcess', 'unitCount'),
      confirmed: answer.status === (held ? 'held' : 'free'),
    }),
  }
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
    proof: (answer) => ({ ...pick(answer, 'id', 'to'), confirmed: answer.to === to }),
  }
}

/** The plan of an action, with the customers' words in it; or what is wrong with its parameters. */
export function planOf(kind: PlantKind, action: Action): PlantPlan | { readonly problem: string } {
  const plan = planners[kind](action)
  if ('problem' in plan) return plan
  const quotes = action.quotes.map(quoteJson)
  return { ...plan, call: { ...plan.call, body: { ...plan.call.body, quotes } } }
}
