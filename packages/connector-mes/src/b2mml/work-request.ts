import * as z from 'zod'
import { B2mmlError, envelope, read, type TransactionHead, valueNumber, valueText } from './values.js'

/** An order and its priority, 1 (first) to 9. */
export interface B2mmlOrder {
  readonly order: string
  readonly priority: number
}

/**
 * What 1 (first) and 9 (last) are in the MES. ISA-95 leaves the scale of `WorkRequest.Priority` to those who use it, so it
 * has to be asked for: `{ first: 1, last: 9 }` is ours, `{ first: 100, last: 1 }` one where larger is more urgent.
 */
export interface PriorityScale {
  readonly first: number
  readonly last: number
}

const ours: PriorityScale = { first: 1, last: 9 }
const steps = 8

function checkScale({ first, last }: PriorityScale): void {
  if (Number.isInteger(first) && Number.isInteger(last) && Math.abs(last - first) >= steps) return
  throw new RangeError('a scale needs whole numbers that are 8 or more apart, or two priorities become one')
}

/** Ours into theirs: a whole number, another one for each. */
export function scalePriority(priority: number, scale: PriorityScale = ours): number {
  checkScale(scale)
  if (!Number.isInteger(priority) || priority < 1 || priority > 9) {
    throw new RangeError('a priority is a whole number from 1 to 9')
  }
  return Math.round(scale.first + ((priority - 1) * (scale.last - scale.first)) / steps)
}

/** Theirs into ours: the nearest of the nine; what lies outside the scale is its end. */
export function unscalePriority(priority: number, scale: PriorityScale = ours): number {
  checkScale(scale)
  const { first, last } = scale
  const share = (priority - first) / (last - first)
  return Math.min(9, Math.max(1, Math.round(1 + share * steps)))
}

/**
 * A `ChangeWorkSchedule` that gives a work request its priority. The schema demands a job order in every work request: it is
 * the same order, by its id.
 *
 * @param schedule id of the work schedule that the order stands in
 */
export function changeWorkRequestPriority(
  { order, priority }: B2mmlOrder,
  schedule: string,
  reason: string,
  head: TransactionHead,
  scale: PriorityScale = ours,
): object {
  return {
    ChangeWorkSchedule: {
      ...envelope(head),
      DataArea: {
        Change: { ActionCriteria: [{ ActionExpression: ['Change'] }] },
        WorkSchedule: [
          {
            ID: schedule,
            WorkRequest: [
              {
                ID: order,
                Description: [reason],
                Priority: scalePriority(priority, scale),
                JobOrder: [{ ID: order }],
              },
            ],
          },
        ],
      },
    },
  }
}

const requestSchema = z.looseObject({ ID: valueText, Priority: valueNumber.optional() })
const scheduleSchema = z.looseObject({ WorkRequest: z.array(requestSchema) })
const changeSchema = z.looseObject({
  ChangeWorkSchedule: z.looseObject({ DataArea: z.looseObject({ WorkSchedule: z.array(scheduleSchema) }) }),
})

/**
 * The order of a `WorkRequest`.
 *
 * @throws B2mmlError also where it has no priority
 */
export function orderOfB2mml(document: unknown, scale: PriorityScale = ours): B2mmlOrder {
  const { ID, Priority } = read(requestSchema, document)
  if (Priority === undefined) throw new B2mmlError('Priority', 'there is none')
  return { order: ID, priority: unscalePriority(Priority, scale) }
}

/** Every order of a `ChangeWorkSchedule` that has a priority. */
export const ordersOfChange = (document: unknown, scale: PriorityScale = ours): readonly B2mmlOrder[] =>
  read(changeSchema, document)
    .ChangeWorkSchedule.DataArea.WorkSchedule.flatMap(({ WorkRequest }) => WorkRequest)
    .filter(({ Priority }) => Priority !== undefined)
    .map((request) => orderOfB2mml(request, scale))
