import type { ODataRequest } from '../odata/odata-request.js'
import { ODataProblem } from '../odata/problem.js'
import type { SimulatorRequest } from '../simulator/exchange.js'
import type { SystemFault } from '../simulator/fault-kinds.js'

const faults: Partial<
  Readonly<Record<SystemFault, { readonly of: 'change' | 'read'; readonly status: number }>>
> = {
  'batch-change-refused': { of: 'change', status: 403 },
  'batch-change-failed': { of: 'change', status: 500 },
  'batch-read-refused': { of: 'read', status: 403 },
  'batch-read-failed': { of: 'read', status: 500 },
}
const lines = { change: /^(?:PATCH|MERGE|POST) \S+ HTTP\/1\.1\r?$/m, read: /^GET \S+ HTTP\/1\.1\r?$/m }

/** Faults that meet one part of a batch, while the batch itself is answered. */
export interface BatchFaults {
  /** Remembers the fault for the request; false when the request is no batch with such a part. */
  plan(fault: SystemFault, request: SimulatorRequest): boolean
  /** What becomes of each part of the request; undefined when no fault was planned for it. */
  of(request: SimulatorRequest): ((part: ODataRequest) => ODataProblem | undefined) | undefined
}

/** @param texts status → what the system says of it */
export function batchFaults(texts: Readonly<Record<number, string>>): BatchFaults {
  const planned = new WeakMap<SimulatorRequest, SystemFault>()
  return {
    plan(fault, request) {
      const kind = faults[fault]
      const isBatch = request.method === 'POST' && request.path.endsWith('/$batch')
      if (kind === undefined || !isBatch || !lines[kind.of].test(request.text)) return false
      planned.set(request, fault)
      return true
    },
    of(request) {
      const fault = planned.get(request)
      const kind = fault === undefined ? undefined : faults[fault]
      if (kind === undefined) return undefined
      const { of, status } = kind
      const problem = new ODataProblem(status, `/IWFND/MED/${status}`, texts[status] ?? 'Refused')
      return ({ method }) => ((method === 'GET') === (of === 'read') ? problem : undefined)
    },
  }
}
