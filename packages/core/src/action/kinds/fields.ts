import * as z from 'zod'
import { saying } from '../../feedback/zod-reasons.js'
import { parseSpan } from '../span.js'

/** What the parameters of several kinds are made of. */
export const text = z.string().min(1).max(4000)
export const name = z.string().min(1).max(200)
export const number = z.number().finite()
/** 1 (first) to 9. */
export const priority = z.number().int().min(1).max(9)
/** A time: whole seconds, or text such as `10 minutes`. */
export const span = z.union([z.number().int().min(0), z.string().min(1).max(100)]).refine(
  (value) => parseSpan(value) !== undefined,
  saying({
    en: 'is not a time: whole seconds, or text such as "10 minutes"',
    zh: '不是时长：应为整数秒，或如“10 minutes”的文本',
  }),
)
