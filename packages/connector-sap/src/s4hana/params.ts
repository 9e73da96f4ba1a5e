import type { Action } from '@andon/core/connector'
import * as z from 'zod'
import { refused } from '../http/failures.js'

/** A reason of ours in both languages, as zod can carry it. */
const both = (en: string, zh: string): string => `${en}\0${zh}`

const said = z.string().min(1)
/** Lengths of SAP's fields: a longer number is another number, so it is refused and never cut. */
const batch = z
  .string()
  .min(1)
  .max(10, both('is longer than a batch number of SAP (10)', '超过 SAP 批次号长度（10）'))
const material = z.string().min(1).max(200)
const order = z
  .string()
  .min(1)
  .max(12, both('is longer than an order number of SAP (12)', '超过 SAP 订单号长度（12）'))
const quantity = z.int().min(1)
const priority = z.int().min(1).max(9)

/** Of a batch; single units are held where they are made. */
export const holdParams = z
  .object({
    batch: batch.optional(),
    component: material.optional(),
    serials: z.array(z.string()).optional(),
    reason: said.optional(),
  })
  .transform(({ batch, component, serials }, context) => {
    if (batch !== undefined) return { batch, component }
    const message =
      serials === undefined
        ? both('is missing', '缺失')
        : both(
            'is missing: S/4HANA holds batches, units are held in Digital Manufacturing',
            '缺失：S/4HANA 只能冻结批次，单件请在 Digital Manufacturing 中冻结',
          )
    context.addIssue({ code: 'custom', path: ['batch'], message })
    return z.NEVER
  })

export const notificationParams = z.object({
  title: said,
  text: said.optional(),
  product_model: material.optional(),
  batch: batch.optional(),
})

export const priorityParams = z.object({ order, priority, reason: said.optional() })

export const reworkParams = z
  .object({
    order: order.optional(),
    batch: batch.optional(),
    quantity: quantity.optional(),
    priority: priority.optional(),
    reason: said.optional(),
  })
  .refine((given) => given.order !== undefined || given.batch !== undefined, {
    path: ['order'],
    message: both(
      'or batch must be given: an order is made for a material',
      '与 batch 至少给出一个：订单须对应物料',
    ),
  })

export const inspectionParams = z
  .object({
    batch: batch.optional(),
    product_model: material.optional(),
    sample_size: quantity.optional(),
    reason: said.optional(),
  })
  .refine((given) => given.batch !== undefined || given.product_model !== undefined, {
    path: ['batch'],
    message: both(
      'or product_model must be given: a lot is of a material',
      '与 product_model 至少给出一个：检验批须对应物料',
    ),
  })

/** @throws AndonError TARGET_REFUSED naming the parameter */
export function checkedParams<S extends z.ZodType>(
  target: string,
  schema: S,
  { params }: Action,
): z.output<S> {
  const result = schema.safeParse(params)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const path = ['params', ...(issue?.path ?? [])].join('.')
  const [en = '', zh = en] = (issue?.message ?? 'not valid').split('\0')
  const problem = { en: `${path} ${en}`, zh: `${path} ${zh}` }
  throw refused(target, problem, new TypeError(problem.en))
}
