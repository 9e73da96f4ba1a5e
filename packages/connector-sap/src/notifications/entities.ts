import * as z from 'zod'
import type { components as DefectApi } from '../generated/defect.js'
import type { components as NotificationApi } from '../generated/quality-notification.js'
import { flag, longText, named, optional } from '../s4hana/entities.js'

// What feedback is made of. Lenient: fields may be missing, and fields of your own are kept.

const item = named<NotificationApi['schemas']['QualityNotificationItem']>()({
  NotificationItem: optional,
  NotificationItemText: optional,
  DefectCodeCatalog: optional,
  DefectCodeGroup: optional,
  DefectCode: optional,
  DefectClass: optional,
  NumberOfDefects: z.number().nullish(),
  ExternalDefectiveQuantity: optional,
  DefectiveQuantityUnit: optional,
})

export const changedNotification = named<NotificationApi['schemas']['QualityNotification']>()({
  QualityNotification: z.string().min(1),
  ChangedDateTime: z.iso.datetime({ offset: true }),
  NotificationType: optional,
  NotificationText: optional,
  NotifProcessingPhase: optional,
  NotificationPriority: optional,
  Material: optional,
  Plant: optional,
  Batch: optional,
  Customer: optional,
  Supplier: optional,
  InspectionLot: optional,
  NotificationReportingDate: optional,
  IsDeleted: flag,
  _QltyNotificationLongText: z
    .array(longText.extend({ Language: optional }))
    .nullish()
    .transform((texts) => texts ?? []),
  _QualityNotificationItem: z
    .array(item)
    .nullish()
    .transform((items) => items ?? []),
}).loose()
export type SapNotification = z.output<typeof changedNotification>

export const changedDefect = named<DefectApi['schemas']['A_Defect']>()({
  DefectInternalID: z.string().min(1),
  ChangedDateTime: z.string(),
  DefectCategory: optional,
  DefectText: optional,
  DefectCodeCatalog: optional,
  DefectCodeGroup: optional,
  DefectCode: optional,
  DefectiveQuantity: optional,
  DefectiveQuantityUnit: optional,
  NumberOfDefects: z.number().nullish(),
  DefectClass: optional,
  ManufacturingOrder: optional,
  Material: optional,
  Plant: optional,
  InspectionLot: optional,
  MainWorkCenter: optional,
  Equipment: optional,
  IsDeleted: flag,
}).loose()
export type SapDefect = z.output<typeof changedDefect>
