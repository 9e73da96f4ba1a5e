import {
  type Batch,
  type Health,
  type Position,
  parseOptions,
  type RawPayload,
  type ReceiveContext,
  type Source,
  systemClock,
} from '@andon/core/connector'
import { AndonError, isAndonError, problemOf } from '@andon/core/errors'
import * as z from 'zod'
import { contractClient } from '../contract/contract-client.js'
import type { MesCall, MesReads, MesSchemas } from '../contract/operations.js'
import { connectionShape, type MesConnectionOptions } from '../http/connection-options.js'
import { plainError } from '../http/exchange.js'
import { mesHttp } from '../http/mes-http.js'
import { alarmPayload } from './alarm-payload.js'
import { pause } from './pause.js'

interface CommonOptions {
  /** Default `mes`. */
  readonly name?: string
  /** Where a source begins that never ran: with the oldest alarm that is kept, or with the next one. Default `oldest`. */
  readonly from?: 'oldest' | 'now'
  /** The most alarms in one batch; default 100. */
  readonly batchSize?: number
  /** How long the MES may keep a question until there is an alarm, in seconds; default 20, at most 60. */
  readonly waitSeconds?: number
  /** The pause before the next question where the MES answers at once that there is none, in ms; default 1,000. */
  readonly pollMs?: number
  /** Of the alarms; default: none. */
  readonly tenant?: string
  /** What the iot channel gets of an alarm; default {@link alarmPayload}. Undefined leaves an alarm out. */
  readonly payload?: (alarm: MesSchemas['Alarm']) => RawPayload | undefined
}

export type MesAlarmsOptions = CommonOptions &
  (MesConnectionOptions | { readonly adapter: { readonly listAlarms: MesReads['listAlarms'] } })

const commonShape = {
  name: z.string().min(1).max(100).default('mes'),
  from: z.enum(['oldest', 'now']).default('oldest'),
  batchSize: z.int().min(1).max(1_000).default(100),
  waitSeconds: z.int().min(0).max(60).default(20),
  pollMs: z.int().min(10).max(600_000).default(1_000),
  tenant: z.string().min(1).optional(),
  payload: z
    .custom<NonNullable<CommonOptions['payload']>>(
      (value) => typeof value === 'function',
      'must be a function',
    )
    .default(() => alarmPayload),
}
const contractSchema = z.strictObject({ ...commonShape, ...connectionShape })
const adapterSchema = z.strictObject({
  ...commonShape,
  adapter: z.custom<{ readonly listAlarms: MesReads['listAlarms'] }>(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      'listAlarms' in value &&
      typeof value.listAlarms === 'function',
    'must have listAlarms',
  ),
})

function connected(options: MesAlarmsOptions): z.output<z.ZodObject<typeof commonShape>> & {
  readonly listAlarms: MesReads['listAlarms']
  readonly check: (call: MesCall) => Promise<unknown>
  readonly close: () => void
} {
  if ('adapter' in options) {
    const { adapter, ...common } = parseOptions(adapterSchema, options, 'mesAlarms')
    const listAlarms = adapter.listAlarms.bind(adapter)
    const check = (call: MesCall): Promise<unknown> =>
      listAlarms({ after: 'end', limit: 1, waitSeconds: 0 }, call)
    return { ...common, listAlarms, check, close: () => undefined }
  }
  const checked = parseOptions(contractSchema, options, 'mesAlarms')
  const http = mesHttp(checked.name, checked)
  const { listAlarms, getStatus } = contractClient(http)
  return { ...checked, listAlarms, check: getStatus, close: () => http.close() }
}

const positionSchema = z.object({ after: z.string() })

/**
 * Alarms of an MES as feedback of the `iot` channel, in the order in which they happened. It asks again as soon as its
 * reader does, and holds nothing beside the batch that it handed out; the MES keeps the question until there is an alarm.
 * The place where it stands is the MES's own cursor, in the batch's position: what was not committed is asked for again.
 *
 * @throws AndonError OPTIONS_INVALID naming the option; SOURCE_FAILED while reading: the engine begins again from the last
 *   position, with growing pauses
 */
export function mesAlarms(
  options: MesAlarmsOptions,
): Source & { check(): Promise<Health>; close(): Promise<void> } {
  const { name, from, batchSize, waitSeconds, pollMs, tenant, payload, ...mes } = connected(options)

  const failureOf = (error: unknown): AndonError => {
    const cause = isAndonError(error) ? error : plainError(error)
    return new AndonError('SOURCE_FAILED', { details: { source: name, problem: problemOf(error) }, cause })
  }

  const batchOf = ({ alarms, next }: MesSchemas['Alarms']): Batch<RawPayload> => ({
    items: alarms.flatMap((alarm) => {
      const item = payload(alarm)
      return item === undefined ? [] : [tenant === undefined ? item : { ...item, tenant }]
    }),
    position: { after: next } satisfies Position,
    // The position says it all: the MES keeps no place of ours.
    commit: async () => undefined,
  })

  async function* receive({ signal, resumeFrom }: ReceiveContext): AsyncGenerator<Batch<RawPayload>> {
    const call = { signal, clock: systemClock }
    const kept = positionSchema.safeParse(resumeFrom).data?.after
    let after = kept ?? (from === 'now' ? 'end' : undefined)
    while (!signal.aborted) {
      const asked = systemClock.now()
      const question = { ...(after !== undefined && { after }), limit: batchSize, waitSeconds }
      const answer = await mes.listAlarms(question, call).catch((error: unknown) => {
        if (signal.aborted) return undefined
        throw failureOf(error)
      })
      if (answer === undefined) return
      const isFirst = after === 'end'
      after = answer.next
      if (answer.alarms.length > 0) yield batchOf(answer)
      else if (!isFirst) {
        // An MES that does not wait is not asked without a pause.
        const left = pollMs - (systemClock.now() - asked)
        if (left > 0) await pause(left, signal)
      }
    }
  }

  return {
    contract: 1,
    name,
    capabilities: { contract: 'andon-mes/1', channel: 'iot', order: 'as they happened' },
    receive,
    async check() {
      try {
        await mes.check({ signal: new AbortController().signal, clock: systemClock })
        return { ok: true }
      } catch (error) {
        return { ok: false, detail: problemOf(error) }
      }
    },
    close: async () => mes.close(),
  }
}
