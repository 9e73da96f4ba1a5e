import { checkedOptions } from '../options.js'
import { seededRandom } from '../random.js'
import type { SimulatorRequest } from './exchange.js'
import {
  type CheckedFaults,
  faultKinds,
  faultsSchema,
  matchSchema,
  nextFaultSchema,
  type RequestMatch,
  type SimulatorFault,
  type SimulatorFaults,
} from './fault-kinds.js'

/** What a test does to a simulator. */
export interface FaultControl {
  /** Replaces the standing faults; what waits for its request goes on waiting. */
  set(faults: SimulatorFaults): void
  /** The next request that fits meets the fault, in the order of the calls; `none` lets one that fits pass. */
  next(fault: SimulatorFault | 'none', match?: RequestMatch): void
  /** No faults, and nothing waits. */
  clear(): void
  /** How many faults still wait for their request. */
  readonly waiting: number
}

interface Waiting {
  readonly fault: SimulatorFault | 'none'
  readonly match: RequestMatch
}

export interface FaultInjector {
  readonly control: FaultControl
  readonly down: boolean
  /** How often it went down. */
  readonly outages: number
  readonly slowMs: number
  overLimit(at: number): boolean
  /**
   * The fault that this request meets. `applies` says whether the system can make it of this request: where it
   * cannot, what waits goes on waiting.
   */
  meet(
    request: SimulatorRequest,
    isWrite: boolean,
    applies: (fault: SimulatorFault) => boolean,
  ): SimulatorFault | undefined
  latencyMs(): number
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** Path and query as a person reads them. */
function readable({ path, query }: SimulatorRequest): string {
  const asked = [...query].map(([name, value]) => `${name}=${value}`).join('&')
  return asked === '' ? decoded(path) : `${decoded(path)}?${asked}`
}

const fits = (match: RequestMatch, request: SimulatorRequest, isWrite: boolean): boolean =>
  (match.method === undefined || match.method === request.method) &&
  (match.writes === undefined || match.writes === isWrite) &&
  (match.path === undefined || readable(request).includes(match.path)) &&
  (match.body === undefined || request.text.includes(match.body))

/** Faults by seed and by script. `onDown` is called when it goes down. */
export function faultInjector(seed: number, onDown: () => void): FaultInjector {
  const random = seededRandom(seed)
  let faults: CheckedFaults = faultsSchema.parse({})
  let waiting: readonly Waiting[] = []
  let second = 0
  let count = 0
  let outages = 0

  /** One number for all rates, so that a fault's seeded sequence does not depend on the others being set. */
  const rated = (isWrite: boolean): SimulatorFault | undefined => {
    if (faults.on === 'writes' && !isWrite) return undefined
    let left = random()
    for (const kind of faultKinds) {
      const rate = faults.rates[kind] ?? 0
      if (left < rate) return kind
      left -= rate
    }
    return undefined
  }

  const set = (given: SimulatorFaults): void => {
    faults = checkedOptions(faultsSchema, given)
    if (!faults.down) return
    outages += 1
    onDown()
  }

  return {
    control: {
      set,
      next(fault, match = {}) {
        const checked = {
          fault: checkedOptions(nextFaultSchema, fault),
          match: checkedOptions(matchSchema, match),
        }
        waiting = [...waiting, checked]
      },
      clear() {
        set({})
        waiting = []
      },
      get waiting() {
        return waiting.length
      },
    },
    get down() {
      return faults.down
    },
    get outages() {
      return outages
    },
    get slowMs() {
      return faults.slowMs
    },
    overLimit(at) {
      const now = Math.floor(at / 1000)
      count = now === second ? count + 1 : 1
      second = now
      return faults.requestsPerSecond !== undefined && count > faults.requestsPerSecond
    },
    meet(request, isWrite, applies) {
      for (const one of waiting) {
        if (!fits(one.match, request, isWrite)) continue
        if (one.fault !== 'none' && !applies(one.fault)) continue
        waiting = waiting.filter((other) => other !== one)
        return one.fault === 'none' ? undefined : one.fault
      }
      const fault = rated(isWrite)
      return fault !== undefined && applies(fault) ? fault : undefined
    },
    latencyMs() {
      const { latencyMs = 0 } = faults
      return typeof latencyMs === 'number'
        ? latencyMs
        : latencyMs[0] + random() * (latencyMs[1] - latencyMs[0])
    },
  }
}
