export {
  type B2mmlLot,
  changeMaterialLot,
  type LotWords,
  lotOfB2mml,
  lotsOfChange,
} from './b2mml/material-lot.js'
export { B2mmlError, type TransactionHead } from './b2mml/values.js'
export { alarmOfB2mml, alarmsOfProcess, processWorkAlert } from './b2mml/work-alert.js'
export {
  type B2mmlOrder,
  changeWorkRequestPriority,
  orderOfB2mml,
  ordersOfChange,
  type PriorityScale,
  scalePriority,
  unscalePriority,
} from './b2mml/work-request.js'
export { commentsOf } from './comments.js'
export type {
  MesCall,
  MesOperations,
  MesReads,
  MesSchemas,
  MesWrite,
  MesWriteCall,
  MesWriteName,
  MesWriteShapes,
  MesWrites,
  MesWritten,
} from './contract/operations.js'
export type { MesAuth, MesConnectionOptions, MesTlsOptions, Secret } from './http/connection-options.js'
export { MesRefusal } from './http/failures.js'
export { alarmPayload } from './source/alarm-payload.js'
export { type MesAlarmsOptions, mesAlarms } from './source/mes-alarms.js'
export type { MesAdapter, MesAdapterOptions, MesContractOptions, MesOptions } from './target/connected.js'
export { mes } from './target/mes-target.js'
export type { MesKind } from './target/params.js'
