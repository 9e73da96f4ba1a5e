import { unavailable } from '../http/failures.js'
import type { SapContext, SapHttp } from '../http/sap-http.js'
import { anyOf } from '../odata/query.js'
import { dateOf, dateTimeOffset, text } from '../odata/v2.js'
import { v2Service } from '../odata/v2-service.js'
import { v4Service } from '../odata/v4-service.js'
import { notificationRoot, v2Root } from '../s4hana/means.js'
import { changedDefect, changedNotification } from './entities.js'
import type { SapFinding, SapNotificationsSettings } from './options.js'
import { isOwn } from './own.js'

/** Where to go on: from an instant on, or behind a change that was seen, by its instant and then its number. */
export type Cursor = { readonly since: number } | { readonly after: Change }

/** One entity as it stood after a change. */
export interface Change {
  readonly key: string
  /** As SAP has it, to the last digit. */
  readonly at: string
  /** The same in epoch ms, cut. */
  readonly ms: number
  /** Undefined for what is not feedback: deleted, or written by Andon. */
  readonly finding: SapFinding | undefined
}

/** The changes of one service, oldest first. */
export interface Feed {
  readonly name: 'notifications' | 'defects'
  page(
    cursor: Cursor,
    limit: number,
    context: SapContext,
  ): Promise<{ readonly changes: readonly Change[]; readonly more: boolean }>
  /** The newest change that there is. */
  newest(context: SapContext): Promise<Change | undefined>
}

/** `($field gt at or ($field eq at and $key gt key))`: pages neither shift nor overlap while others write. */
const behind = (key: string, { at, number }: { readonly at: string; readonly number: string }): string =>
  `(ChangedDateTime gt ${at} or (ChangedDateTime eq ${at} and ${key} gt ${text(number)}))`

const oneOf = (field: string, values: readonly string[] | undefined): readonly string[] => {
  const any = anyOf((values ?? []).map((value) => `${field} eq ${text(value)}`))
  return any === undefined ? [] : [any]
}

function serviceOptions({ name, client, language }: SapNotificationsSettings, root: string) {
  return { name, root, always: { 'sap-client': client, 'sap-language': language }, cacheCsrf: true }
}

/** Quality notifications of the wanted types, OData V4. */
export function notificationFeed(http: SapHttp, settings: SapNotificationsSettings): Feed {
  const service = v4Service(http, serviceOptions(settings, notificationRoot))
  const wanted = [...oneOf('NotificationType', settings.types), ...oneOf('Plant', settings.plants)]
  const key = 'QualityNotification'

  async function list(more: readonly string[], orderby: string, limit: number, context: SapContext) {
    const { items, cut } = await service.list(
      {
        ...{ set: key, filter: [...wanted, ...more].join(' and '), orderby, limit },
        expand: '_QltyNotificationLongText,_QualityNotificationItem',
      },
      changedNotification,
      context,
    )
    const changes = items.map((notification): Change => {
      const { QualityNotification: number, ChangedDateTime: at, IsDeleted: deleted } = notification
      const isFeedback = !deleted && !isOwn(notification, settings.actionIdField)
      const finding = isFeedback ? ({ kind: 'notification', notification } as const) : undefined
      return { key: number, at, ms: Date.parse(at), finding }
    })
    return { changes, more: cut }
  }

  return {
    name: 'notifications',
    page(cursor, limit, context) {
      const condition =
        'since' in cursor
          ? `ChangedDateTime ge ${new Date(cursor.since).toISOString()}`
          : behind(key, { at: cursor.after.at, number: cursor.after.key })
      return list([condition], `ChangedDateTime,${key}`, limit, context)
    },
    newest: async (context) => (await list([], 'ChangedDateTime desc', 1, context)).changes[0],
  }
}

/** Defects recorded in production and inspection, OData V2. */
export function defectFeed(http: SapHttp, settings: SapNotificationsSettings): Feed {
  const service = v2Service(http, serviceOptions(settings, v2Root('API_DEFECT_SRV')))
  const wanted = oneOf('Plant', settings.plants)
  const key = 'DefectInternalID'

  async function list(more: readonly string[], orderby: string, limit: number, context: SapContext) {
    const filter = [...wanted, ...more].join(' and ')
    const { items, cut } = await service.list(
      { set: 'A_Defect', ...(filter !== '' && { filter }), orderby, limit },
      changedDefect,
      context,
    )
    const changes = items.map(({ entity: defect }): Change => {
      const { DefectInternalID: number, ChangedDateTime: at, IsDeleted: deleted } = defect
      const ms = dateOf(at)
      if (ms === undefined) {
        throw unavailable(
          settings.name,
          { en: `defect ${number} has no instant of change`, zh: `缺陷 ${number} 没有更改时间` },
          new TypeError('ChangedDateTime'),
        )
      }
      return { key: number, at, ms, finding: deleted ? undefined : { kind: 'defect', defect } }
    })
    return { changes, more: cut }
  }

  return {
    name: 'defects',
    page(cursor, limit, context) {
      const condition =
        'since' in cursor
          ? `ChangedDateTime ge ${dateTimeOffset(cursor.since)}`
          : behind(key, { at: dateTimeOffset(cursor.after.ms), number: cursor.after.key })
      return list([condition], `ChangedDateTime,${key}`, limit, context)
    },
    newest: async (context) => (await list([], 'ChangedDateTime desc', 1, context)).changes[0],
  }
}
