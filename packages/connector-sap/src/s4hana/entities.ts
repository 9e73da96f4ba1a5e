import * as z from 'zod'
import type { components as BatchApi } from '../generated/batch.js'
import type { components as LotApi } from '../generated/inspection-lot.js'
import type { components as DocumentApi } from '../generated/material-document.js'
import type { components as StockApi } from '../generated/material-stock.js'
import type { components as OrderApi } from '../generated/production-order.js'
import type { components as NotificationApi } from '../generated/quality-notification.js'

// What is read of SAP's answers. Lenient: fields that are not needed may be missing, and others may be there.

/** Only names that the OpenAPI file has. */
export const named =
  <Entity>() =>
  <Shape extends Readonly<Record<string, z.ZodType>>>(
    shape: Shape & Readonly<Record<Exclude<keyof Shape, keyof Entity>, never>>,
  ) =>
    z.object<Shape>(shape)

export const optional = z
  .string()
  .nullish()
  .transform((value) => value ?? '')
/** `true`, and in flags of one character `X`. */
export const flag = z
  .union([z.boolean(), z.string()])
  .nullish()
  .transform((value) => value === true || value === 'X')
/** Expanded; none where SAP only says where they are. */
const results = <T extends z.ZodType>(entity: T) =>
  z
    .union([z.object({ results: z.array(entity) }), z.object({ __deferred: z.unknown() })])
    .optional()
    .transform((found) => (found !== undefined && 'results' in found ? found.results : []))

export const batchEntity = named<BatchApi['schemas']['Batch']>()({
  Material: z.string(),
  BatchIdentifyingPlant: optional,
  Batch: z.string(),
  MatlBatchIsInRstrcdUseStock: flag,
  BatchIsMarkedForDeletion: flag,
})
export type BatchEntity = z.output<typeof batchEntity>

export const stockEntity = named<StockApi['schemas']['A_MatlStkInAcctMod']>()({
  Material: z.string(),
  Plant: optional,
  StorageLocation: optional,
  Batch: optional,
  InventoryStockType: optional,
  InventorySpecialStockType: optional,
  MaterialBaseUnit: optional,
  MatlWrhsStkQtyInMatlBaseUnit: z.string(),
})
export type StockEntity = z.output<typeof stockEntity>

export const serialEntity = named<DocumentApi['schemas']['A_SerialNumberMaterialDocument']>()({
  Material: optional,
  SerialNumber: z.string(),
  MaterialDocument: z.string(),
  MaterialDocumentItem: z.string(),
  MaterialDocumentYear: z.string(),
})

export const documentItemEntity = named<DocumentApi['schemas']['A_MaterialDocumentItem']>()({
  MaterialDocumentYear: z.string(),
  MaterialDocument: z.string(),
  MaterialDocumentItem: z.string(),
  Material: optional,
  Plant: optional,
  StorageLocation: optional,
  Batch: optional,
  GoodsMovementType: optional,
  ManufacturingOrder: optional,
  QuantityInEntryUnit: z.string().catch('0'),
  EntryUnit: optional,
  GoodsMovementIsCancelled: flag,
  to_SerialNumbers: results(serialEntity),
})
export type DocumentItemEntity = z.output<typeof documentItemEntity>

export const documentEntity = named<DocumentApi['schemas']['A_MaterialDocumentHeader']>()({
  MaterialDocumentYear: z.string(),
  MaterialDocument: z.string(),
  ReferenceDocument: optional,
  to_MaterialDocumentItem: results(documentItemEntity),
})
export type DocumentEntity = z.output<typeof documentEntity>

export const orderEntity = named<OrderApi['schemas']['A_ProductionOrder_2']>()({
  ManufacturingOrder: z.string(),
  ManufacturingOrderType: optional,
  ManufacturingOrderImportance: optional,
  OrderIsReleased: flag,
  OrderIsDeleted: flag,
  OrderIsTechnicallyCompleted: flag,
  OrderIsClosed: flag,
  OrderIsDelivered: flag,
  Material: optional,
  ProductionPlant: optional,
  ProductionUnit: optional,
  TotalQuantity: z.string().catch('0'),
  MfgOrderPlannedStartDate: optional,
  MfgOrderPlannedEndDate: optional,
})
export type OrderEntity = z.output<typeof orderEntity>

export const lotEntity = named<LotApi['schemas']['A_InspectionLot']>()({
  InspectionLot: z.string(),
  InspectionLotText: optional,
  InspectionLotHasUsageDecision: flag,
})
export type LotEntity = z.output<typeof lotEntity>

export const usageDecisionEntity = named<LotApi['schemas']['A_InspLotUsageDecision']>()({
  InspectionLot: z.string(),
})

export const longText = named<NotificationApi['schemas']['QltyNotificationLongText']>()({
  QltyNotificationLongText: optional,
})

export const notificationEntity = named<NotificationApi['schemas']['QualityNotification']>()({
  QualityNotification: z.string(),
  NotificationType: optional,
  NotificationText: optional,
  Material: optional,
  Batch: optional,
  NotifProcessingPhase: optional,
  _QltyNotificationLongText: z
    .array(longText)
    .nullish()
    .transform((texts) => texts ?? []),
})
export type NotificationEntity = z.output<typeof notificationEntity>
