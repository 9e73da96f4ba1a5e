import type { Action, CallContext, JsonObject, Receipt } from '@andon/core/connector'
import type { components } from '../generated/batch.js'
import type { Tagged } from '../odata/v2-service.js'
import { wordsOf } from '../words.js'
import { batchPath, oneBatch } from './batch-master.js'
import { changeState, type StateChanged } from './change-state.js'
import { type BatchEntity, batchEntity } from './entities.js'
import type { KindWork, Means } from './means.js'
import { type Kept, recordTitle } from './notifications.js'
import { openHolds } from './open-holds.js'
import { checkedParams, holdParams } from './params.js'
import { receiptOf } from './receipts.js'
import { paramsReason } from './said.js'

const stateOf = ({ MatlBatchIsInRstrcdUseStock: restricted }: BatchEntity): JsonObject => ({ restricted })

/**
 * Holds a batch by its restricted-use indicator, or releases it.
 *
 * The indicator has no place for an action id, and a batch may have been restricted before: so each change is first
 * written into a quality notification (see {@link Notifications}) and then made with If-Match. A hold is taken back
 * only when nobody else holds the batch: neither another action of Andon, nor whoever had restricted it before.
 */
export function holdBatch(means: Means, kind: 'material.hold' | 'material.release'): KindWork {
  const { name, notifications, batches, settings } = means
  const holds = kind === 'material.hold'
  const title = holds ? 'hold' : 'release'

  /** Restricted before, and not by Andon alone. */
  async function isForeign(
    action: Action,
    { Material, Batch }: BatchEntity,
    context: CallContext,
  ): Promise<boolean> {
    const others = openHolds(await notifications.ofBatch(Material, Batch, context)).filter(
      (hold) => hold.action !== action.id,
    )
    return others.length === 0 || others.some(({ foreign }) => foreign)
  }

  const batchOf = async (action: Action, context: CallContext): Promise<Tagged<BatchEntity>> => {
    const { batch, component } = checkedParams(name, holdParams, action)
    return oneBatch(means, batch, component, context)
  }

  async function set(
    action: Action,
    restricted: boolean,
    reverts: boolean,
    known: readonly Kept[],
    first: Tagged<BatchEntity>,
    context: CallContext,
  ): Promise<StateChanged<BatchEntity>> {
    const body: components['schemas']['BatchUpdate'] = { MatlBatchIsInRstrcdUseStock: restricted }
    return changeState({
      name,
      known,
      first,
      stateOf,
      wanted: () => ({ restricted }),
      record: async (before) => {
        const foreign = before.restricted === true && (await isForeign(action, first.entity, context))
        return notifications.create(
          {
            type: settings.recordType,
            title: `${recordTitle} ${reverts ? 'undo' : ''} ${title}`,
            record: {
              ...{ action: action.id, kind, reverts, at: new Date(context.clock.now()).toISOString() },
              before: { ...before, foreign },
            },
            words: wordsOf(action, paramsReason(action)),
            material: first.entity.Material,
            batch: first.entity.Batch,
          },
          context,
        )
      },
      write: (etag) => batches.change({ path: batchPath(first.entity), etag, body }, batchEntity, context),
    })
  }

  const proofOf = (entity: BatchEntity, before: JsonObject | undefined, restricted: boolean): JsonObject => ({
    ...{ material: entity.Material, batch: entity.Batch, plant: entity.BatchIdentifyingPlant },
    restricted: entity.MatlBatchIsInRstrcdUseStock,
    // What is not known any more counts as restricted by others: a reversal leaves it so.
    ...{ restrictedBefore: before?.restricted ?? true, foreign: before?.foreign ?? true },
    confirmed: entity.MatlBatchIsInRstrcdUseStock === restricted,
  })

  /** Whether the reversal may change the batch at all. */
  async function mayUndo(
    action: Action,
    before: JsonObject,
    entity: BatchEntity,
    context: CallContext,
  ): Promise<boolean> {
    if (!holds) return before.restrictedBefore === true
    if (before.foreign !== false) return false
    const open = openHolds(await notifications.ofBatch(entity.Material, entity.Batch, context))
    return open.every((hold) => hold.action === action.id)
  }

  async function receiptFromRecords(
    action: Action,
    known: readonly Kept[],
    context: CallContext,
  ): Promise<Receipt | undefined> {
    const mine = known.filter(({ reverts }) => !reverts)
    const [reference] = mine
    if (reference === undefined) return undefined
    const { entity } = await batchOf(action, context)
    const undone = known.some(({ reverts }) => reverts)
    if (!undone && entity.MatlBatchIsInRstrcdUseStock !== holds) return undefined
    return receiptOf(reference.number, proofOf(entity, mine.at(-1)?.record?.before, holds), true)
  }

  return {
    async execute(action, context) {
      checkedParams(name, holdParams, action)
      const known = await notifications.find(action, context)
      const done = known.some(({ reverts }) => reverts)
        ? await receiptFromRecords(action, known, context)
        : undefined
      if (done !== undefined) return done
      const first = await batchOf(action, context)
      const { entity, reference, before, wrote } = await set(action, holds, false, known, first, context)
      return receiptOf(reference.number, proofOf(entity, before, holds), !wrote)
    },

    async lookUp(action, context) {
      return receiptFromRecords(action, await notifications.find(action, context), context)
    },

    async revert(action, receipt, context) {
      const known = await notifications.find(action, context)
      const undone = known.filter(({ reverts }) => reverts)
      const first = await batchOf(action, context)
      const { entity } = first
      const proof =
        receipt.proof ?? proofOf(entity, known.find(({ reverts }) => !reverts)?.record?.before, holds)
      if (undone.length === 0 && !(await mayUndo(action, proof, entity, context))) {
        // Nothing is ours to take back: others hold it, or it had been free before.
        return receiptOf(receipt.reference, { ...proofOf(entity, undefined, !holds), left: true }, false)
      }
      const changed = await set(action, !holds, true, undone, first, context)
      return receiptOf(
        changed.reference.number,
        proofOf(changed.entity, changed.before, !holds),
        !changed.wrote,
      )
    },
  }
}
