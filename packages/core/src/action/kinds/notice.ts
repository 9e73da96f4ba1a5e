import * as z from 'zod'
import { name, text } from './fields.js'
import type { ActionKind } from './kind.js'

const message = z.strictObject({ to: name, text: text.optional() })

/** They tell people; production stays as it is. */
export const noticeKinds: readonly ActionKind[] = [
  { name: 'escalate', title: { en: 'Escalate', zh: '升级上报' }, production: false, params: message },
  { name: 'notify', title: { en: 'Notify', zh: '通知' }, production: false, params: message },
  {
    name: 'quality.notification',
    title: { en: 'Quality notification', zh: '质量通知单' },
    production: false,
    params: z.strictObject({
      title: text,
      text: text.optional(),
      product_model: name.optional(),
      batch: name.optional(),
    }),
  },
  {
    name: 'case.update',
    title: { en: 'Update the case', zh: '更新客服工单' },
    production: false,
    params: z.strictObject({ status: name.optional(), note: text.optional(), reply: text.optional() }),
  },
]
