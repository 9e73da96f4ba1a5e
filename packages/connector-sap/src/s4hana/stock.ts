import type { CallContext } from '@andon/core/connector'
import { sumOf, unitsOf } from '../odata/decimal.js'
import { text } from '../odata/v2.js'
import { type StockEntity, stockEntity } from './entities.js'
import type { Means } from './means.js'

/** `InventoryStockType`: what may be used, what is blocked. */
export const unrestricted = '01'
export const blocked = '07'

/** What lies in the plant of one batch, by storage location and kind of stock; special stocks (a customer's, a project's) apart. */
export async function stockOf(
  { stock, settings }: Means,
  { material, batch }: { readonly material: string; readonly batch: string },
  context: CallContext,
): Promise<readonly StockEntity[]> {
  const filter = `Material eq ${text(material)} and Batch eq ${text(batch)} and Plant eq ${text(settings.plant)}`
  const { items } = await stock.list({ set: 'A_MatlStkInAcctMod', filter }, stockEntity, context)
  return items
    .map(({ entity }) => entity)
    .filter(
      (entry) =>
        entry.InventorySpecialStockType === '' && (unitsOf(entry.MatlWrhsStkQtyInMatlBaseUnit) ?? 0n) > 0n,
    )
}

/** The amount of such stock, exactly. */
export const amountOf = (entries: readonly StockEntity[]): string =>
  sumOf(entries.map((entry) => entry.MatlWrhsStkQtyInMatlBaseUnit)) ?? '0'

export const ofType = (entries: readonly StockEntity[], type: string): readonly StockEntity[] =>
  entries.filter(({ InventoryStockType }) => InventoryStockType === type)
