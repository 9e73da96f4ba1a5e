import { day, decimal, flag, type Row, text, time } from '../odata/field.js'
import type { EntitySet, FunctionImport, Service } from '../odata/model.js'
import { customFields } from './entity.js'
import { cancelDocument, postDocument } from './goods-movement.js'

const computed = { computed: true }
const required = { required: true }

const item: EntitySet = {
  name: 'A_MaterialDocumentItem',
  type: 'A_MaterialDocumentItemType',
  key: ['MaterialDocumentYear', 'MaterialDocument', 'MaterialDocumentItem'],
  navigations: {
    to_SerialNumbers: {
      set: 'A_SerialNumberMaterialDocument',
      many: true,
      on: [
        ['MaterialDocument', 'MaterialDocument'],
        ['MaterialDocumentYear', 'MaterialDocumentYear'],
        ['MaterialDocumentItem', 'MaterialDocumentItem'],
      ],
    },
    to_MaterialDocumentHeader: {
      set: 'A_MaterialDocumentHeader',
      many: false,
      on: [
        ['MaterialDocument', 'MaterialDocument'],
        ['MaterialDocumentYear', 'MaterialDocumentYear'],
      ],
    },
  },
  fields: {
    MaterialDocumentYear: text(4, computed),
    MaterialDocument: text(10, computed),
    MaterialDocumentItem: text(4, computed),
    Material: text(40, required),
    Plant: text(4, required),
    StorageLocation: text(4),
    Batch: text(10),
    GoodsMovementType: text(3, required),
    InventoryStockType: text(2, computed),
    Supplier: text(10),
    Customer: text(10),
    ManufacturingOrder: text(12),
    GoodsMovementReasonCode: text(4),
    Delivery: text(10),
    QuantityInBaseUnit: decimal(13, 3, computed),
    MaterialBaseUnit: text(3, computed),
    QuantityInEntryUnit: decimal(13, 3, required),
    EntryUnit: text(3, required),
    IssuingOrReceivingPlant: text(4),
    IssuingOrReceivingStorageLoc: text(4),
    MaterialDocumentItemText: text(50),
    GoodsMovementIsCancelled: flag(computed),
    ReversedMaterialDocumentYear: text(4, computed),
    ReversedMaterialDocument: text(10, computed),
    ReversedMaterialDocumentItem: text(4, computed),
    DebitCreditCode: text(1, computed),
  },
}

const serialNumber: EntitySet = {
  name: 'A_SerialNumberMaterialDocument',
  type: 'A_SerialNumberMaterialDocumentType',
  key: ['Material', 'SerialNumber', 'MaterialDocument', 'MaterialDocumentItem', 'MaterialDocumentYear'],
  fields: {
    Material: text(40),
    SerialNumber: text(18),
    MaterialDocument: text(10),
    MaterialDocumentItem: text(4),
    MaterialDocumentYear: text(4),
    ManufacturerSerialNumber: text(30),
  },
}

function headerSet(custom: readonly string[]): EntitySet {
  const set: EntitySet = {
    name: 'A_MaterialDocumentHeader',
    type: 'A_MaterialDocumentHeaderType',
    key: ['MaterialDocumentYear', 'MaterialDocument'],
    navigations: {
      to_MaterialDocumentItem: {
        set: item.name,
        many: true,
        on: [
          ['MaterialDocument', 'MaterialDocument'],
          ['MaterialDocumentYear', 'MaterialDocumentYear'],
        ],
      },
    },
    fields: {
      MaterialDocumentYear: text(4, computed),
      MaterialDocument: text(10, computed),
      InventoryTransactionType: text(2, computed),
      DocumentDate: day(required),
      PostingDate: day(required),
      CreationDate: day(computed),
      CreationTime: time(computed),
      CreatedByUser: text(12, computed),
      MaterialDocumentHeaderText: text(25),
      ReferenceDocument: text(16),
      GoodsMovementCode: text(2, required),
      ...customFields(custom),
    },
    create: (context, input) => postDocument(context, { header: set, item }, input),
  }
  return set
}

const documentKey = { MaterialDocumentYear: text(4), MaterialDocument: text(10) }

function cancelling(header: EntitySet): Readonly<Record<string, FunctionImport>> {
  const whole = (given: Row): Row => ({
    MaterialDocumentYear: given.MaterialDocumentYear ?? '',
    MaterialDocument: given.MaterialDocument ?? '',
  })
  return {
    Cancel: {
      parameters: { ...documentKey, PostingDate: day() },
      optional: ['PostingDate'],
      returns: header.name,
      call: (context, given) => cancelDocument(context, { header, item }, whole(given), given.PostingDate),
    },
    CancelItem: {
      parameters: { ...documentKey, MaterialDocumentItem: text(4), PostingDate: day() },
      optional: ['PostingDate'],
      returns: item.name,
      call: (context, given) => {
        const only = String(given.MaterialDocumentItem ?? '')
        const made = cancelDocument(context, { header, item }, whole(given), given.PostingDate, only)
        return context.tables.find(item.name, { ...made, MaterialDocumentItem: '0001' }) ?? made
      },
    },
  }
}

export function materialDocumentService(custom: readonly string[]): Service {
  const header = headerSet(custom)
  return {
    root: '/sap/opu/odata/sap/API_MATERIAL_DOCUMENT_SRV',
    namespace: 'API_MATERIAL_DOCUMENT_SRV',
    version: 2,
    sets: { [header.name]: header, [item.name]: item, [serialNumber.name]: serialNumber },
    functions: cancelling(header),
  }
}
