import type { Action, Receipt } from '@andon/core/connector'
import { type Books, comparison } from './s4hana-books.ts'

const text = (value: unknown): string => (typeof value === 'string' ? value : '')

/** How one batch stands, and who wants it so. */
export interface RestrictedBatch {
  restricted: boolean
  /** Actions whose hold stands; people's counts for itself and stays. */
  readonly holders: Set<string>
  /** People had restricted it: no reversal may free it. */
  byPeople: boolean
  /** How often we have turned it. */
  turns: number
}

export const freeBatch = (): RestrictedBatch => ({
  restricted: false,
  holders: new Set(),
  byPeople: false,
  turns: 0,
})

/**
 * The restricted-use indicator of batches. A batch is free again when the last hold is taken back and people had not
 * restricted it; a release ends all holds, and taken back it brings them back.
 */
export function restrictionBooks(batches: ReadonlyMap<string, RestrictedBatch>): Books {
  const ended = new Map<string, { readonly holders: readonly string[]; readonly byPeople: boolean }>()
  const undone = new Set<string>()
  const batchOf = ({ params }: Action): RestrictedBatch => batches.get(text(params.batch)) ?? freeBatch()
  const settle = (batch: RestrictedBatch): void => {
    const restricted = batch.byPeople || batch.holders.size > 0
    if (restricted !== batch.restricted) batch.turns += 1
    batch.restricted = restricted
  }
  return {
    did(action) {
      const batch = batchOf(action)
      if (action.kind === 'material.hold') batch.holders.add(action.id)
      else {
        ended.set(action.id, { holders: [...batch.holders], byPeople: batch.byPeople })
        batch.holders.clear()
        batch.byPeople = false
      }
      settle(batch)
    },
    undid(action) {
      const batch = batchOf(action)
      undone.add(action.id)
      if (action.kind === 'material.hold') batch.holders.delete(action.id)
      else {
        const was = ended.get(action.id)
        for (const holder of was?.holders ?? []) if (!undone.has(holder)) batch.holders.add(holder)
        batch.byPeople = batch.byPeople || was?.byPeople === true
      }
      settle(batch)
    },
    refused: () => undefined,
    differences(s4) {
      const { found, same } = comparison()
      for (const row of s4.state().batches) {
        const name = text(row.Batch)
        const expected = batches.get(name)
        if (expected === undefined) continue
        same(`${name} is restricted`, row.MatlBatchIsInRstrcdUseStock, expected.restricted)
        const turns = s4.changes.filter(
          ({ set, kind, key, after, user }) =>
            set === 'Batch' &&
            kind === 'changed' &&
            user !== 'SOMEBODY' &&
            key.Batch === name &&
            'MatlBatchIsInRstrcdUseStock' in after,
        )
        same(`turns of ${name}`, turns.length, expected.turns)
      }
      return found
    },
  }
}

/** Stock that is moved to blocked stock and back: what each document moved is in its receipt. */
export function transferBooks(stock: Map<string, { unrestricted: number; blocked: number }>): Books {
  const moved = new Map<string, number>()
  /** Batch → how many documents it has to have. */
  const documents = new Map<string, number>()
  const move = (batch: string, quantity: number): void => {
    const own = stock.get(batch) ?? { unrestricted: 0, blocked: 0 }
    stock.set(batch, { unrestricted: own.unrestricted - quantity, blocked: own.blocked + quantity })
    documents.set(batch, (documents.get(batch) ?? 0) + 1)
  }
  const quantityOf = ({ proof }: Receipt): number => Number(proof?.quantity)
  return {
    did({ id, kind, params }, receipt) {
      const batch = text(params.batch)
      const own = stock.get(batch)
      // All that is there, and not what the receipt says of it.
      const quantity = (kind === 'material.hold' ? own?.unrestricted : own?.blocked) ?? 0
      if (quantityOf(receipt) !== quantity)
        moved.set(`${id}: ${quantityOf(receipt)} instead of ${quantity}`, -1)
      const signed = kind === 'material.hold' ? quantity : -quantity
      moved.set(id, signed)
      move(batch, signed)
    },
    undid({ id, params }) {
      move(text(params.batch), -(moved.get(id) ?? 0))
    },
    refused: () => undefined,
    differences(s4) {
      const { found, same } = comparison()
      const { stock: rows, materialDocumentItems: items } = s4.state()
      const amount = (batch: string, type: string): number =>
        rows
          .filter((row) => row.Batch === batch && row.InventoryStockType === type)
          .reduce((sum, row) => sum + Number(row.MatlWrhsStkQtyInMatlBaseUnit), 0)
      for (const [batch, { unrestricted, blocked }] of stock) {
        same(`stock of ${batch}`, [amount(batch, '01'), amount(batch, '07')], [unrestricted, blocked])
        const own = items.filter((row) => row.Batch === batch)
        same(`documents of ${batch}`, own.length, documents.get(batch) ?? 0)
      }
      for (const [what, sign] of moved) if (sign === -1 && what.includes(' instead of ')) found.push(what)
      return found
    },
  }
}
