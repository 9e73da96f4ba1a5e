import * as z from 'zod'
import { seededRandom } from '../random.js'

/** What can go wrong with one request. */
const faultKinds = ['error-before', 'timeout-after', 'lost-answer', 'rate-limit', 'wrong-write'] as const

/**
 * `error-before`: 503, nothing done. `timeout-after`: the work is done, an answer never comes.
 * `lost-answer`: the work is done, the connection is cut. `rate-limit`: 429, nothing done.
 * `wrong-write`: a hold, a release or a parameter is acknowledged and not done; any other request passes.
 */
export type PlantFault = (typeof faultKinds)[number]

const share = z.number().min(0).max(1)
const latency = z.union([z.number().min(0), z.tuple([z.number().min(0), z.number().min(0)])])

export const faultsSchema = z.strictObject({
  /** Every answer is late by so many ms, or by a seeded number between two. */
  latencyMs: latency.optional(),
  /** This share of the requests has another latency. */
  slow: z.strictObject({ share, latencyMs: latency }).optional(),
  /** Every connection is cut, /health as well, and nothing is done. */
  down: z.boolean().default(false),
  /** The share of requests, 0 to 1, that meet each fault. */
  rates: z.partialRecord(z.enum(faultKinds), share).default({}),
  /** The next requests meet these, one each, before the rates count; `none` lets one pass. */
  script: z.array(z.enum([...faultKinds, 'none'])).default([]),
  /** More than so many requests within one second of the clock: 429. */
  requestsPerSecond: z.number().positive().optional(),
  /** Default `writes`. The latency holds for all in any case; /health and /state are spared. */
  on: z.enum(['writes', 'all']).default('writes'),
})
export type PlantFaults = z.input<typeof faultsSchema>

export interface FaultInjector {
  set(faults: z.output<typeof faultsSchema>): void
  readonly down: boolean
  /** How often it went down. */
  readonly outages: number
  /** The fault that this request meets. */
  next(isRead: boolean, at: number): PlantFault | undefined
  latencyMs(): number
}

export function faultInjector(seed: number): FaultInjector {
  const random = seededRandom(seed)
  let faults = faultsSchema.parse({})
  let script: z.output<typeof faultsSchema>['script'] = []
  let second = 0
  let count = 0
  let outages = 0

  const overLimit = (at: number): boolean => {
    const now = Math.floor(at / 1000)
    count = now === second ? count + 1 : 1
    second = now
    return faults.requestsPerSecond !== undefined && count > faults.requestsPerSecond
  }

  return {
    set(changed) {
      faults = changed
      script = [...changed.script]
      if (changed.down) outages += 1
    },
    get down() {
      return faults.down
    },
    get outages() {
      return outages
    },
    next(isRead, at) {
      if (overLimit(at)) return 'rate-limit'
      if (faults.on === 'writes' && isRead) return undefined
      const scripted = script.shift()
      if (scripted !== undefined) return scripted === 'none' ? undefined : scripted
      // One number for all rates, so that a fault's seeded sequence does not depend on the others being set.
      let left = random()
      for (const kind of faultKinds) {
        const rate = faults.rates[kind] ?? 0
        if (left < rate) return kind
        left -= rate
      }
      return undefined
    },
    latencyMs() {
      const { slow } = faults
      const isSlow = slow !== undefined && random() < slow.share
      const latencyMs = (isSlow ? slow.latencyMs : faults.latencyMs) ?? 0
      return typeof latencyMs === 'number'
        ? latencyMs
        : latencyMs[0] + random() * (latencyMs[1] - latencyMs[0])
    },
  }
}
