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
import { saidBy } from './said.js'

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

  async function record(
    action: Action,
    reverts: boolean,
    { Material, Batch }: BatchEntity,
    before: JsonObject,
    context: CallContext,
  ): Promise<Kept> {
    return notifications.create(
      {
        type: settings.recordType,
        title: `${recordTitle} ${reverts ? 'undo' : ''} ${title}`,
        record: {
          ...{ action: action.id, kind, reverts, at: new Date(context.clock.now()).toISOString() },
          before,
        },
        words: wordsOf(action, saidBy(action, reverts)),
        material: Material,
        batch: Batch,
      },
      context,
    )
  }

  async function set(
    action: Action,
    reverts: boolean,
    known: readonly Kept[],
    first: Tagged<BatchEntity>,
    context: CallContext,
  ): Promise<StateChanged<BatchEntity>> {
    const { entity } = first
    const restricted = holds !== reverts
    const body: components['schemas']['BatchUpdate'] = { MatlBatchIsInRstrcdUseStock: restricted }
    return changeState({
      name,
      known,
      first,
      stateOf,
      wanted: () => ({ restricted }),
      record: async (before) => {
        if (!holds || reverts) return record(action, reverts, entity, before, context)
        // Of a hold it matters who else holds.
        const foreign = before.restricted === true && (await isForeign(action, entity, context))
        return record(action, reverts, entity, { ...before, foreign }, context)
      },
      write: (etag) => batches.change({ path: batchPath(entity), etag, body }, batchEntity, context),
    })
  }

  const proofOf = (entity: BatchEntity, before: JsonObject | undefined, restricted: boolean): JsonObject => ({
    ...{ material: entity.Material, batch: entity.Batch, plant: entity.BatchIdentifyingPlant },
    restricted: entity.MatlBatchIsInRstrcdUseStock,
    // What is not known any more counts as restricted by others: a reversal leaves it so.
    restrictedBefore: before?.restricted ?? true,
    ...(holds && restricted && { foreign: before?.foreign ?? true }),
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
      const { entity, reference, before, wrote } = await set(action, false, known, first, context)
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
      const recorded = known.findLast(({ reverts }) => !reverts)?.record?.before
      if (!(await mayUndo(action, receipt.proof ?? proofOf(entity, recorded, holds), entity, context))) {
        // Others hold it, or it had been free before: the batch stays, and a hold of ours counts no more.
        const [kept] =
          undone.length > 0 || !holds
            ? undone
            : [await record(action, true, entity, stateOf(entity), context)]
        const proof = { ...proofOf(entity, stateOf(entity), !holds), left: true }
        return receiptOf(kept?.number ?? receipt.reference, proof, undone.length > 0)
      }
      const changed = await set(action, true, undone, first, context)
      return receiptOf(
        changed.reference.number,
        proofOf(changed.entity, changed.before, !holds),
        !changed.wrote,
      )
    },
  }
}
