import * as z from 'zod'

/** A secret as it is, or how to get it each time that a connection is opened. */
export type Credential = string | (() => string | Promise<string>)

export interface SaslOptions {
  readonly mechanism: 'plain' | 'scram-sha-256' | 'scram-sha-512'
  readonly username: Credential
  readonly password: Credential
}

/** PEM texts; what is absent is the system's. */
export interface TlsOptions {
  readonly ca?: string | readonly string[]
  readonly cert?: string
  readonly key?: string
  readonly passphrase?: string
  /** The name that the broker's certificate has to be for; default the broker's host. */
  readonly servername?: string
  /** Default true. */
  readonly rejectUnauthorized?: boolean
}

/** How the brokers are reached. */
export interface KafkaConnection {
  /** Where to begin, as `host:port`; the rest of the cluster is found from there. */
  readonly brokers: readonly string[]
  /** What brokers call us in their logs and quotas; default `andon`. */
  readonly clientId?: string
  readonly sasl?: SaslOptions
  readonly tls?: boolean | TlsOptions
  /** How long one connection may take (ms); default 10,000. */
  readonly connectTimeoutMs?: number
  /** How long a broker may take to answer (ms); default 30,000. */
  readonly requestTimeoutMs?: number
  /** How often topics are looked at for partitions that somebody has added (ms); default 60,000. */
  readonly refreshMs?: number
}

const credential = z.union([
  z.string().min(1),
  z.custom<() => string | Promise<string>>((value) => typeof value === 'function', 'a text or a function'),
])

/** The connection's options, for the schema of whoever takes them. */
export const connectionShape = {
  brokers: z.array(z.string().regex(/^[^\s:]+:\d{1,5}$|^\[[^\s\]]+\]:\d{1,5}$/, 'not host:port')).min(1),
  clientId: z.string().regex(/^\S+$/).default('andon'),
  sasl: z
    .strictObject({
      mechanism: z.enum(['plain', 'scram-sha-256', 'scram-sha-512']),
      username: credential,
      password: credential,
    })
    .optional(),
  tls: z
    .union([
      z.boolean(),
      z.strictObject({
        ca: z.union([z.string(), z.array(z.string())]).optional(),
        cert: z.string().optional(),
        key: z.string().optional(),
        passphrase: z.string().optional(),
        servername: z.string().optional(),
        rejectUnauthorized: z.boolean().optional(),
      }),
    ])
    .optional(),
  connectTimeoutMs: z.int().min(100).max(600_000).default(10_000),
  requestTimeoutMs: z.int().min(1_000).max(600_000).default(30_000),
  refreshMs: z.int().min(1_000).max(3_600_000).default(60_000),
} as const

const connectionSchema = z.object(connectionShape)
export type CheckedConnection = z.output<typeof connectionSchema>
