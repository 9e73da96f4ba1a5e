import type { Row } from '../odata/field.js'
import type { EntitySet } from '../odata/model.js'
import type { World } from './world.js'

/** A document that somebody's mark stands in. */
export interface MarkedDocument {
  readonly set: string
  readonly key: Row
  /** All its items are cancelled: what it did is taken back. */
  readonly cancelled: boolean
}

const documentSets: readonly string[] = [
  ...['QualityNotification', 'A_MaterialDocumentHeader', 'A_ProductionOrder_2', 'A_InspectionLot', 'Batch'],
]

const contains = (row: Row, mark: string): boolean =>
  Object.values(row).some((value) => typeof value === 'string' && value.includes(mark))

/** The rows below a row, its parts' parts too. */
function partsOf(world: World, set: EntitySet, row: Row): readonly Row[] {
  return Object.values(set.navigations ?? {}).flatMap(({ set: name, on, many }) => {
    const part = world.set(name)
    const [[here, there] = ['', '']] = on
    if (part === undefined || !many) return []
    const found = world.tables
      .rowsWith(name, there, row[here] ?? null)
      .filter((other) => on.every(([mine, theirs]) => row[mine] === other[theirs]))
    return found.flatMap((one) => [one, ...partsOf(world, part, one)])
  })
}

/** The documents in whose text, or in the text of whose parts, the mark stands. */
export function documentsWith(world: World, mark: string): readonly MarkedDocument[] {
  return documentSets.flatMap((name) => {
    const set = world.set(name)
    if (set === undefined) return []
    return [...world.tables.rows(name)].flatMap((row): readonly MarkedDocument[] => {
      const parts = partsOf(world, set, row)
      if (!contains(row, mark) && !parts.some((part) => contains(part, mark))) return []
      const items = parts.filter((part) => 'GoodsMovementIsCancelled' in part)
      const cancelled = items.length > 0 && items.every((part) => part.GoodsMovementIsCancelled === true)
      return [
        { set: name, key: Object.fromEntries(set.key.map((field) => [field, row[field] ?? ''])), cancelled },
      ]
    })
  })
}

/** Everything that a document says, its parts too, a line each. */
export function textOfDocument(world: World, { set: name, key }: MarkedDocument): string {
  const set = world.set(name)
  const row = world.tables.find(name, key)
  if (set === undefined || row === undefined) return ''
  return [row, ...partsOf(world, set, row)]
    .flatMap((one) => Object.values(one).filter((value) => typeof value === 'string' && value !== ''))
    .join('\n')
}
