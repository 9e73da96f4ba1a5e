import type { Row } from '../odata/field.js'
import { text } from '../odata/field.js'
import type { EntitySet, RuleContext } from '../odata/model.js'
import { refuse, textOf } from './entity.js'

/** Which material exists in which plant: kept like the rest, offered by no service. */
export const materialSet: EntitySet = {
  name: 'Material',
  type: 'MaterialType',
  key: ['Material', 'Plant'],
  fields: { Material: text(40), Plant: text(4), BaseUnit: text(3) },
}

/** The material in the plant; refuses what does not exist. */
export function checkMaterial({ tables }: RuleContext, material: string, plant: string): Row {
  const found = tables.find(materialSet.name, { Material: material, Plant: plant })
  if (found !== undefined) return found
  const elsewhere = tables.rowsWith(materialSet.name, 'Material', material)
  return elsewhere.length === 0
    ? refuse('M3/305', `The material ${material} does not exist or is not activated`, 'Material')
    : refuse('M3/351', `Material ${material} not maintained in plant ${plant}`, 'Plant')
}

export function checkMaterialAnywhere({ tables }: RuleContext, material: string): void {
  if (tables.rowsWith(materialSet.name, 'Material', material).length > 0) return
  refuse('M3/305', `The material ${material} does not exist or is not activated`, 'Material')
}

/**
 * The batch of a material, as a document names it: batch numbers are unique per material, or per plant as well, and
 * the batch's own key says which.
 */
export function batchOf(
  { tables }: RuleContext,
  material: string,
  plant: string,
  batch: string,
): Row | undefined {
  for (const identifyingPlant of ['', plant]) {
    const key = { Material: material, BatchIdentifyingPlant: identifyingPlant, Batch: batch }
    const found = tables.find('Batch', key)
    if (found !== undefined) return found
  }
  return undefined
}

export function checkBatch(context: RuleContext, material: string, plant: string, batch: string): Row {
  return (
    batchOf(context, material, plant, batch) ??
    refuse('M7/042', `Batch ${batch} of material ${material} does not exist`, 'Batch')
  )
}

export const isRestricted = (batch: Row | undefined): boolean => batch?.MatlBatchIsInRstrcdUseStock === true

/** The batch that a row with Material, Plant and Batch is about; undefined when it names none. */
export function namedBatch(context: RuleContext, row: Row): Row | undefined {
  const [material, plant, batch] = [textOf(row, 'Material'), textOf(row, 'Plant'), textOf(row, 'Batch')]
  return batch === '' ? undefined : checkBatch(context, material, plant, batch)
}
