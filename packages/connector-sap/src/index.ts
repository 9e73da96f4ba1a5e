export { digitalManufacturing } from './digital-manufacturing/digital-manufacturing.js'
export type {
  DigitalManufacturingOptions,
  DmNonconformanceOptions,
  DmParameterOptions,
  DmReworkOptions,
  DmScheduleOptions,
  DmScheduleRequest,
  DmStockOptions,
} from './digital-manufacturing/options.js'
export type { SapAuth, Secret } from './http/auth.js'
export type { SapTlsOptions } from './http/sap-http.js'
export type { SapDefect, SapNotification } from './notifications/entities.js'
export type { SapFinding, SapNotificationsOptions } from './notifications/options.js'
export { sapNotifications } from './notifications/sap-notifications.js'
export type {
  S4HanaDefect,
  S4HanaInspectionOptions,
  S4HanaOptions,
  S4HanaPriorities,
  S4HanaReworkOptions,
} from './s4hana/options.js'
export { type S4HanaTarget, s4hana } from './s4hana/s4hana.js'
