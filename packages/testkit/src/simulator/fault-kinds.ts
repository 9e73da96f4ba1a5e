import * as z from 'zod'

/** What the wire, a proxy or the server's front makes: the same for every system. */
const commonFaults = [
  '401',
  '403',
  '404',
  '409',
  '412',
  '428',
  '429',
  '500',
  '503',
  'timeout-before-work',
  'timeout-after-work',
  'cut-before',
  'cut-after',
  'error-after-work',
  'html-instead-of-json',
  'wrong-content-type',
  'truncated',
  'half-json',
  'slow',
] as const

/** What only the system itself can make: it says itself whether the request is one for it. */
const systemFaults = [
  'csrf-expired',
  'etag-stale',
  'token-expired',
  'schedule-failed',
  'batch-change-refused',
  'batch-change-failed',
  'batch-read-refused',
  'batch-read-failed',
] as const

export const faultKinds = [...commonFaults, ...systemFaults] as const

/**
 * What can go wrong with one request. Nothing is done at a status (`'401'` … `'503'`, in the system's own error
 * shape), at `timeout-before-work` (no answer ever comes), `cut-before` and `html-instead-of-json` (a proxy's page,
 * with status 200). The work is done at `timeout-after-work`, `cut-after`, `error-after-work` (a gateway's 504 in
 * HTML), `wrong-content-type` (the right body as text/plain), `truncated` (half the body, then the connection is
 * cut), `half-json` (half the body, as if it were all) and `slow` (the answer is late by `slowMs`).
 *
 * `csrf-expired`: the session ends just before. `etag-stale`: somebody else changes the entity just before.
 * `token-expired`: all access tokens end just before. `schedule-failed`: a 200 that says that nothing was scheduled.
 *
 * Of one part of a `$batch`, the others are answered as ever: `batch-change-refused` (403) and `batch-change-failed`
 * (500), where the change set is not done; `batch-read-refused` and `batch-read-failed`, where it is and only a read is
 * answered so.
 */
export type SimulatorFault = (typeof faultKinds)[number]

export type SystemFault = (typeof systemFaults)[number]

export const isSystemFault = (fault: SimulatorFault): fault is SystemFault =>
  systemFaults.some((one) => one === fault)

const share = z.number().min(0).max(1)
const latency = z.union([z.number().min(0), z.tuple([z.number().min(0), z.number().min(0)])])

export const faultsSchema = z.strictObject({
  /** The share of requests, 0 to 1, that meet each fault; together at most 1. */
  rates: z.partialRecord(z.enum(faultKinds), share).default({}),
  /** What the rates hold for; default `all`, reads and tokens as well. */
  on: z.enum(['writes', 'all']).default('all'),
  /** Every connection is cut and nothing is done. */
  down: z.boolean().default(false),
  /** Every answer is late by so many ms, or by a seeded number between two. */
  latencyMs: latency.optional(),
  /** How late a `slow` answer is, ms; default 1,000. */
  slowMs: z.number().min(0).default(1_000),
  /** More than so many requests within one second of the clock: 429. */
  requestsPerSecond: z.number().positive().optional(),
})
export type SimulatorFaults = z.input<typeof faultsSchema>
export type CheckedFaults = z.output<typeof faultsSchema>

export const matchSchema = z.strictObject({
  method: z.string().min(1).optional(),
  /** Part of the path and query, after percent-decoding. */
  path: z.string().min(1).optional(),
  /** Part of the body. */
  body: z.string().min(1).optional(),
  /** Only what changes something. */
  writes: z.boolean().optional(),
})

/** Which request a fault waits for: all that is given must fit. */
export type RequestMatch = z.infer<typeof matchSchema>

export const nextFaultSchema = z.enum([...faultKinds, 'none'])
