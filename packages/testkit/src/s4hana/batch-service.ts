import { day, flag, instant, type Row, text } from '../odata/field.js'
import type { EntitySet, RuleContext, Service } from '../odata/model.js'
import { ODataProblem } from '../odata/problem.js'
import { completed, customFields, laterThan, mark, textOf } from './entity.js'
import { checkMaterial, checkMaterialAnywhere } from './master-data.js'
import { reclassify } from './stock.js'

const updatable = { updatable: true }
const computed = { computed: true }

/** Changes a batch; whoever restricts or frees it turns its stock as well. */
function update(context: RuleContext, row: Row, patch: Row): void {
  const { tables, at } = context
  const changed = { ...patch, LastChangeDateTime: laterThan(row.LastChangeDateTime, at) }
  tables.change('Batch', row, changed, mark(context))
  const restricted = patch.MatlBatchIsInRstrcdUseStock
  if (typeof restricted === 'boolean' && restricted !== row.MatlBatchIsInRstrcdUseStock) {
    reclassify(context, row, restricted)
  }
}

function batchSet(custom: readonly string[]): EntitySet {
  const set: EntitySet = {
    name: 'Batch',
    type: 'BatchType',
    key: ['Material', 'BatchIdentifyingPlant', 'Batch'],
    etag: 'LastChangeDateTime',
    fields: {
      Material: text(40, { required: true }),
      BatchIdentifyingPlant: text(4),
      Batch: text(10, { required: true }),
      BatchIsMarkedForDeletion: flag(updatable),
      MatlBatchIsInRstrcdUseStock: flag(updatable),
      Supplier: text(10, updatable),
      BatchBySupplier: text(15, updatable),
      CountryOfOrigin: text(3),
      RegionOfOrigin: text(3),
      MatlBatchAvailabilityDate: day(),
      ShelfLifeExpirationDate: day(updatable),
      ManufactureDate: day(updatable),
      CreationDateTime: instant(computed),
      LastChangeDateTime: instant(computed),
      ...customFields(custom),
    },
    create(context, { given }) {
      const { tables, at } = context
      const [material, plant] = [textOf(given, 'Material'), textOf(given, 'BatchIdentifyingPlant')]
      if (plant === '') checkMaterialAnywhere(context, material)
      else checkMaterial(context, material, plant)
      const row = completed(set, given, { CreationDateTime: at, LastChangeDateTime: at })
      if (tables.find(set.name, row) !== undefined) {
        throw new ODataProblem(400, 'LB/014', `Batch ${textOf(row, 'Batch')} already exists`, 'Batch')
      }
      return tables.insert(set.name, row, mark(context))
    },
    update,
  }
  return set
}

export function batchService(custom: readonly string[]): Service {
  return {
    root: '/sap/opu/odata/sap/API_BATCH_SRV',
    namespace: 'API_BATCH_SRV',
    version: 2,
    sets: { Batch: batchSet(custom) },
  }
}
