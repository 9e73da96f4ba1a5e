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
