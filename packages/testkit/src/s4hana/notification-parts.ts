import { decimal, integer, text } from '../odata/field.js'
import type { EntitySet, Navigation } from '../odata/model.js'

const computed = { computed: true }
const required = { required: true }
/** Long texts have no length of their own. */
const anyLength = Number.POSITIVE_INFINITY

/** The number of the notification that a part belongs to. */
export const key = { QualityNotification: text(12, computed) }
const itemKey = { ...key, NotificationItem: text(4, computed) }

/** Parts belong to their notification, or to an item of it. */
export const partOf = (set: string): Navigation => ({
  set,
  many: true,
  on: [['QualityNotification', 'QualityNotification']],
})
const partOfItem = (set: string): Navigation => ({
  set,
  many: true,
  on: [
    ['QualityNotification', 'QualityNotification'],
    ['NotificationItem', 'NotificationItem'],
  ],
})

export const longText: EntitySet = {
  name: 'QltyNotificationLongText',
  type: 'QltyNotificationLongTextType',
  key: ['QualityNotification', 'LongTextInternalNumber'],
  fields: {
    ...key,
    LongTextInternalNumber: text(12, computed),
    Language: text(2),
    QltyNotificationLongText: text(anyLength, required),
  },
}

export const itemLongText: EntitySet = {
  name: 'QltyNotificationItemLongText',
  type: 'QltyNotificationItemLongTextType',
  key: ['QualityNotification', 'NotificationItem', 'LongTextInternalNumber'],
  fields: {
    ...itemKey,
    LongTextInternalNumber: text(12, computed),
    Language: text(2),
    NotificationItemLongText: text(anyLength, required),
  },
}

export const cause: EntitySet = {
  name: 'QltyNotificationItemCause',
  type: 'QltyNotificationItemCauseType',
  key: ['QualityNotification', 'NotificationItem', 'NotificationCauseID'],
  fields: {
    ...itemKey,
    NotificationCauseID: text(4, computed),
    NotificationCauseText: text(40),
    NotificationCauseCodeCatalog: text(1),
    NotificationCauseCodeGroup: text(8),
    NotificationCauseCode: text(4),
  },
}

export const item: EntitySet = {
  name: 'QualityNotificationItem',
  type: 'QualityNotificationItemType',
  key: ['QualityNotification', 'NotificationItem'],
  navigations: {
    _QltyNotifItemLongText: partOfItem(itemLongText.name),
    _QltyNotificationItemCause: partOfItem(cause.name),
  },
  fields: {
    ...key,
    NotificationItem: text(4),
    NotificationItemText: text(40),
    DefectCodeCatalog: text(1),
    DefectCodeGroup: text(8),
    DefectCode: text(4),
    NotifItmObjectPartCodeCtlg: text(1),
    NotifItmObjectPartCodeGroup: text(8),
    NotifItmObjectPartCode: text(4),
    DefectClass: text(2),
    NumberOfDefects: integer(),
    ExternalDefectiveQuantity: decimal(13, 3),
    DefectiveQuantityUnit: text(3),
  },
}

export const task: EntitySet = {
  name: 'QltyNotificationTask',
  type: 'QltyNotificationTaskType',
  key: ['QualityNotification', 'NotificationTask'],
  fields: {
    ...key,
    NotificationTask: text(4, computed),
    NotificationTaskText: text(40),
    NotifProcessingPhase: text(1, computed),
  },
}

export const partner: EntitySet = {
  name: 'QltyNotificationPartner',
  type: 'QltyNotificationPartnerType',
  key: ['QualityNotification', 'PartnerFunction', 'Partner'],
  fields: { ...key, PartnerFunction: text(2), Partner: text(12) },
}
