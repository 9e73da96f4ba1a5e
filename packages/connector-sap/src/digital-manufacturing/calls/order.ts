import * as z from 'zod'
import type { components as Orders } from '../../generated/digital-manufacturing-order.js'
import type { components as Schedules } from '../../generated/digital-manufacturing-schedule.js'
import { unavailable } from '../../http/failures.js'
import type { SapContext } from '../../http/sap-http.js'
import { ask, type Dm, find, queryOf, tell } from './dm.js'

const orderSchema = z.object({
  order: z.string(),
  status: z.string().nullish(),
  executionStatus: z.string().nullish(),
  priority: z.number().nullish(),
  scheduledStartDate: z.string().nullish(),
  plannedStartDate: z.string().nullish(),
  sfcs: z.array(z.string()).nullish(),
  customValues: z.array(z.object({ attribute: z.string(), value: z.string().nullish() })).nullish(),
})
export type DmOrder = z.infer<typeof orderSchema>

/** An order; undefined when there is no such. */
export const orderOf = (dm: Dm, order: string, context: SapContext, withUnits = false) =>
  find(
    dm,
    {
      method: 'GET',
      path: `/order/v1/orders${queryOf({ plant: dm.plant, order, ignoreSfcs: !withUnits || undefined })}`,
    },
    orderSchema,
    context,
  )

export async function setCustomValue(
  dm: Dm,
  order: string,
  value: { readonly attribute: string; readonly value: string },
  context: SapContext,
) {
  const body: Orders['schemas']['OrderCustomValueRequest'] = { plant: dm.plant, order, customValues: [value] }
  const path = '/order/v1/orders/customValues'
  await tell(dm, { method: 'PATCH', path, body: { ...body } }, context)
}

/** What DM says of an order that it was asked to move, without any secret in it: a 200 may be a no. */
export type Rescheduled = { readonly done: boolean; readonly message: string }

/** As long as what SAP says may be in an error. */
const longestMessage = 500

/** To the second, as DM wants its instants. */
export const toSecond = (date: Date): string => `${date.toISOString().slice(0, 19)}Z`

export async function reschedule(
  dm: Dm,
  order: string,
  start: Date,
  context: SapContext,
): Promise<Rescheduled> {
  const body: Schedules['schemas']['OrderReschedule'] = { plant: dm.plant, order, dateTime: toSecond(start) }
  const call = { method: 'POST', path: '/reo/v1/rescheduleOrder', body: { ...body } } as const
  const said = await ask(dm, call, z.object({ message: z.string() }), context)
  const message = dm.http.redactor.redact(said.message).slice(0, longestMessage)
  if (/fail/i.test(said.message)) return { done: false, message }
  if (/success/i.test(said.message)) return { done: true, message }
  throw unavailable(
    dm.name,
    {
      en: `whether order ${order} was moved is not clear: "${message.slice(0, 200)}"`,
      zh: `订单 ${order} 是否已调整不明确：“${message.slice(0, 200)}”`,
    },
    new TypeError('rescheduleOrder said neither success nor failure'),
  )
}
