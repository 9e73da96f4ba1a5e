import type { Action, CallContext, JsonObject, Receipt } from '@andon/core/connector'
import * as z from 'zod'
import { refused } from '../http/failures.js'
import { wordsOf } from '../words.js'
import { findBatches } from './batch-master.js'
import { type KindWork, type Means, materialOf } from './means.js'
import { type Kept, recordTitle } from './notifications.js'
import { checkedParams, notificationParams } from './params.js'
import { receiptOf } from './receipts.js'

/**
 * Raises a quality notification with the customers' words. The service reads and creates, and changes nothing: so what
 * is taken back stays, and a second notification says that it is withdrawn; whoever works on the first completes it.
 */
export function customerNotification(means: Means): KindWork {
  const { name, notifications, settings } = means

  const proofOf = ({ number }: Kept, action: Action, more: JsonObject = {}): JsonObject => ({
    ...{ notification: number, type: settings.notificationType },
    ...{ title: checkedParams(name, notificationParams, action).title, confirmed: true, ...more },
  })

  async function known(action: Action, reverts: boolean, context: CallContext): Promise<Kept | undefined> {
    return (await notifications.find(action, context)).find((kept) => kept.reverts === reverts)
  }

  return {
    async execute(action, context): Promise<Receipt> {
      const { title, text, product_model: model, batch } = checkedParams(name, notificationParams, action)
      const there = await known(action, false, context)
      if (there !== undefined) return receiptOf(there.number, proofOf(there, action), true)
      const made = await notifications.create(
        {
          type: settings.notificationType,
          title,
          record: {
            ...{ action: action.id, kind: action.kind, reverts: false },
            ...{ at: new Date(context.clock.now()).toISOString(), before: {} },
          },
          words: wordsOf(action, [
            title,
            ...(text === undefined ? [] : [text]),
            ...(model === undefined ? [] : [`Product model / 产品型号 ${model}`]),
            ...(batch === undefined ? [] : [`Batch / 批次 ${batch}`]),
          ]),
          ...(await subjectOf(means, { model, batch }, context)),
          defect: defectOf(means, action),
        },
        context,
      )
      return receiptOf(made.number, proofOf(made, action), false)
    },

    async lookUp(action, context) {
      const there = await known(action, false, context)
      return there && receiptOf(there.number, proofOf(there, action), true)
    },

    async revert(action, receipt, context) {
      checkedParams(name, notificationParams, action)
      const withdrawn = { withdraws: receipt.reference }
      const there = await known(action, true, context)
      if (there !== undefined) return receiptOf(there.number, proofOf(there, action, withdrawn), true)
      const made = await notifications.create(
        {
          type: settings.recordType,
          title: `${recordTitle} withdrawn`,
          record: {
            ...{ action: action.id, kind: action.kind, reverts: true },
            ...{ at: new Date(context.clock.now()).toISOString(), before: {} },
          },
          words: [
            `Notification ${receipt.reference} is withdrawn: please complete it.`,
            `通知单 ${receipt.reference} 已撤回，请予以完成。`,
            ...(action.reversal === undefined ? [] : [action.reversal.reason]),
          ].join('\n'),
        },
        context,
      )
      return receiptOf(made.number, proofOf(made, action, withdrawn), false)
    },
  }
}

/**
 * Material and batch for the header. SAP takes only a batch of the material: the complaint is about the product, so a
 * batch of a component stands in the text alone.
 */
async function subjectOf(
  means: Means,
  { model, batch }: { readonly model: string | undefined; readonly batch: string | undefined },
  context: CallContext,
): Promise<{ readonly material?: string; readonly batch?: string }> {
  const product = model === undefined ? undefined : materialOf(means.settings, model)
  const found = batch === undefined ? [] : await findBatches(means, [batch], context)
  const [of, other] = found.filter(({ entity }) => product === undefined || entity.Material === product)
  if (of === undefined || other !== undefined) return product === undefined ? {} : { material: product }
  return { material: of.entity.Material, batch: of.entity.Batch }
}

const defectSchema = z.object({ codeGroup: z.string().min(1).max(8), code: z.string().min(1).max(4) })

/** What the option says of this action, checked: it is code of others. */
function defectOf({ name, settings }: Means, action: Action): z.output<typeof defectSchema> | undefined {
  const said = settings.defectOf?.(action)
  if (said === undefined) return undefined
  const result = defectSchema.safeParse(said)
  if (result.success) return result.data
  throw refused(
    name,
    { en: 'defectOf gave no code group (8) and code (4)', zh: 'defectOf 未返回代码组（8）和代码（4）' },
    new TypeError(result.error.issues[0]?.message ?? 'not a defect'),
  )
}
