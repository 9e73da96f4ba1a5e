import { day, decimal, instant, integer, text, time } from '../odata/field.js'
import type { EntitySet, Service } from '../odata/model.js'

const defect: EntitySet = {
  name: 'A_Defect',
  type: 'A_DefectType',
  key: ['DefectInternalID'],
  etag: 'ChangedDateTime',
  fields: {
    DefectInternalID: text(12),
    Defect: text(12),
    DefectCategory: text(2),
    DefectText: text(40),
    DefectCodeCatalog: text(1),
    DefectCodeGroup: text(8),
    DefectCode: text(4),
    DefectObjectCodeCatalog: text(1),
    DefectObjectCodeGroup: text(8),
    DefectObjectCode: text(4),
    DefectiveQuantity: decimal(13, 3),
    DefectiveQuantityUnit: text(3),
    NumberOfDefects: integer(),
    DefectClass: text(2),
    ManufacturingOrder: text(12),
    Material: text(40),
    Plant: text(4),
    InspectionLot: text(12),
    MainWorkCenter: text(8),
    Equipment: text(18),
    IsDeleted: text(1),
    CreationDate: day(),
    CreationTime: time(),
    LastChangeDate: day(),
    LastChangeTime: time(),
    ChangedDateTime: instant(),
  },
}

/** Defects are recorded in the plant: they come with the set-up or by `add`, and clients read them. */
export const defectService: Service = {
  root: '/sap/opu/odata/sap/API_DEFECT_SRV',
  namespace: 'API_DEFECT_SRV',
  version: 2,
  sets: { A_Defect: defect },
}
