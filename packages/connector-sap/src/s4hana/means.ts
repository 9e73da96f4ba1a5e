import type { Action, CallContext, ExecuteContext, Receipt } from '@andon/core/connector'
import type { SapHttp } from '../http/sap-http.js'
import { type V2Service, v2Service } from '../odata/v2-service.js'
import { type V4Service, v4Service } from '../odata/v4-service.js'
import { type Notifications, notificationBook } from './notifications.js'
import type { S4HanaSettings } from './options.js'
import { TurnedAway } from './turned-away.js'

/** What a kind of action does in S/4HANA. Each of them does its work once, whatever came of earlier tries. */
export interface KindWork {
  execute(action: Action, context: ExecuteContext): Promise<Receipt>
  /** Changes nothing. */
  lookUp(action: Action, context: CallContext): Promise<Receipt | undefined>
  revert(action: Action, receipt: Receipt, context: ExecuteContext): Promise<Receipt>
}

/** What all kinds work with. */
export interface Means {
  /** Of the target: errors name it. */
  readonly name: string
  readonly settings: S4HanaSettings
  readonly notifications: Notifications
  readonly batches: V2Service
  readonly stock: V2Service
  readonly documents: V2Service
  readonly orders: V2Service
  readonly lots: V2Service
  readonly turnedAway: TurnedAway
}

export const notificationRoot =
  '/sap/opu/odata4/sap/api_qualitynotification/srvd_a2x/sap/qualitynotification/0001'
export const v2Root = (service: string): string => `/sap/opu/odata/sap/${service}`

export function meansOf(http: SapHttp, settings: S4HanaSettings): Means {
  const { name, client, language, csrfCache } = settings
  const common = {
    name,
    always: { 'sap-client': client, 'sap-language': language },
    cacheCsrf: csrfCache,
  }
  const v2 = (service: string): V2Service => v2Service(http, { ...common, root: v2Root(service) })
  const notifications: V4Service = v4Service(http, { ...common, root: notificationRoot })
  return {
    name,
    settings,
    notifications: notificationBook(notifications, settings),
    batches: v2('API_BATCH_SRV'),
    stock: v2('API_MATERIAL_STOCK_SRV'),
    documents: v2('API_MATERIAL_DOCUMENT_SRV'),
    orders: v2('API_PRODUCTION_ORDER_2_SRV'),
    lots: v2('API_INSPECTIONLOT_SRV'),
    turnedAway: new TurnedAway(),
  }
}

/** The material number of what Andon calls a product model or a component. */
export const materialOf = ({ materials }: S4HanaSettings, known: string): string =>
  (Object.hasOwn(materials, known) ? materials[known] : undefined) ?? known
