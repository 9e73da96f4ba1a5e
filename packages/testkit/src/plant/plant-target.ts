import {
  type Action,
  type CallContext,
  type ExecuteContext,
  type JsonObject,
  type Observation,
  type Receipt,
  systemClock,
  type Target,
} from '@andon/core/connector'
import { AndonError, problemOf } from '@andon/core/errors'
import * as z from 'zod'
import { checkedOptions } from '../options.js'
import { mostSubjects } from './inquiry-routes.js'
import { plantClient, refusalOf } from './plant-client.js'
import { type PlantKind, plantKinds } from './plant-params.js'
import { type PlantPlan, planOf } from './plant-plans.js'
import { reversalOf } from './plant-reversals.js'

export interface PlantTargetOptions {
  /** Default `plant`. */
  readonly name?: string
  /** Of the plant, e.g. `http://127.0.0.1:8080`; without a user name or password in it. */
  readonly url: string
  /** The longest wait for one answer, on the clock of the execution's context; default 5,000 ms. */
  readonly timeoutMs?: number
  /** Sent as a bearer token. */
  readonly token?: string
}

const optionsSchema = z.strictObject({
  name: z.string().min(1).default('plant'),
  url: z.string().refine((text) => {
    const url = URL.canParse(text) ? new URL(text) : undefined
    return url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
  }, 'not an http(s) address without a user name'),
  timeoutMs: z.number().min(1).max(600_000).default(5_000),
  token: z.string().min(1).optional(),
})

/** What the plant keeps of an action id. */
const deedSchema = z.object({ reference: z.string(), answer: z.record(z.string(), z.json()) })
interface Deed {
  readonly reference: string
  readonly answer: JsonObject
}

const observedSchema = z.object({
  observations: z.array(z.object({ found: z.boolean(), fields: z.record(z.string(), z.json()) })),
})

const tracedSchema = z.object({
  units: z.array(
    z.object({
      serial: z.string(),
      productModel: z.string().exactOptional(),
      batch: z.string().exactOptional(),
      componentBatches: z.record(z.string(), z.string()).exactOptional(),
      line: z.string().exactOptional(),
      location: z.string().exactOptional(),
    }),
  ),
  batches: z.array(
    z.object({
      batch: z.string(),
      component: z.string().exactOptional(),
      location: z.string().exactOptional(),
      quantity: z.number().exactOptional(),
      held: z.boolean().exactOptional(),
    }),
  ),
  unknown: z.array(z.string()),
  cut: z.boolean(),
})

const isPlantKind = (kind: string): kind is PlantKind => plantKinds.some((known) => known === kind)

/**
 * Executes actions in the plant of {@link startPlant}, or anything that speaks as it does. The effect of
 * one action id happens once: the id goes along as `Idempotency-Key`, and from the second attempt on it is
 * looked up first. Every receipt carries the state after the write as the plant's answer tells it.
 *
 * @throws AndonError OPTIONS_INVALID naming the option; executions throw TARGET_REFUSED (4xx, unknown kind,
 * parameters), TARGET_UNAVAILABLE (5xx, 429, broken connection) or TARGET_TIMEOUT
 */
