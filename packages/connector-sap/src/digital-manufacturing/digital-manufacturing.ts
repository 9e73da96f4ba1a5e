import { type Action, type CallContext, parseOptions, systemClock, type Target } from '@andon/core/connector'
import { problemOf } from '@andon/core/errors'
import { refused } from '../http/failures.js'
import { sapHttp } from '../http/sap-http.js'
import { oneAtATime } from '../one-at-a-time.js'
import { blockStock } from './block-stock.js'
import { type Dm, queryOf } from './calls/dm.js'
import type { Deed } from './deed.js'
import { holdUnits } from './hold-units.js'
import { logNotification } from './log-notification.js'
import { observeAll } from './observe.js'
import { type CheckedDmOptions, type DigitalManufacturingOptions, optionsSchema } from './options.js'
import { rescheduleOrder } from './reschedule-order.js'
import { reworkUnits } from './rework-units.js'
import { traceIn } from './trace.js'
import { writeSetPoints } from './write-set-point.js'

type Kind =
  | 'material.hold'
  | 'material.release'
  | 'quality.notification'
  | 'schedule.prioritise'
  | 'schedule.rework'
  | 'parameter.adjust'

/** A hold or a release is of units, or of a lot. */
const material = (units: Deed, lot: Deed): Deed => {
  const of = ({ params }: Action): Deed => (params.serials === undefined ? lot : units)
  return {
    execute: (action, context) => of(action).execute(action, context),
    lookUp: (action, context) => of(action).lookUp(action, context),
    revert: (action, receipt, context) => of(action).revert(action, receipt, context),
  }
}

/** What two actions must not read and change at the same time: neither would know of the other's record. */
function thingsOf({ kind, id, params }: Action, { parameters }: CheckedDmOptions): readonly string[] {
  if (kind === 'schedule.rework') return ['rework']
  if (kind === 'schedule.prioritise') return [`order ${String(params.order)}`]
  if (kind === 'parameter.adjust') {
    const name = `${String(params.equipment)}/${String(params.parameter)}`
    return [`set-points ${parameters?.[name]?.setPointGroup ?? name}`]
  }
  if (kind === 'quality.notification') return [`action ${id}`]
  const { serials, batch } = params
  return Array.isArray(serials) ? serials.map((serial) => `unit ${String(serial)}`) : [`lot ${String(batch)}`]
}

function deedsOf(dm: Dm, options: CheckedDmOptions): ReadonlyMap<string, Deed> {
  const { schedule, rework, parameters } = options
  const held = (verb: 'hold' | 'release'): Deed =>
    material(holdUnits(dm, options, verb), blockStock(dm, options, verb))
  const deeds: readonly (readonly [Kind, Deed | undefined])[] = [
    ['material.hold', held('hold')],
    ['material.release', held('release')],
    ['quality.notification', logNotification(dm, options)],
    ['schedule.prioritise', schedule && rescheduleOrder(dm, schedule)],
    ['schedule.rework', rework && reworkUnits(dm, options, rework)],
    ['parameter.adjust', parameters && writeSetPoints(dm, parameters)],
  ]
  return new Map(deeds.flatMap(([kind, deed]) => (deed === undefined ? [] : [[kind, deed]])))
}

/**
 * SAP Digital Manufacturing, one plant of it. Units are put on hold and released as shop floor controls, lots as stock;
 * a quality notification is a nonconformance; an order is moved in time; units are sent to a rework routing; set-points
 * are changed, written to the machine and read back. What each of them needs in DM stands with its option.
 *
 * The effect of one action id happens once. DM has no idempotency key: the id is written into DM itself before or
 * together with each change, and looked up there before every try, the first one too.
 *
 * @throws AndonError OPTIONS_INVALID naming the option; executions throw TARGET_REFUSED with DM's code and text,
 * TARGET_UNAVAILABLE (5xx, 409, 429, a broken connection, an answer that is none) or TARGET_TIMEOUT
 */
export function digitalManufacturing(
  given: DigitalManufacturingOptions,
): Target & Required<Pick<Target, 'lookUp' | 'revert' | 'observe' | 'trace' | 'close'>> {
  const options = parseOptions(optionsSchema, given, 'digitalManufacturing')
  const { name, plant, url, auth, timeoutMs, maxBytes, connections, tls } = options
  const http = sapHttp({ name, url, auth, timeoutMs, maxBytes, connections, tls })
  const dm: Dm = { name, plant, http }
  const deeds = deedsOf(dm, options)
  const oneByOne = oneAtATime()
  /** Always in the same order, so that no two wait for each other. */
  const turn = <T>(action: Action, work: () => Promise<T>): Promise<T> =>
    [...new Set(thingsOf(action, options))]
      .sort()
      .reduceRight<() => Promise<T>>((inner, thing) => () => oneByOne(thing, inner), work)()

  const deedOf = ({ kind }: Action): Deed => {
    const deed = deeds.get(kind)
    if (deed !== undefined) return deed
    throw refused(
      name,
      { en: `it does not handle ${kind}`, zh: `不处理 ${kind}` },
      new Error('not one of its kinds'),
    )
  }

  return {
    contract: 1,
    name,
    capabilities: { system: 'SAP Digital Manufacturing', plant, lookUp: true, readBack: true, reverts: true },
    handles: [...deeds.keys()],
    execute: async (action, context) => {
      const deed = deedOf(action)
      return turn(action, () => deed.execute(action, context))
    },
    lookUp: async (action, context) => deedOf(action).lookUp(action, context),
    revert: async (action, receipt, context) => {
      const deed = deedOf(action)
      return turn(action, () => deed.revert(action, receipt, context))
    },
    observe: (subjects, context) => observeAll(dm, options, subjects, context),
    trace: (question, context) => traceIn(dm, options, question, context),
    async check() {
      const context: Pick<CallContext, 'signal' | 'clock'> = {
        ...{ signal: new AbortController().signal, clock: systemClock },
      }
      try {
        const path = `/nonconformance/v2/nonconformances${queryOf({ plant, size: 1 })}`
        await http.demand({ method: 'GET', path }, context)
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
