import * as z from 'zod'
import { envelope, read, type TransactionHead, valueNumber, valueText } from './values.js'

/** What of a lot goes both ways. */
export interface B2mmlLot {
  readonly lot: string
  readonly held: boolean
  /** `MaterialDefinitionID`. */
  readonly component?: string
  readonly quantity?: number
}

/**
 * The words of `Status` and `Disposition`. `Disposition` is an enumeration of ISA-95 (Planned, In-Process, Restricted,
 * UnRestricted, Closed, Other): what is held is Restricted. `Status` has no values of its own: each plant has its words,
 * so name yours; the default ones are ours.
 */
export interface LotWords {
  readonly held?: { readonly status?: string; readonly disposition?: string }
  readonly free?: { readonly status?: string; readonly disposition?: string }
}

const wordsOf = ({ held = {}, free = {} }: LotWords) => ({
  held: { status: held.status ?? 'Held', disposition: held.disposition ?? 'Restricted' },
  free: { status: free.status ?? 'Released', disposition: free.disposition ?? 'UnRestricted' },
})

/** A `ChangeMaterialLot` that says how the lot shall stand, and why. */
export function changeMaterialLot(
  { lot, held, component, quantity }: B2mmlLot,
  reason: string,
  head: TransactionHead,
  words: LotWords = {},
): object {
  const { status, disposition } = wordsOf(words)[held ? 'held' : 'free']
  return {
    ChangeMaterialLot: {
      ...envelope(head),
      DataArea: {
        Change: { ActionCriteria: [{ ActionExpression: ['Change'] }] },
        MaterialLot: [
          {
            ID: lot,
            Description: [reason],
            ...(component !== undefined && { MaterialDefinitionID: component }),
            ...{ Status: status, Disposition: disposition },
            ...(quantity !== undefined && { Quantity: [{ QuantityString: String(quantity) }] }),
          },
        ],
      },
    },
  }
}

const lotSchema = z.looseObject({
  ID: valueText,
  MaterialDefinitionID: valueText.optional(),
  Status: valueText.optional(),
  Disposition: valueText.optional(),
  Quantity: z.array(z.looseObject({ QuantityString: valueNumber.optional() })).optional(),
})

const changeSchema = z.looseObject({
  ChangeMaterialLot: z.looseObject({ DataArea: z.looseObject({ MaterialLot: z.array(lotSchema) }) }),
})

/**
 * How a `MaterialLot` stands. Where it has a `Disposition`, that counts: Restricted is held, whatever the status is called;
 * without one the status decides by its word.
 *
 * @throws B2mmlError naming what cannot be read
 */
export function lotOfB2mml(document: unknown, words: LotWords = {}): B2mmlLot {
  const { ID, MaterialDefinitionID, Status, Disposition, Quantity } = read(lotSchema, document)
  const { held } = wordsOf(words)
  const quantity = Quantity?.[0]?.QuantityString
  const isHeld = Disposition === undefined ? Status === held.status : same(Disposition, held.disposition)
  return {
    ...{ lot: ID, held: isHeld },
    ...(MaterialDefinitionID !== undefined && { component: MaterialDefinitionID }),
    ...(quantity !== undefined && { quantity }),
  }
}

/** Every lot of a `ChangeMaterialLot`. */
export const lotsOfChange = (document: unknown, words: LotWords = {}): readonly B2mmlLot[] =>
  read(changeSchema, document).ChangeMaterialLot.DataArea.MaterialLot.map((lot) => lotOfB2mml(lot, words))

const same = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase()