export function plantTarget(
  options: PlantTargetOptions,
): Target & Required<Pick<Target, 'lookUp' | 'revert' | 'observe' | 'trace' | 'close'>> {
  const { name, url, timeoutMs, token } = checkedOptions(optionsSchema, options)
  const client = plantClient({ name, url, timeoutMs, token })

  const refusal = (problem: string): AndonError =>
    new AndonError('TARGET_REFUSED', { details: { target: name, problem } })

  const unreadable = (cause: unknown): AndonError =>
    new AndonError('TARGET_UNAVAILABLE', {
      details: { target: name, problem: 'the answer is not one of the plant' },
      cause,
    })

  /** What became of an action id, if anything did. */
  async function lookUp(actionId: string, context: CallContext): Promise<Deed | undefined> {
    const call = { method: 'GET', path: `/actions/${encodeURIComponent(actionId)}` } as const
    const reply = await client.send(call, context)
    if (reply.status === 404) return undefined
    if (reply.status >= 400) throw refusal(refusalOf(reply).problem)
    return deedSchema.parse(reply.body)
  }

  const receiptOf = (plan: PlantPlan, { reference, answer }: Deed, again: boolean): Receipt => {
    const receipt = { reference, proof: plan.proof(answer) }
    return again ? { ...receipt, alreadyDone: true } : receipt
  }

  async function perform(plan: PlantPlan, actionId: string, context: ExecuteContext): Promise<Receipt> {
    const known = context.attempt > 1 ? await lookUp(actionId, context) : undefined
    if (known !== undefined) return receiptOf(plan, known, true)

    const reply = await client.send({ ...plan.call, actionId }, context)
    if (reply.status < 400) return receiptOf(plan, deedOf(reply.body), reply.replayed)
    const { code, problem } = refusalOf(reply)
    const { nothingLeft } = plan
    if (nothingLeft?.codes.includes(code) === true) {
      const state = await client.demand({ method: 'GET', path: nothingLeft.path }, context)
      return receiptOf(plan, { reference: code, answer: state.body }, true)
    }
    const cause = new Error(`HTTP ${reply.status} ${code}`)
    const details = { target: name, problem: `${code}, ${problem}` }
    throw new AndonError('TARGET_REFUSED', { details, cause })
  }

  const deedOf = (answer: JsonObject): Deed => {
    const { reference } = answer
    if (typeof reference !== 'string') throw unreadable(new TypeError('there is no reference'))
    return { reference, answer }
  }

  const kindOf = ({ kind }: Action): PlantKind => {
    if (isPlantKind(kind)) return kind
    throw refusal(`it does not handle ${kind}`)
  }

  return {
    contract: 1,
    name,
    capabilities: { idempotency: 'Idempotency-Key', lookUp: true, readBack: true, reverts: true },
    handles: plantKinds,
    async execute(action, context) {
      const plan = planOf(kindOf(action), action)
      if ('problem' in plan) throw refusal(plan.problem)
      return perform(plan, action.id, context)
    },
    async lookUp(action, context) {
      const plan = planOf(kindOf(action), action)
      if ('problem' in plan) throw refusal(plan.problem)
      const known = await lookUp(action.id, context)
      return known === undefined ? undefined : receiptOf(plan, known, true)
    },
    async revert(action, receipt, context) {
      const plan = reversalOf(kindOf(action), action, receipt)
      if ('problem' in plan) throw refusal(plan.problem)
      return perform(plan, `${action.id}:revert`, context)
    },
    async observe(subjects, context) {
      const observations: Observation[] = []
      for (let first = 0; first < subjects.length; first += mostSubjects) {
        const page = subjects.slice(first, first + mostSubjects)
        const body = { subjects: page.map((subject) => ({ ...subject })) }
        const reply = await client.demand({ method: 'POST', path: '/observe', body }, context)
        const answered = observedSchema.safeParse(reply.body)
        if (!answered.success) throw unreadable(answered.error)
        if (answered.data.observations.length !== page.length)
          throw unreadable(new RangeError('not one for each'))
        observations.push(...answered.data.observations)
      }
      return observations
    },
    async trace({ serials, batches, limit }, context) {
      const body = { serials, batches, limit }
      const reply = await client.demand({ method: 'POST', path: '/trace', body }, context)
      const answered = tracedSchema.safeParse(reply.body)
      if (!answered.success) throw unreadable(answered.error)
      return answered.data
    },
    async check() {
      try {
        const context = { signal: new AbortController().signal, clock: systemClock }
        const { status } = await client.send({ method: 'GET', path: '/health' }, context)
        return status === 200 ? { ok: true } : { ok: false, detail: `HTTP ${status}` }
      } catch (error) {
        return { ok: false, detail: problemOf(error) }
      }
    },
    async close() {
      client.close()
    },
  }
}
