import {
  type Action,
  type CallContext,
  type ExecuteContext,
  type Localized,
  type Observation,
  type Receipt,
  type Subject,
  systemClock,
  type Target,
} from '@andon/core/connector'
import { AndonError, isAndonError, problemOf } from '@andon/core/errors'
import type { MesCall } from '../contract/operations.js'
import { plainError } from '../http/exchange.js'
import { cancelled, MesRefusal, refused, unavailable } from '../http/failures.js'
import { connected, type MesOptions } from './connected.js'
import { kindsOf, missingFor } from './kinds-of.js'
import { isMesKind, type MesKind } from './params.js'
import type { Done, Plan } from './plan.js'
import { planOf, type Unplannable } from './plans.js'
import { reversalOf } from './reversals.js'
import { observationOf, subjectOf, traceOf } from './subjects.js'

/** Of a batch of Andon's questions; the contract's own limit. */
const mostSubjects = 500

/**
 * Executes actions in a manufacturing execution system: one that keeps the contract `andon-mes/1`
 * (`openapi/andon-mes.v1.json`), or any other one through an adapter. The effect of one action id happens once: it goes
 * along with every write, and from the second attempt on it is looked up first. A parameter is read back from the
 * equipment after the write; every receipt carries the state as the MES tells it.
 *
 * @throws AndonError OPTIONS_INVALID naming the option. Executions throw TARGET_REFUSED (what the MES says no to, an
 *   unknown kind, parameters), TARGET_UNAVAILABLE (5xx, 429, 401, `busy`, no JSON, a broken connection) or TARGET_TIMEOUT
 */
