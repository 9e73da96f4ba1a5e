import {
  type Action,
  type CallContext,
  type Health,
  parseOptions,
  type Receipt,
  type Target,
} from '@andon/core/connector'
import { problemOf } from '@andon/core/errors'
import { restOf } from '../connection-options.js'
import { closedFailure, refused, type Speaker, unavailable } from '../failures.js'
import type { SalesforceProblem } from '../http/salesforce-error.js'
import type { CallMeans } from '../http/salesforce-http.js'
import { oneAtATime } from '../one-at-a-time.js'
import { CaseBook, type CaseState } from './case-book.js'
import { isCaseId, quotedCases } from './case-ids.js'
import { type CaseOutcome, type CaseTask, CaseWriter } from './case-writer.js'
import { type CaseParams, commentsOf, type Message, paramsOf, recordsOf } from './messages.js'
import { type SalesforceCaseOptions, targetOptionsSchema } from './target-options.js'

const kind = 'case.update'
const checkMs = 10_000

/** What of an action is done and what is left, for the cases that there are. */
interface Plan {
  readonly messages: readonly Message[]
  readonly tasks: readonly CaseTask[]
  readonly states: readonly CaseState[]
  /** Asked for and not there: deleted for good, or not ours. */
  readonly missing: readonly string[]
}

/**
 * Writes back to the cases behind an action (`case.update`): status, an internal note with the customers' words, a reply to
 * the customer, a link to the signal. Each message carries the action's mark or key and is looked up before it is written, so
 * it is there once. There is no way back: what a customer was told cannot be unsaid.
 *
 * @throws AndonError OPTIONS_INVALID naming the option
 */
