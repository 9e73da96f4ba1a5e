import type { Action } from '@andon/core/connector'
import * as z from 'zod'
import { refused } from '../http/failures.js'

const name = z.string().min(1).max(200)

/** The parameters of each kind as far as DM has a place for them; the core has checked them before. */
export const dmParams = {
  material: z.object({
    batch: name.optional(),
    component: name.optional(),
    serials: z.array(name).min(1).max(1_000).optional(),
  }),
  notification: z.object({
    title: z.string().min(1),
    text: z.string().optional(),
    batch: name.optional(),
  }),
  prioritise: z.object({ order: name, priority: z.int().min(1).max(9) }),
  rework: z.object({ order: name.optional(), batch: name.optional(), quantity: z.int().min(1).optional() }),
  adjust: z.object({
    ...{ equipment: name, parameter: name, from: z.number().optional(), to: z.number(), unit: z.string() },
    ...{ low: z.number(), high: z.number(), max_step: z.number().min(0) },
  }),
}

/** @throws AndonError TARGET_REFUSED naming the parameter that is wrong */
export function paramsOf<S extends z.ZodType>(target: string, schema: S, { params }: Action): z.output<S> {
  const result = schema.safeParse(params)
  if (result.success) return result.data
  const [issue] = result.error.issues
  const problem = `${issue?.path.join('.') ?? 'params'}: ${issue?.message ?? 'not valid'}`
  throw refused(target, { en: problem, zh: problem }, result.error)
}
