import { day, flag, instant, type Row, text } from '../odata/field.js'
import type { DeepRow, EntitySet, RuleContext, Service } from '../odata/model.js'
import { completed, customFields, itemNumber, mark, midnight, refuse, textOf } from './entity.js'
import { checkBatch, checkMaterial, checkMaterialAnywhere } from './master-data.js'
import { cause, item, itemLongText, key, longText, partner, partOf, task } from './notification-parts.js'

const computed = { computed: true }
const required = { required: true }

/** A code of a catalog: 9 defect, 5 cause, B object part, E location. */
export interface CatalogCode {
  readonly catalog: string
  readonly codeGroup: string
  readonly code: string
}

const numbers = { name: 'quality notification', first: 10_000_001 }
const textNumbers = { name: 'long text', first: 1 }

type CheckCode = (catalog: string, group: string, code: string, target: string) => void

/** A code that is given must be in its catalog; where no codes are set up, any is. */
const codeChecker =
  (codes: readonly CatalogCode[] | undefined): CheckCode =>
  (catalog, codeGroup, code, target) => {
    if (codes === undefined || (catalog === '' && codeGroup === '' && code === '')) return
    const known = codes.some(
      (one) => one.catalog === catalog && one.codeGroup === codeGroup && one.code === code,
    )
    if (!known) refuse('QS/004', `Code ${codeGroup} ${code} does not exist in catalog ${catalog}`, target)
  }

function insertItem(
  context: RuleContext,
  id: Row,
  { given, parts }: DeepRow,
  index: number,
  check: CheckCode,
): void {
  const { tables } = context
  const own = { ...id, NotificationItem: textOf(given, 'NotificationItem') || itemNumber(index) }
  check(
    textOf(given, 'DefectCodeCatalog'),
    textOf(given, 'DefectCodeGroup'),
    textOf(given, 'DefectCode'),
    'DefectCode',
  )
  if (tables.find(item.name, own) !== undefined) {
    refuse('IM/202', `Item ${own.NotificationItem} is there twice`, 'NotificationItem')
  }
  tables.insert(item.name, completed(item, given, own), mark(context))
  for (const part of parts._QltyNotifItemLongText ?? []) {
    const ofSystem = { ...own, LongTextInternalNumber: context.next(textNumbers) }
    tables.insert(
      itemLongText.name,
      completed(itemLongText, { Language: 'EN', ...part.given }, ofSystem),
      mark(context),
    )
  }
  for (const [at, part] of (parts._QltyNotificationItemCause ?? []).entries()) {
    const { given: causeGiven } = part
    check(
      ...([
        textOf(causeGiven, 'NotificationCauseCodeCatalog'),
        textOf(causeGiven, 'NotificationCauseCodeGroup'),
      ] as const),
      textOf(causeGiven, 'NotificationCauseCode'),
      'NotificationCauseCode',
    )
    tables.insert(
      cause.name,
      completed(cause, causeGiven, { ...own, NotificationCauseID: itemNumber(at) }),
      mark(context),
    )
  }
}

/** What the header names has to exist. */
function checkHeader(context: RuleContext, given: Row): void {
  const type = textOf(given, 'NotificationType')
  if (!['Q1', 'Q2', 'Q3'].includes(type)) {
    refuse('IM/003', `Notification type ${type} does not exist`, 'NotificationType')
  }
  const [material, plant, batch] = [textOf(given, 'Material'), textOf(given, 'Plant'), textOf(given, 'Batch')]
  if (material !== '') {
    if (plant === '') checkMaterialAnywhere(context, material)
    else checkMaterial(context, material, plant)
  }
  if (batch === '') return
  if (material === '') refuse('QM/101', 'Enter the material of the batch', 'Material')
  checkBatch(context, material, plant, batch)
}

function headerSet(custom: readonly string[], check: CheckCode): EntitySet {
  const set: EntitySet = {
    name: 'QualityNotification',
    type: 'QualityNotificationType',
    key: ['QualityNotification'],
    etag: 'ChangedDateTime',
    navigations: {
      _QltyNotificationLongText: partOf(longText.name),
      _QualityNotificationItem: partOf(item.name),
      _QltyNotificationTask: partOf(task.name),
      _QltyNotificationPartner: partOf(partner.name),
    },
    fields: {
      ...key,
      NotificationType: text(2, required),
      NotificationText: text(40, required),
      NotifProcessingPhase: text(1, computed),
      NotificationPriorityType: text(2),
      NotificationPriority: text(1),
      NotificationCatalog: text(1),
      NotificationCodeGroup: text(8),
      NotificationCodeID: text(4),
      Material: text(40),
      Plant: text(4),
      Batch: text(10),
      Customer: text(10),
      Supplier: text(10),
      InspectionLot: text(12),
      MaterialDocumentYear: text(4),
      MaterialDocument: text(10),
      MaterialDocumentItem: text(4),
      NotificationReportingDate: day(),
      NotificationRequiredStartDate: day(),
      NotificationRequiredEndDate: day(),
      IsDeleted: flag(computed),
      CreatedByUser: text(12, computed),
      CreationDate: day(computed),
      ChangedDateTime: instant(computed),
      ...customFields(custom),
    },
    create(context, { given, parts }) {
      const { tables, at, user } = context
      checkHeader(context, given)
      const texts = parts._QltyNotificationLongText ?? []
      if (texts.length > 1) refuse('QM/150', 'A notification has one long text', '_QltyNotificationLongText')
      const id = { QualityNotification: context.next(numbers) }
      const reported = given.NotificationReportingDate ?? midnight(at)
      const row = completed(set, given, {
        ...{ ...id, NotifProcessingPhase: '1', NotificationReportingDate: reported },
        ...{ CreatedByUser: user, CreationDate: midnight(at), ChangedDateTime: at },
      })
      tables.insert(set.name, row, mark(context))
      for (const part of texts) {
        const ofSystem = { ...id, LongTextInternalNumber: context.next(textNumbers) }
        tables.insert(
          longText.name,
          completed(longText, { Language: 'EN', ...part.given }, ofSystem),
          mark(context),
        )
      }
      for (const [index, part] of (parts._QualityNotificationItem ?? []).entries()) {
        insertItem(context, id, part, index, check)
      }
      for (const [index, part] of (parts._QltyNotificationTask ?? []).entries()) {
        const ofSystem = { ...id, NotificationTask: itemNumber(index), NotifProcessingPhase: '1' }
        tables.insert(task.name, completed(task, part.given, ofSystem), mark(context))
      }
      for (const part of parts._QltyNotificationPartner ?? []) {
        tables.insert(partner.name, completed(partner, part.given, id), mark(context))
      }
      return row
    },
  }
  return set
}

/** Read and create, as the communication scenario has it: a notification is not changed from outside. */
export function notificationService(
  custom: readonly string[],
  codes: readonly CatalogCode[] | undefined,
): Service {
  const header = headerSet(custom, codeChecker(codes))
  const parts = [longText, item, itemLongText, cause, task, partner]
  return {
    root: '/sap/opu/odata4/sap/api_qualitynotification/srvd_a2x/sap/qualitynotification/0001',
    namespace: 'com.sap.gateway.srvd_a2x.qualitynotification.v0001',
    version: 4,
    sets: Object.fromEntries([header, ...parts].map((set) => [set.name, set])),
  }
}
