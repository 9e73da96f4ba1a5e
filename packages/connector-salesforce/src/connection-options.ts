import { type Clock, type Logger, silentLogger, systemClock } from '@andon/core/connector'
import * as z from 'zod'
import { authSchema, type SalesforceAuth } from './auth/auth-options.js'
import type { Speaker } from './failures.js'
import { SalesforceHttp } from './http/salesforce-http.js'
import { Rest } from './rest/rest.js'

/** How an org is reached. */
export interface SalesforceConnection {
  /** My Domain, e.g. `https://acme.my.salesforce.com`. */
  readonly url: string
  readonly auth: SalesforceAuth
  /** Default `67.0` (Summer '26). */
  readonly apiVersion?: string
  /** Names us in the org's logs and in `changeOrigin`, by which our own writes are known; default `andon`. */
  readonly clientName?: string
  /** The longest wait for one answer (ms); default 30,000. */
  readonly timeoutMs?: number
  /** Calls at the same time, 1 to 25; default 4. */
  readonly connections?: number
  /** Told what goes wrong and is tried again; default nobody. */
  readonly logger?: Logger
  /** Default the system's. */
  readonly clock?: Clock
}

const isAddress = (text: string): boolean => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || url.username !== '' || url.password !== '' || url.pathname !== '/') return false
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
}
const isLoopback = (host: string): boolean => /^(localhost|127(\.\d+){3}|\[::1\])$/.test(host)

export const addressSchema = z
  .string()
  .refine(isAddress, 'must be an https address with nothing but the host (http only for this machine)')
  .transform((text) => text.replace(/\/$/, ''))

export const apiName = z.string().regex(/^[A-Za-z]\w{0,79}$/, 'not an API name')

export const connectionShape = {
  url: addressSchema,
  auth: authSchema,
  apiVersion: z
    .string()
    .regex(/^\d{2,3}\.0$/, 'must be such as 67.0')
    .default('67.0'),
  clientName: z
    .string()
    .regex(/^[\w.-]{1,80}$/, 'letters, digits, dots, dashes and underscores only')
    .default('andon'),
  timeoutMs: z.int().min(100).max(600_000).default(30_000),
  connections: z.int().min(1).max(25).default(4),
  logger: z.custom<Logger>((value) => typeof value === 'object' && value !== null).default(silentLogger),
  clock: z.custom<Clock>((value) => typeof value === 'object' && value !== null).default(systemClock),
}

const checkedConnection = z.object(connectionShape)
export type CheckedConnection = z.output<typeof checkedConnection>

/** @param keepFree share of the org's API calls that is left to others */
export function restOf(connection: CheckedConnection, speaker: Speaker, keepFree: number): Rest {
  const { url, auth, timeoutMs, connections, clientName, apiVersion } = connection
  return new Rest(
    new SalesforceHttp({ speaker, url, auth, timeoutMs, connections, keepFree, clientName }),
    apiVersion,
  )
}
