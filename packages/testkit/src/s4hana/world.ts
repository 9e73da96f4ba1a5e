import type { Clock } from '@andon/core/connector'
import type { Row } from '../odata/field.js'
import type { EntitySet, NumberRange, RuleContext, Service } from '../odata/model.js'
import { openTables, type Tables } from '../odata/tables.js'
import { batchService } from './batch-service.js'
import { defectService } from './defect-service.js'
import { fillWorld } from './fill-world.js'
import { inspectionService } from './inspection-service.js'
import { materialSet } from './master-data.js'
import { materialDocumentService } from './material-document-service.js'
import { notificationService } from './notification-service.js'
import { productionOrderService } from './production-order-service.js'
import type { CheckedS4HanaOptions } from './setup.js'
import { stockService } from './stock.js'

/** The entities of one system, its services and its number ranges. */
export interface World {
  readonly services: readonly Service[]
  readonly tables: Tables
  /** What the rules get when this user does something now. */
  context(user: string): RuleContext
  /** The set of this name. */
  set(name: string): EntitySet | undefined
}

/** Opens a system with what the options say is there. */
export function openWorld(options: CheckedS4HanaOptions, clock: Clock): World {
  const { customFields: custom } = options
  const services = [
    notificationService(custom.notification, options.codes),
    batchService(custom.batch),
    materialDocumentService(custom.materialDocument),
    stockService,
    productionOrderService(custom.order, options.orderTypes),
    inspectionService(custom.inspectionLot, options.usageDecisionCodes, options.inspectionLotCreate),
    defectService,
  ]
  const sets = [materialSet, ...services.flatMap((service) => Object.values(service.sets))]
  const tables = openTables(sets)
  const numbers = new Map<string, number>()

  const next = ({ name, first }: NumberRange): string => {
    const number = numbers.get(name) ?? first
    numbers.set(name, number + 1)
    return String(number)
  }
  const world: World = {
    services,
    tables,
    context: (user) => ({ tables, at: clock.now(), user, next }),
    set: (name) => sets.find((set) => set.name === name),
  }
  fillWorld(world, options)
  return world
}

/** Rows with the parts that hang on them, as plain data. */
export function rowsOf({ tables }: World, set: string): readonly Row[] {
  return [...tables.rows(set)].map((row) => ({ ...row }))
}
