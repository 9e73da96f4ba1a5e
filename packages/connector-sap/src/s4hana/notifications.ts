import type { Action, CallContext } from '@andon/core/connector'
import { actionMark, markLength, reversalId } from '../action-mark.js'
import type { components } from '../generated/quality-notification.js'
import { refused } from '../http/failures.js'
import { text } from '../odata/v4.js'
import type { V4Service } from '../odata/v4-service.js'
import { headline, piecesOf } from '../words.js'
import { type NotificationEntity, notificationEntity } from './entities.js'
import type { S4HanaSettings } from './options.js'
import { type ChangeRecord, recordIn, recordLine } from './record.js'
import { standing } from './refused-changes.js'

type Create = components['schemas']['QualityNotificationCreate']

/** A notification that Andon has written. */
export interface Kept {
  readonly number: string
  /** True when it tells of the reversal of the action. */
  readonly reverts: boolean
  /** Undefined when somebody has changed its long text so that it cannot be read. */
  readonly record: ChangeRecord | undefined
}

/** What is written down. */
export interface Note {
  readonly type: string
  /** The headline; the field has 40 characters and the mark takes 17 of them. */
  readonly title: string
  readonly record: ChangeRecord
  /** The long text after the record: the customers' words and what is done. */
  readonly words: string
  readonly material?: string | undefined
  readonly batch?: string | undefined
  readonly defect?: { readonly codeGroup: string; readonly code: string } | undefined
}

/**
 * The quality notifications of Andon: the customer's complaint itself, and the record of every change that cannot
 * carry an action id. A record is written before its change, with the state before it, so that a try whose answer was
 * lost can be told from one that never came, and a reversal never takes away what others had set.
 */
export interface Notifications {
  /** Those of the action and of its reversal, oldest first; those of a change that SAP refused are left out. */
  find(action: Action, context: CallContext): Promise<readonly Kept[]>
  /**
   * All records of changes to a batch, oldest first; those that SAP refused are left out.
   *
   * @throws AndonError TARGET_REFUSED when there are more than 1,000
   */
  ofBatch(material: string, batch: string, context: CallContext): Promise<readonly Kept[]>
  /** All records of changes to an order, as `ofBatch`. @param material of the order, empty when it has none */
  ofOrder(material: string, order: string, context: CallContext): Promise<readonly Kept[]>
  create(note: Note, context: CallContext): Promise<Kept>
}

/** What headlines of records begin with. */
export const recordTitle = 'Andon'
const titleLength = 40 - 1 - markLength
/** A batch has a handful of records; a thousand say that something else is wrong. */
const mostRecords = 1_000

/** Headline of a record of a change to an order. Notifications have no field for one, so its number stands there. */
export const orderTitle = (verb: 'prio' | 'undo' | 'void', order: string): string =>
  `${recordTitle} ${verb} ${order}`

export function notificationBook(service: V4Service, settings: S4HanaSettings): Notifications {
  const { name, actionIdField, longTextLength, language, plant } = settings
  const idOf = ({ action, reverts }: ChangeRecord): string => (reverts ? reversalId(action) : action)

  const kept = (found: NotificationEntity): Kept => {
    const record = recordIn(
      found._QltyNotificationLongText.map((part) => part.QltyNotificationLongText).join('\n'),
    )
    return { number: found.QualityNotification, reverts: record?.reverts ?? false, record }
  }

  const byAge = (a: Kept, b: Kept): number => {
    const [first = '', second = ''] = [a.record?.at, b.record?.at]
    if (first !== second) return first < second ? -1 : 1
    return a.number < b.number ? -1 : 1
  }

  async function list(filter: string, context: CallContext): Promise<readonly NotificationEntity[]> {
    const { items, cut } = await service.list(
      {
        set: 'QualityNotification',
        filter,
        expand: '_QltyNotificationLongText',
        orderby: 'QualityNotification',
        limit: mostRecords,
      },
      notificationEntity,
      context,
    )
    if (!cut) return items
    // The newest are missing, and with them who holds the batch now.
    throw refused(
      name,
      {
        en: `there are more than ${mostRecords} notifications of this action, batch or order`,
        zh: `该动作、批次或订单的通知单超过 ${mostRecords} 份`,
      },
      new RangeError('too many records'),
    )
  }

  /** The fields, the text in as many long texts as it needs. */
  function bodyOf({ type, title, record, words, material, batch, defect }: Note): Create {
    const id = idOf(record)
    const [first = '', ...rest] = piecesOf(`${recordLine(record)}\n\n${words}`, longTextLength)
    const texts = rest.map((piece, index) => ({
      NotificationItemText: `Text ${index + 2}/${rest.length + 1}`,
      _QltyNotifItemLongText: [{ Language: language, NotificationItemLongText: piece }],
    }))
    const defects =
      defect === undefined
        ? []
        : [
            {
              NotificationItemText: headline(title, 40),
              DefectCodeCatalog: '9',
              DefectCodeGroup: defect.codeGroup,
              DefectCode: defect.code,
            },
          ]
    const items = [...defects, ...texts]
    return {
      NotificationType: type,
      NotificationText: `${headline(title, titleLength)} ${actionMark(id)}`,
      Plant: plant,
      ...(material !== undefined && { Material: material }),
      ...(batch !== undefined && { Batch: batch }),
      ...(actionIdField !== undefined && { [actionIdField]: id }),
      _QltyNotificationLongText: [{ Language: language, QltyNotificationLongText: first }],
      ...(items.length > 0 && { _QualityNotificationItem: items }),
    }
  }

  return {
    async find(action, context) {
      const undoing = actionMark(reversalId(action.id))
      const ids = [action.id, reversalId(action.id)]
      // What was written before the option was set has the mark alone.
      const conditions = [
        ...(actionIdField === undefined ? [] : ids.map((id) => `${actionIdField} eq ${text(id)}`)),
        ...ids.map((id) => `contains(NotificationText,${text(actionMark(id))})`),
      ]
      const found = await list(conditions.join(' or '), context)
      const known = found.map((entity) => {
        const one = kept(entity)
        return one.record === undefined ? { ...one, reverts: entity.NotificationText.includes(undoing) } : one
      })
      const isOther = ({ record }: Kept): boolean => record !== undefined && record.action !== action.id
      const other = actionIdField === undefined ? known.find(isOther) : undefined
      if (other === undefined) return standing(known.filter((one) => !isOther(one)).sort(byAge))
      throw refused(
        name,
        {
          en: `notification ${other.number} has the mark of this action and belongs to another; set actionIdField`,
          zh: `通知单 ${other.number} 带有本动作的标记，却属于另一动作；请设置 actionIdField`,
        },
        new RangeError('two actions with one mark'),
      )
    },
    async ofBatch(material, batch, context) {
      const filter = `Batch eq ${text(batch)} and Material eq ${text(material)} and contains(NotificationText,${text(recordTitle)})`
      return standing((await list(filter, context)).map(kept).sort(byAge))
    },
    async ofOrder(material, order, context) {
      const ofMaterial = material === '' ? '' : `Material eq ${text(material)} and `
      const titles = (['prio', 'undo', 'void'] as const).map(
        (verb) => `contains(NotificationText,${text(`${orderTitle(verb, order)} `)})`,
      )
      const found = (await list(`${ofMaterial}(${titles.join(' or ')})`, context)).map(kept)
      return standing(found.sort(byAge))
    },
    async create(note, context) {
      const made = await service.create('QualityNotification', bodyOf(note), notificationEntity, context)
      return { number: made.QualityNotification, reverts: note.record.reverts, record: note.record }
    },
  }
}
