import type { Action, CallContext, JsonObject } from '@andon/core/connector'
import { actionMark } from '../action-mark.js'
import type { components } from '../generated/inspection-lot.js'
import { text } from '../odata/v2.js'
import { wordsOf } from '../words.js'
import { oneBatch } from './batch-master.js'
import { type LotEntity, lotEntity, usageDecisionEntity } from './entities.js'
import { type KindWork, type Means, materialOf } from './means.js'
import { type Kept, recordTitle } from './notifications.js'
import type { S4HanaSettings } from './options.js'
import { checkedParams, inspectionParams } from './params.js'
import { receiptOf } from './receipts.js'
import { saidBy } from './said.js'

/**
 * Asks for an inspection: a lot of its own, whose text ends with the action's mark and names the notification that
 * tells the rest. Taken back it is closed by a usage decision of yours.
 */
export function inspectionLot(means: Means, options: NonNullable<S4HanaSettings['inspection']>): KindWork {
  const { name, notifications, lots, settings } = means

  async function made(action: Action, context: CallContext): Promise<LotEntity | undefined> {
    const filter = `substringof(${text(actionMark(action.id))},InspectionLotText)`
    return (await lots.list({ set: 'A_InspectionLot', filter }, lotEntity, context)).items[0]?.entity
  }

  async function subjectOf(
    action: Action,
    context: CallContext,
  ): Promise<{ material: string; batch?: string }> {
    const { batch, product_model: model = '' } = checkedParams(name, inspectionParams, action)
    if (batch === undefined) return { material: materialOf(settings, model) }
    const { entity } = await oneBatch(means, batch, model === '' ? undefined : model, context)
    return { material: entity.Material, batch: entity.Batch }
  }

  const record = (
    action: Action,
    reverts: boolean,
    subject: { readonly material?: string; readonly batch?: string },
    context: CallContext,
  ): Promise<Kept> => {
    const { sample_size: size } = checkedParams(name, inspectionParams, action)
    const sample = size === undefined ? [] : [`Sample / 抽样数量: ${size}`]
    return notifications.create(
      {
        type: settings.recordType,
        title: `${recordTitle} ${reverts ? 'undo ' : ''}inspection`,
        record: {
          ...{
            action: action.id,
            kind: action.kind,
            reverts,
            at: new Date(context.clock.now()).toISOString(),
          },
          before: {},
        },
        words: wordsOf(action, [...saidBy(action, reverts), ...sample]),
        material: subject.material,
        batch: subject.batch,
      },
      context,
    )
  }

  const proofOf = (lot: LotEntity, kept: Kept | undefined, more: JsonObject = {}): JsonObject => ({
    ...{ inspectionLot: lot.InspectionLot, notification: kept?.number ?? null },
    ...{ usageDecision: lot.InspectionLotHasUsageDecision, confirmed: true, ...more },
  })

  return {
    async execute(action, context) {
      const { sample_size: size } = checkedParams(name, inspectionParams, action)
      const known = (await notifications.find(action, context)).filter(({ reverts }) => !reverts)
      // What was never written down was never made.
      const there = known.length > 0 ? await made(action, context) : undefined
      if (there !== undefined) return receiptOf(there.InspectionLot, proofOf(there, known[0]), true)
      const subject = await subjectOf(action, context)
      const kept = known[0] ?? (await record(action, false, subject, context))
      const body: components['schemas']['A_InspectionLotCreate'] = {
        Material: subject.material,
        Plant: settings.plant,
        ...(subject.batch !== undefined && { Batch: subject.batch }),
        InspectionLotType: options.lotType,
        InspectionLotText: `${recordTitle} ${kept.number} ${actionMark(action.id)}`,
        ...(size !== undefined && { InspectionLotQuantity: String(size) }),
      }
      const lot = await lots.create('A_InspectionLot', body, lotEntity, context)
      return receiptOf(lot.InspectionLot, proofOf(lot, kept), false)
    },

    async lookUp(action, context) {
      const known = (await notifications.find(action, context)).filter(({ reverts }) => !reverts)
      const there = known.length > 0 ? await made(action, context) : undefined
      return there && receiptOf(there.InspectionLot, proofOf(there, known[0]), true)
    },

    async revert(action, receipt, context) {
      const undone = (await notifications.find(action, context)).filter(({ reverts }) => reverts)
      const filter = `InspectionLot eq ${text(receipt.reference)}`
      const request = { set: 'A_InspLotUsageDecision', filter }
      // Also a decision of others: what has been inspected is not to be withdrawn any more.
      const decided = (await lots.list(request, usageDecisionEntity, context)).items.length > 0
      const lot = {
        InspectionLot: receipt.reference,
        InspectionLotText: '',
        InspectionLotHasUsageDecision: true,
      }
      if (decided) return receiptOf(undone[0]?.number ?? receipt.reference, proofOf(lot, undone[0]), true)
      const subject = await subjectOf(action, context)
      const kept = undone[0] ?? (await record(action, true, subject, context))
      const { selectedSet, codeGroup, code, plant = settings.plant } = options.withdrawal
      const body: components['schemas']['A_InspLotUsageDecisionCreate'] = {
        InspectionLot: receipt.reference,
        InspLotUsageDecisionCatalog: '3',
        SelectedCodeSetPlant: plant,
        InspLotUsgeDcsnSelectedSet: selectedSet,
        InspLotUsageDecisionCodeGroup: codeGroup,
        InspectionLotUsageDecisionCode: code,
      }
      await lots.create('A_InspLotUsageDecision', body, usageDecisionEntity, context)
      return receiptOf(kept.number, proofOf(lot, kept, { withdrawnWith: code }), false)
    },
  }
}
