import { parseOptions } from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'
import * as z from 'zod'

/** How the connection is encrypted: `true` checks the server's certificate against the system's authorities. */
export type PostgresTls =
  | boolean
  | {
      /** Certificates of the authority that signed the server's, in PEM. */
      readonly ca?: string
      /** This client's own certificate and key, in PEM. */
      readonly cert?: string
      readonly key?: string
      /** The name that the server's certificate must have; default the host. */
      readonly servername?: string
      /** Default true. False takes any certificate: anybody in between can then read along. */
      readonly rejectUnauthorized?: boolean
    }

export interface PostgresStoreOptions {
  /** e.g. `postgres://andon@db.example:5432/andon`; what stands in the other options comes before it. */
  readonly url?: string
  readonly host?: string
  /** Default 5432. */
  readonly port?: number
  readonly database?: string
  readonly user?: string
  /** Or a function that is asked for each new connection, for passwords that change. */
  readonly password?: string | (() => string | Promise<string>)
  readonly tls?: PostgresTls
  /** The schema that holds the tables; made when missing. Letters, digits and `_`, at most 40. Default `andon`. */
  readonly schema?: string
  /** Default `postgres`. */
  readonly name?: string
  /** Connections for transactions, and as many for everything else; one more rings. 1 to 100, default 8. */
  readonly connections?: number
  /** How long a connection may take to come up (ms); default 10,000. */
  readonly connectTimeoutMs?: number
  /** How long a statement may run (ms); default 60,000. */
  readonly statementTimeoutMs?: number
  /** How long a statement may wait for another's lock (ms); default 30,000. */
  readonly lockTimeoutMs?: number
  /** How long to try to find out what became of a commit whose answer was lost (ms); default 30,000. */
  readonly doubtTimeoutMs?: number
  /** Opens a server that runs with `fsync = off` too: for tests whose data may be lost. Default false. */
  readonly acceptNoFsync?: boolean
}

const milliseconds = z.int().min(1).max(86_400_000)

const optionsSchema = z.strictObject({
  // Never repeated in an error: a password may stand in it.
  url: z
    .string()
    .refine(
      (url) => URL.canParse(url) && /^postgres(ql)?:$/.test(new URL(url).protocol),
      'not a postgres:// address',
    )
    .optional(),
  host: z.string().min(1).optional(),
  port: z.int().min(1).max(65_535).optional(),
  database: z.string().min(1).optional(),
  user: z.string().min(1).optional(),
  password: z
    .union([
      z.string(),
      z.custom<() => string | Promise<string>>(
        (value) => typeof value === 'function',
        'neither text nor a function',
      ),
    ])
    .optional(),
  tls: z
    .union([
      z.boolean(),
      z.strictObject({
        ca: z.string().min(1).optional(),
        cert: z.string().min(1).optional(),
        key: z.string().min(1).optional(),
        servername: z.string().min(1).optional(),
        rejectUnauthorized: z.boolean().optional(),
      }),
    ])
    .optional(),
  schema: z
    .string()
    .regex(/^[a-z_][a-z0-9_]{0,39}$/, 'not a name of lower-case letters, digits and _, at most 40')
    .refine((name) => !name.startsWith('pg_'), 'names that begin with pg_ are the server’s own')
    .default('andon'),
  name: z.string().min(1).default('postgres'),
  connections: z.int().min(1).max(100).default(8),
  connectTimeoutMs: milliseconds.default(10_000),
  statementTimeoutMs: milliseconds.default(60_000),
  lockTimeoutMs: milliseconds.default(30_000),
  doubtTimeoutMs: milliseconds.default(30_000),
  acceptNoFsync: z.boolean().default(false),
})

/** The options with their defaults, and the address taken apart. */
export type Settings = Omit<z.output<typeof optionsSchema>, 'url'> & {
  readonly host: string
  readonly port: number
}

const invalid = (option: string, problem: string): AndonError =>
  new AndonError('OPTIONS_INVALID', { details: { option: `postgresStore.${option}`, problem } })

/** @throws AndonError OPTIONS_INVALID naming the option; it never repeats a value */
export function settingsOf(options: PostgresStoreOptions): Settings {
  const { url, ...given } = parseOptions(optionsSchema, options, 'postgresStore')
  const parts = url === undefined ? {} : partsOf(new URL(url))
  const host = given.host ?? parts.host
  if (host === undefined) throw invalid('host', 'give it, or a url')
  return {
    ...given,
    host,
    port: given.port ?? parts.port ?? 5432,
    database: given.database ?? parts.database,
    user: given.user ?? parts.user,
    password: given.password ?? parts.password,
  }
}

interface AddressParts {
  readonly host?: string | undefined
  readonly port?: number | undefined
  readonly database?: string | undefined
  readonly user?: string | undefined
  readonly password?: string | undefined
}

function partsOf(url: URL): AddressParts {
  for (const name of url.searchParams.keys()) {
    throw invalid('url', `set "${name}" as an option of its own, not in the address`)
  }
  const text = (value: string): string | undefined => (value === '' ? undefined : decodeURIComponent(value))
  return {
    host: text(url.hostname.replace(/^\[(.*)\]$/, '$1')),
    port: url.port === '' ? undefined : Number(url.port),
    database: text(url.pathname.slice(1)),
    user: text(url.username),
    password: text(url.password),
  }
}