export function salesforceCase(options: SalesforceCaseOptions): Target & { close(): Promise<void> } {
  const checked = parseOptions(targetOptionsSchema, options, 'salesforceCase')
  const { name, clock, sources, casesOf } = checked
  const speaker: Speaker = { role: 'target', name }
  // What people wait for may use all that the org has left.
  const rest = restOf(checked, speaker, 0)
  const book = new CaseBook(rest, checked)
  const writer = new CaseWriter(rest, checked)
  const alone = oneAtATime()
  let closed = false

  const idsOf = async (action: Action): Promise<readonly string[]> => {
    if (casesOf === undefined) return quotedCases(action, sources)
    let told: readonly string[]
    try {
      told = await casesOf(action)
    } catch (error) {
      const problem = { en: 'casesOf failed', zh: 'casesOf 失败' }
      throw unavailable(speaker, problem, new Error(problemOf(error)))
    }
    const wrong = told.find((id) => !isCaseId(id))
    if (wrong === undefined) return [...new Set(told)]
    const problem = {
      en: 'casesOf gave an id that is none of a case (18 characters, beginning with 500)',
      zh: 'casesOf 返回的并非工单 id（18 位，以 500 开头）',
    }
    throw refused(speaker, problem, new TypeError('not the id of a case'))
  }

  async function planOf(action: Action, means: CallMeans): Promise<Plan> {
    const params = checkedParams(action)
    const ids = await idsOf(action)
    if (ids.length === 0) {
      throw refused(
        speaker,
        {
          en: `no case of this org is behind the action: none of its quotes comes from ${sources.join(', ')}`,
          zh: `该动作没有对应的工单：其引用均非来自 ${sources.join('、')}`,
        },
        new Error('no case'),
      )
    }
    const status = params.status === undefined ? undefined : await book.status(params.status, means)
    if (checked.signalField !== undefined) await book.describe(means)
    const link = checked.signalField === undefined ? undefined : linkOf(action)
    const states = await book.states(ids, action.id, means)
    const messages = (checked.messages === undefined ? commentsOf : recordsOf)(action, params)
    const tasks = states.map((state) => ({
      state,
      status: status === state.status ? undefined : status,
      link: link === state.link ? undefined : link,
      messages: messages.filter(({ part }) => !state.done.has(part)),
    }))
    const there = new Set(states.map(({ id }) => id))
    return { messages, tasks, states, missing: ids.filter((id) => !there.has(id)) }
  }

  const linkOf = ({ signalId }: Action): string => checked.signalLink?.(signalId) ?? signalId

  function checkedParams(action: Action): CaseParams {
    const params = paramsOf(action.params)
    if (action.kind === kind && params.success) return params.data
    const en =
      action.kind === kind
        ? 'its parameters are not those of case.update'
        : `it does not handle ${action.kind}`
    const zh = action.kind === kind ? '参数不符合 case.update' : `不支持 ${action.kind}`
    throw refused(speaker, { en, zh }, new Error(en))
  }

  /** @throws AndonError TARGET_REFUSED where not one case took it */
  function receiptOf(plan: Plan, outcomes: readonly CaseOutcome[], written: boolean): Receipt {
    const failed = outcomes.filter(({ problems }) => problems.length > 0)
    const ids = new Map(outcomes.map(({ id, written: parts }) => [id, parts]))
    const reference = plan.states
      .flatMap(({ id, done }) => {
        const part = plan.messages[0]?.part ?? ''
        return done.get(part) ?? ids.get(id)?.get(part) ?? []
      })
      .at(0)
    if (reference === undefined) throw nobody(plan, failed)
    const failures = failed.map(({ id, problems }) => ({ case: id, ...rowError(problems[0]) }))
    const missing = plan.missing.map((id) => ({
      case: id,
      errorCode: 'NOT_FOUND',
      errorText: 'there is no such case',
    }))
    const notDone = [...failures, ...missing]
    return {
      reference,
      proof: {
        cases: plan.states.length - failed.length,
        messages: plan.messages.length,
        ids: plan.states.map(({ id }) => id),
        ...(notDone.length === 0 ? {} : { failed: notDone }),
      },
      ...(written ? {} : { alreadyDone: true }),
    }
  }

  const rowError = (problem: SalesforceProblem | undefined) => ({
    errorCode: problem?.code ?? '',
    errorText: rest.http.redactor.redact(problem?.text ?? '').slice(0, 300),
  })

  function nobody(plan: Plan, failed: readonly CaseOutcome[]) {
    const [problem] = failed[0]?.problems ?? []
    if (problem !== undefined) return rest.http.errorOf(400, problem)
    const words = {
      en: `none of the cases is there any more: ${plan.missing.slice(0, 5).join(', ')}`,
      zh: `相关工单均已不存在：${plan.missing.slice(0, 5).join('、')}`,
    }
    return refused(speaker, words, new Error('no case is left'))
  }

  const meansOf = ({ signal, clock: time, traceparent }: CallContext): CallMeans => ({
    signal,
    clock: time,
    ...(traceparent === undefined ? {} : { traceparent }),
  })

  return {
    contract: 1,
    name,
    handles: [kind],
    capabilities: { lookUp: true, messages: checked.messages?.object ?? 'CaseComment' },
    async execute(action, context) {
      if (closed) throw closedFailure(speaker)
      const means = meansOf(context)
      return alone(action.id, async () => {
        const plan = await planOf(action, means)
        const open = plan.tasks.filter(isOpen)
        const outcomes = open.length === 0 ? [] : await writer.write(action.id, open, means)
        return receiptOf(plan, outcomes, open.length > 0)
      })
    },
    async lookUp(action, context) {
      if (closed) throw closedFailure(speaker)
      const plan = await planOf(action, meansOf(context))
      return plan.states.some(({ done }) => done.size > 0) ? receiptOf(plan, [], false) : undefined
    },
    async check(): Promise<Health> {
      if (closed) return { ok: false, detail: closedFailure(speaker).message }
      try {
        await book.describe({ signal: AbortSignal.timeout(checkMs), clock })
        return { ok: true }
      } catch (error) {
        return { ok: false, detail: problemOf(error) }
      }
    },
    async close() {
      closed = true
      rest.http.close()
    },
  }
}

const isOpen = ({ status, link, messages }: CaseTask): boolean =>
  status !== undefined || link !== undefined || messages.length > 0
