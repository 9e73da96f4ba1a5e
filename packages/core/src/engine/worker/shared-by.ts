import type { Bus } from '../../connector/bus.js'
import { isPartitioned, type PartitionedBus } from '../../connector/partitioned-bus.js'
import type { SharedStore } from '../../connector/shared-store.js'
import type { Store } from '../../connector/store.js'

/** What makes many workers of many processes. */
export interface SharedByWorkers {
  readonly bus: PartitionedBus
  readonly shared: SharedStore
}

/** What workers share; undefined where one process does everything. Whether it will do was checked before. */
export function sharedBy(bus: Bus | undefined, { shared }: Store): SharedByWorkers | undefined {
  return bus === undefined || shared === undefined || !isPartitioned(bus) ? undefined : { bus, shared }
}
