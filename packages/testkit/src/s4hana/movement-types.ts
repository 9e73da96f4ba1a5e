import { stockTypes } from './stock.js'

/** What a goods movement does to the stock of its batch. */
export interface MovementType {
  /** Stock that it takes from; absent for a receipt. */
  readonly from?: '01' | '02' | '07'
  /** Stock that it adds to; absent for an issue. */
  readonly to?: '01' | '02' | '07'
  /** The movement that takes it back. */
  readonly reversal: string
  /** The goods movement codes under which it may be posted. */
  readonly codes: readonly string[]
  /** It needs an order that is released. */
  readonly order?: boolean
  /** It goes to another storage location of the plant. */
  readonly elsewhere?: boolean
}

const { unrestricted, inspection, blocked } = stockTypes

/** The movement types that the simulator knows. */
export const movementTypes: Readonly<Record<string, MovementType>> = {
  '101': { to: unrestricted, reversal: '102', codes: ['01', '02'] },
  '102': { from: unrestricted, reversal: '101', codes: ['01', '02'] },
  '261': { from: unrestricted, reversal: '262', codes: ['03'], order: true },
  '262': { to: unrestricted, reversal: '261', codes: ['03'], order: true },
  '311': { from: unrestricted, to: unrestricted, reversal: '312', codes: ['04'], elsewhere: true },
  '312': { from: unrestricted, to: unrestricted, reversal: '311', codes: ['04'], elsewhere: true },
  '321': { from: inspection, to: unrestricted, reversal: '322', codes: ['04'] },
  '322': { from: unrestricted, to: inspection, reversal: '321', codes: ['04'] },
  '343': { from: blocked, to: unrestricted, reversal: '344', codes: ['04'] },
  '344': { from: unrestricted, to: blocked, reversal: '343', codes: ['04'] },
  '349': { from: blocked, to: inspection, reversal: '350', codes: ['04'] },
  '350': { from: inspection, to: blocked, reversal: '349', codes: ['04'] },
  '561': { to: unrestricted, reversal: '562', codes: ['05'] },
  '562': { from: unrestricted, reversal: '561', codes: ['05'] },
  '601': { from: unrestricted, reversal: '602', codes: ['03'] },
  '602': { to: unrestricted, reversal: '601', codes: ['03'] },
}