export function mes(options: MesOptions): Target & Required<Pick<Target, 'lookUp' | 'revert' | 'close'>> {
  const { name, kinds, operations, check, close } = connected(options)
  const possible = kindsOf(operations)
  if (possible.length === 0) {
    const problem = 'it has no operation that an action could be done with'
    throw new AndonError('OPTIONS_INVALID', { details: { option: 'mes.adapter', problem } })
  }
  const handles = kinds ?? possible
  const impossible = handles.find((kind) => !possible.includes(kind))
  if (impossible !== undefined) {
    const problem = `the adapter has no operation for ${impossible}`
    throw new AndonError('OPTIONS_INVALID', { details: { option: 'mes.kinds', problem } })
  }
  const getStates = operations.getStates?.bind(operations)
  const traceGenealogy = operations.traceGenealogy?.bind(operations)

  const refusal = (problem: Localized): AndonError => refused(name, new MesRefusal('not_asked', problem))

  /** Everything that an adapter throws and did not mean as a no is an unknown outcome. */
  const failureOf = (error: unknown): AndonError => {
    if (isAndonError(error)) return error
    if (error instanceof MesRefusal) return refused(name, error)
    return unavailable(name, problemOf(error), plainError(error))
  }

  async function asked<T>(context: CallContext, ask: () => Promise<T>): Promise<T> {
    if (context.signal.aborted) {
      throw cancelled(name)
    }
    try {
      return await ask()
    } catch (error) {
      throw failureOf(error)
    }
  }

  /** A question whose refusal says nothing about the write: that may have been done. */
  async function question<T>(what: Localized, ask: () => Promise<T>): Promise<T> {
    try {
      return await ask()
    } catch (error) {
      if (error instanceof MesRefusal) {
        const { code, detail } = error
        const problem = {
          en: `${what.en} was refused: ${code}, ${detail.en}`,
          zh: `${what.zh}被拒绝：${code}，${detail.zh}`,
        }
        throw unavailable(name, problem, error)
      }
      throw error
    }
  }

  async function recalled(plan: Plan, actionId: string, call: MesCall): Promise<Done | undefined> {
    const record = await question({ en: 'the look-up', zh: '查询' }, () =>
      operations.getAction({ actionId }, call),
    )
    if (record === undefined) return undefined
    const done = plan.recall(record)
    if (done !== undefined) return done
    const { operation } = record
    const problem = {
      en: `${operation} of before is not ${plan.operation}, or does not keep the contract`,
      zh: `此前的 ${operation} 不是 ${plan.operation}，或不符合契约`,
    }
    throw unavailable(name, problem, new TypeError('a record of something else'))
  }

  /** How the subjects stand; undefined when this MES cannot say. */
  async function states(
    subjects: readonly Subject[],
    call: MesCall,
  ): Promise<readonly Observation[] | undefined> {
    if (getStates === undefined) return undefined
    const observations: Observation[] = []
    for (let first = 0; first < subjects.length; first += mostSubjects) {
      const page = subjects.slice(first, first + mostSubjects)
      const answer = await getStates({ subjects: page.map(subjectOf) }, call)
      if (answer.states.length !== page.length) {
        throw unavailable(
          name,
          { en: 'not one state for each subject', zh: '应答的状态与对象不是一一对应' },
          new RangeError('states'),
        )
      }
      observations.push(...answer.states.map(observationOf))
    }
    return observations
  }

  /** Reads a parameter back from the equipment: what the write itself answered is only what it was told to do. */
  async function confirmed({ readBack }: Plan, done: Done, call: MesCall): Promise<Done> {
    if (readBack === undefined) return done
    const { subject, value } = readBack
    const seen = (await question({ en: 'the read-back', zh: '读回' }, () => states([subject], call)))?.[0]
      ?.fields.value
    const proof = seen === undefined ? done.proof : { ...done.proof, value: seen }
    const isThere = typeof proof.value === 'number' && Math.abs(proof.value - value) <= tolerance
    return { ...done, proof: { ...proof, readBack: seen !== undefined, confirmed: isThere } }
  }

  const receiptOf = ({ reference, proof, before }: Done): Receipt =>
    before ? { reference, proof, alreadyDone: true } : { reference, proof }

  /** What was to be taken back is not there any more: how its subject stands now is the proof. */
  async function nothingLeft({ nothingLeft }: Plan, { code }: MesRefusal, call: MesCall): Promise<Receipt> {
    const subject = nothingLeft?.subject
    const [state] =
      (subject &&
        (await question({ en: 'the question for the state', zh: '状态查询' }, () =>
          states([subject], call),
        ))) ??
      []
    return { reference: code, proof: { ...state?.fields, refusal: code }, alreadyDone: true }
  }

  async function perform(plan: Plan, actionId: string, context: ExecuteContext): Promise<Receipt> {
    const known = context.attempt > 1 ? await recalled(plan, actionId, context) : undefined
    try {
      const done = known ?? (await plan.perform(operations, { ...context, actionId }))
      return receiptOf(await confirmed(plan, done, context))
    } catch (error) {
      if (error instanceof MesRefusal && plan.nothingLeft?.codes.includes(error.code) === true) {
        return nothingLeft(plan, error, context)
      }
      throw error
    }
  }

  const planFor = (action: Action, plan: (kind: MesKind) => Plan | Unplannable): Plan => {
    const { kind } = action
    if (!isMesKind(kind) || !handles.includes(kind))
      throw refusal({ en: `it does not handle ${kind}`, zh: `不处理 ${kind}` })
    const planned = plan(kind)
    if ('problem' in planned) throw refusal(planned.problem)
    return planned
  }

  const target: Target & Required<Pick<Target, 'lookUp' | 'revert' | 'close'>> = {
    contract: 1,
    name,
    capabilities: {
      ...{ contract: 'andon-mes/1', idempotency: 'action id', lookUp: true, reverts: true },
      ...{ readBack: getStates !== undefined, trace: traceGenealogy !== undefined },
    },
    handles,
    execute: (action, context) =>
      asked(context, async () => {
        const plan = planFor(action, (kind) => planOf(kind, action))
        return perform(plan, action.id, context)
      }),
    lookUp: (action, context) =>
      asked(context, async () => {
        const plan = planFor(action, (kind) => planOf(kind, action))
        const known = await recalled(plan, action.id, context)
        return known === undefined ? undefined : receiptOf(await confirmed(plan, known, context))
      }),
    revert: (action, receipt, context) =>
      asked(context, async () => {
        const plan = planFor(action, (kind) => reversalOf(kind, action, receipt))
        return perform(plan, `${action.id}:revert`, context)
      }),
    async check() {
      const call = { signal: new AbortController().signal, clock: systemClock }
      try {
        if (check !== undefined) return await check(call)
        const { operations: names } = (await operations.getStatus?.(call)) ?? {}
        const missing = names === undefined ? [] : missingFor(handles, names)
        if (missing.length === 0) return { ok: true }
        return { ok: false, detail: `it has no ${[...new Set(missing)].join(', ')}` }
      } catch (error) {
        return { ok: false, detail: problemOf(failureOf(error)) }
      }
    },
    close,
  }
  return {
    ...target,
    ...(getStates && {
      observe: (subjects: readonly Subject[], context: CallContext) =>
        asked(context, async () => (await states(subjects, context)) ?? []),
    }),
    ...(traceGenealogy &&
      ({
        trace: ({ serials, batches, limit }, context) =>
          asked(context, async () =>
            traceOf(await traceGenealogy({ serials, lots: batches, limit }, context)),
          ),
      } satisfies Pick<Target, 'trace'>)),
  }
}

/** Numbers may go through a machine that counts in its own way. */
const tolerance = 1e-9
