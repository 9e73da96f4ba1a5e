import type { RawPayload } from '@andon/core/connector'
import { dateOf } from '../odata/v2.js'
import type { SapDefect, SapNotification } from './entities.js'
import type { SapFinding } from './options.js'
import { longTextOf } from './own.js'

/** The product model that a material number stands for. */
export type ModelOf = (material: string) => string

/**
 * What the `field-service` channel reads, as a claim: the notification's number is its id, so that all its changes are
 * one feedback; the long text, or the headline where there is none, are the customer's words. All else goes along as
 * attributes under SAP's names.
 */
export function findingPayload(finding: SapFinding, modelOf: ModelOf): RawPayload {
  return finding.kind === 'notification'
    ? ofNotification(finding.notification, modelOf)
    : ofDefect(finding.defect, modelOf)
}

/** Without what SAP leaves empty. */
const filled = (fields: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== '' && value !== undefined && value !== null),
  )

const product = (model: string, batch: string, plant: string): Record<string, unknown> =>
  filled({ productModel: model, batchNumber: batch, plant })

/** A code says something only within its group. */
const codeOf = (group: string, code: string): string =>
  code === '' ? '' : group === '' ? code : `${group}/${code}`

function ofNotification(notification: SapNotification, modelOf: ModelOf): RawPayload {
  const { QualityNotification: number, NotificationText: headline, Customer: customer } = notification
  const long = longTextOf(notification)
  const items = notification._QualityNotificationItem
  const coded = items.find(({ DefectCode: code }) => code !== '')
  const body = filled({
    claimId: number,
    claimDate: notification.NotificationReportingDate,
    customerComment:
      long ||
      headline ||
      items.find(({ NotificationItemText: text }) => text !== '')?.NotificationItemText ||
      `Notification ${number}`,
    damageCode: coded && codeOf(coded.DefectCodeGroup, coded.DefectCode),
    damageCodeCatalog: coded && `sap-${coded.DefectCodeCatalog || '9'}`,
    language: notification._QltyNotificationLongText[0]?.Language.toLowerCase(),
    customerId: customer,
    product: product(
      notification.Material === '' ? '' : modelOf(notification.Material),
      notification.Batch,
      notification.Plant,
    ),
    NotificationText: headline,
    NotificationType: notification.NotificationType,
    NotifProcessingPhase: notification.NotifProcessingPhase,
    NotificationPriority: notification.NotificationPriority,
    Material: notification.Material,
    Supplier: notification.Supplier,
    InspectionLot: notification.InspectionLot,
    NumberOfDefects: coded?.NumberOfDefects,
    ExternalDefectiveQuantity: coded?.ExternalDefectiveQuantity,
    DefectiveQuantityUnit: coded?.DefectiveQuantityUnit,
    DefectClass: coded?.DefectClass,
  })
  return payloadOf(body, notification.ChangedDateTime)
}

function ofDefect(defect: SapDefect, modelOf: ModelOf): RawPayload {
  const code = codeOf(defect.DefectCodeGroup, defect.DefectCode)
  const body = filled({
    claimId: `defect-${defect.DefectInternalID}`,
    technicianComment:
      defect.DefectText || (code === '' ? `Defect ${defect.DefectInternalID}` : `Defect ${code}`),
    damageCode: code,
    damageCodeCatalog: code === '' ? '' : `sap-${defect.DefectCodeCatalog || '9'}`,
    product: product(defect.Material === '' ? '' : modelOf(defect.Material), '', defect.Plant),
    ...{ Material: defect.Material, ManufacturingOrder: defect.ManufacturingOrder },
    ...{ InspectionLot: defect.InspectionLot, MainWorkCenter: defect.MainWorkCenter },
    ...{ Equipment: defect.Equipment, DefectCategory: defect.DefectCategory },
    ...{ DefectClass: defect.DefectClass, NumberOfDefects: defect.NumberOfDefects },
    ...{ DefectiveQuantity: defect.DefectiveQuantity, DefectiveQuantityUnit: defect.DefectiveQuantityUnit },
  })
  return payloadOf(body, new Date(dateOf(defect.ChangedDateTime) ?? 0).toISOString())
}

const payloadOf = (body: Readonly<Record<string, unknown>>, receivedAt: string): RawPayload => ({
  body,
  channel: 'field-service',
  contentType: 'application/json',
  receivedAt,
})
