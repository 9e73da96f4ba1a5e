import type { Action, CallContext, JsonObject, Receipt } from '@andon/core/connector'
import type { AndonError } from '@andon/core/errors'
import type { components } from '../generated/batch.js'
import type { Tagged } from '../odata/v2-service.js'
import { wordsOf } from '../words.js'
import { batchPath, oneBatch } from './batch-master.js'
import { changeState, type StateChanged } from './change-state.js'
import { type BatchEntity, batchEntity } from './entities.js'
import { holdersOf } from './holders.js'
import type { KindWork, Means } from './means.js'
import { type Kept, recordTitle } from './notifications.js'
import { checkedParams, holdParams } from './params.js'
import { receiptOf } from './receipts.js'
import { refusedWords, voidedIfRefused } from './refused-changes.js'
import { saidBy } from './said.js'

const stateOf = ({ MatlBatchIsInRstrcdUseStock: restricted }: BatchEntity): JsonObject => ({ restricted })

/**
 * Holds a batch by its restricted-use indicator, or releases it.
 *
 * The indicator has no place for an action id, and a batch may have been restricted before: so each change is first
 * written into a quality notification (see {@link Notifications}) and then made with If-Match. A reversal is written
 * down first, too, and only then decides who still holds the batch: of two that go at the same time one sees the other.
 */
export function holdBatch(means: Means, kind: 'material.hold' | 'material.release'): KindWork {
  const { name, notifications, batches, settings } = means
  const holds = kind === 'material.hold'
  const verb = holds ? 'hold' : 'release'

  const batchOf = async (action: Action, context: CallContext): Promise<Tagged<BatchEntity>> => {
    const { batch, component } = checkedParams(name, holdParams, action)
    return oneBatch(means, batch, component, context)
  }

  const record = (
    action: Action,
    reverts: boolean,
    { Material, Batch }: BatchEntity,
    before: JsonObject,
    context: CallContext,
    refusal?: AndonError,
  ): Promise<Kept> =>
    notifications.create(
      {
        type: settings.recordType,
        title: `${recordTitle} ${reverts ? 'undo ' : ''}${refusal === undefined ? verb : 'refused'}`,
        record: {
          ...{ action: action.id, kind, reverts, at: new Date(context.clock.now()).toISOString() },
          before,
          ...(refusal !== undefined && { refused: true }),
        },
        words: wordsOf(action, [
          ...(refusal === undefined ? [] : refusedWords(refusal)),
          ...saidBy(action, reverts),
        ]),
        material: Material,
        batch: Batch,
      },
      context,
    )

  async function set(
    action: Action,
    reverts: boolean,
    known: readonly Kept[],
    first: Tagged<BatchEntity>,
    context: CallContext,
  ): Promise<StateChanged<BatchEntity>> {
    const restricted = holds !== reverts
    const path = batchPath(first.entity)
    const body: components['schemas']['BatchUpdate'] = { MatlBatchIsInRstrcdUseStock: restricted }
    return changeState({
      name,
      known,
      first,
      stateOf,
      wanted: () => ({ restricted }),
      record: (before) => record(action, reverts, first.entity, before, context),
      write: (etag) => batches.change({ path, etag, body }, batchEntity, context),
      read: () => batches.read(path, batchEntity, context),
      voided: (refusal) => record(action, reverts, first.entity, stateOf(first.entity), context, refusal),
      turnedAway: means.turnedAway.of(action, reverts),
    })
  }

  const proofOf = (entity: BatchEntity, before: JsonObject | undefined, restricted: boolean): JsonObject => ({
    ...{ material: entity.Material, batch: entity.Batch, plant: entity.BatchIdentifyingPlant },
    ...{ restricted: entity.MatlBatchIsInRstrcdUseStock, restrictedBefore: before?.restricted ?? null },
    confirmed: entity.MatlBatchIsInRstrcdUseStock === restricted,
  })

  /** Whether somebody wants the batch restricted, now that this reversal is written down. */
  async function isHeld(
    { Material, Batch }: BatchEntity,
    kept: Kept,
    context: CallContext,
  ): Promise<boolean> {
    const records = await notifications.ofBatch(Material, Batch, context)
    const all = records.some(({ number }) => number === kept.number) ? records : [...records, kept]
    const { ours, others } = holdersOf(all)
    return others || ours.size > 0
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

    async revert(action, _receipt, context) {
      const undone = (await notifications.find(action, context)).filter(({ reverts }) => reverts)
      const first = await batchOf(action, context)
      const { entity } = first
      const kept = undone[0] ?? (await record(action, true, entity, stateOf(entity), context))
      const isNew = undone.length === 0
      // A hold that goes never restricts a batch, and a release that goes never frees it.
      const held = await voidedIfRefused(
        name,
        (refusal) => record(action, true, entity, stateOf(entity), context, refusal),
        () => isHeld(entity, kept, context),
      )
      if (held === holds) {
        const proof = { ...proofOf(entity, kept.record?.before, !holds), left: true }
        return receiptOf(kept.number, proof, !isNew)
      }
      const changed = await set(action, true, isNew ? [kept] : undone, first, context)
      const proof = proofOf(changed.entity, changed.before, !holds)
      return receiptOf(kept.number, proof, !isNew && !changed.wrote)
    },
  }
}
