import type { Action, Receipt, Target } from '@andon/core/connector'
import { parseOptions, systemClock } from '@andon/core/connector'
import { problemOf } from '@andon/core/errors'
import { refused } from '../http/failures.js'
import { sapHttp } from '../http/sap-http.js'
import { oneAtATime } from '../one-at-a-time.js'
import { customerNotification } from './customer-notification.js'
import { batchEntity } from './entities.js'
import { holdBatch } from './hold-batch.js'
import { inspectionLot } from './inspection.js'
import { type KindWork, type Means, meansOf } from './means.js'
import { observe } from './observe.js'
import { type S4HanaOptions, s4hanaSchema } from './options.js'
import { orderPriority } from './order-priority.js'
import { reworkOrder } from './rework-order.js'
import { stockTransfer } from './stock-transfer.js'
import { trace } from './trace.js'

/** A target with everything that a target can have. */
export type S4HanaTarget = Target &
  Required<Pick<Target, 'lookUp' | 'revert' | 'observe' | 'trace' | 'close'>>

/**
 * Executes actions in SAP S/4HANA through its released OData services: holds and releases batches, raises quality
 * notifications, sets the priority of production orders, makes rework orders and inspection lots, and traces lots
 * through material documents.
 *
 * The effect of one action id happens once: every write is looked up before it is tried, and what cannot carry the id
 * itself is first written down in a quality notification. The customers' words, conditions and evidence stand in that
 * notification's long text, in full.
 *
 * @example
 * ```ts
 * const sap = s4hana({
 *   url: 'https://my300000-api.s4hana.cloud.sap',
 *   auth: { kind: 'basic', username: 'ANDON', password: () => readSecret() },
 *   plant: '1010',
 * })
 * ```
 * @throws AndonError OPTIONS_INVALID naming the option. Calls throw TARGET_REFUSED (parameters, credentials, what SAP
 * refuses, with its code and text in `details.sapCode` and `details.sapText`), TARGET_UNAVAILABLE or TARGET_TIMEOUT
 */
export function s4hana(options: S4HanaOptions): S4HanaTarget {
  const settings = parseOptions(s4hanaSchema, options, 's4hana')
  const { name, url, auth, timeoutMs, maxBytes, connections, tls, language } = settings
  const http = sapHttp({
    ...{ name, url, auth, timeoutMs, maxBytes, connections, tls },
    headers: { 'accept-language': language.toLowerCase() },
  })
  const means = meansOf(http, settings)
  const kinds = kindsOf(means)
  const exclusively = oneAtATime()

  const workOf = ({ kind }: Action): KindWork => {
    const work = kinds.get(kind)
    if (work !== undefined) return work
    const option =
      kind === 'schedule.rework' ? 'rework' : kind === 'inspection.request' ? 'inspection' : undefined
    throw refused(
      name,
      {
        en: `it does not handle ${kind}${option === undefined ? '' : `: set the option ${option}`}`,
        zh: `不处理 ${kind}${option === undefined ? '' : `：请设置选项 ${option}`}`,
      },
      new RangeError(kind),
    )
  }

  return {
    contract: 1,
    name,
    capabilities: {
      idempotency: 'look-up',
      lookUp: true,
      readBack: true,
      reverts: true,
      hold: settings.hold,
      observes: ['batch', 'order'],
    },
    handles: [...kinds.keys()],
    async execute(action, context): Promise<Receipt> {
      const work = workOf(action)
      return exclusively(action.id, () => work.execute(action, context))
    },
    async lookUp(action, context) {
      return workOf(action).lookUp(action, context)
    },
    async revert(action, receipt, context) {
      const work = workOf(action)
      return exclusively(action.id, () => work.revert(action, receipt, context))
    },
    observe: (subjects, context) => observe(means, subjects, context),
    trace: (question, context) => trace(means, question, context),
    async check() {
      try {
        const context = { signal: new AbortController().signal, clock: systemClock }
        await means.batches.list({ set: 'Batch', limit: 1 }, batchEntity, context)
        return { ok: true }
      } catch (error) {
        return { ok: false, detail: problemOf(error) }
      }
    },
    async close() {
      http.close()
    },
  }
}

function kindsOf(means: Means): ReadonlyMap<string, KindWork> {
  const { hold, rework, inspection } = means.settings
  const holding = hold === 'restrict' ? holdBatch : stockTransfer
  return new Map<string, KindWork>([
    ['material.hold', holding(means, 'material.hold')],
    ['material.release', holding(means, 'material.release')],
    ['quality.notification', customerNotification(means)],
    ['schedule.prioritise', orderPriority(means)],
    ...(rework === undefined ? [] : ([['schedule.rework', reworkOrder(means, rework)]] as const)),
    ...(inspection === undefined
      ? []
      : ([['inspection.request', inspectionLot(means, inspection)]] as const)),
  ])
}
