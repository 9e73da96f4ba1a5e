import type { Logger } from '@andon/core/connector'
import { silentLogger } from '@andon/core/connector'
import * as z from 'zod'

/** A secret, or who is asked for it: anew for each connection, so that it may change. */
export type Secret = string | (() => string | Promise<string>)

/** As Node's own `tls.connect` has them. */
export interface RabbitTlsOptions {
  /** Certificates that are trusted, in PEM; default: those that Node trusts. */
  readonly ca?: string | Uint8Array
  /** The client's own certificate and its key, in PEM. */
  readonly cert?: string | Uint8Array
  readonly key?: string | Uint8Array
  readonly passphrase?: string
  /** The name that the broker's certificate must have; default: the host of the `url`. */
  readonly servername?: string
}

/** How a broker is reached. Bus, source and sink have these in common. */
export interface RabbitConnectionOptions {
  /**
   * `amqp://host:5672/vhost`, or `amqps://` with TLS. A user and a password in it count where those below are absent.
   * Several for the nodes of one cluster: each connection begins with any of them, and goes on to the next where one
   * cannot be reached.
   */
  readonly url: string | readonly string[]
  readonly username?: string
  readonly password?: Secret
  readonly tls?: RabbitTlsOptions
  /** A broker that says nothing for twice as long is gone; default 10. */
  readonly heartbeatSeconds?: number
  /** Default 10,000. */
  readonly connectTimeoutMs?: number
  /** How long `publish` waits for the broker's confirmation before it gives up; default 30,000. */
  readonly deliveryTimeoutMs?: number
  /** Any pino-like object; default: silence. */
  readonly logger?: Logger
}

const pem = z.union([z.string().min(1), z.instanceof(Uint8Array)])

const isAmqp = (value: string): boolean => {
  try {
    const { protocol, hostname } = new URL(value)
    return ['amqp:', 'amqps:'].includes(protocol) && hostname !== ''
  } catch {
    return false
  }
}

const vhostOf = (url: string): string => decodeURIComponent(new URL(url).pathname.replace(/^\//, '')) || '/'

const amqp = z.string().refine(isAmqp, 'must be like amqp://host:5672/vhost or amqps://host')

export const connectionShape = {
  url: z.union([
    amqp,
    z.tuple([amqp], amqp).refine((urls) => !urls.every(isAmqp) || new Set(urls.map(vhostOf)).size === 1, {
      message: 'must be nodes of one cluster, with the same virtual host',
    }),
  ]),
  username: z.string().min(1).optional(),
  password: z
    .union([
      z.string(),
      z.custom<() => string | Promise<string>>(
        (value) => typeof value === 'function',
        'must be a text or a function',
      ),
    ])
    .optional(),
  tls: z
    .strictObject({
      ca: pem.optional(),
      cert: pem.optional(),
      key: pem.optional(),
      passphrase: z.string().optional(),
      servername: z.string().min(1).optional(),
    })
    .optional(),
  heartbeatSeconds: z.int().min(1).max(3600).default(10),
  connectTimeoutMs: z.int().min(1).max(600_000).default(10_000),
  deliveryTimeoutMs: z.int().min(1).max(3_600_000).default(30_000),
  logger: z
    .custom<Logger>(
      (value) => typeof value === 'object' && value !== null && 'warn' in value,
      'must be a logger',
    )
    .default(silentLogger),
}

const connectionSchema = z.object(connectionShape)
export type CheckedConnection = z.output<typeof connectionSchema>

/** Where a node of the broker is, and how it lets us in. */
export interface Endpoint {
  readonly protocol: 'amqp' | 'amqps'
  readonly hostname: string
  readonly port: number
  readonly vhost: string
  readonly username: string
  readonly password: Secret
}

/** One for each node. */
export function endpointsOf({
  url,
  username,
  password,
}: CheckedConnection): readonly [Endpoint, ...Endpoint[]] {
  const endpointOf = (node: string): Endpoint => {
    const parts = new URL(node)
    const secure = parts.protocol === 'amqps:'
    const isGuest = parts.username === '' && username === undefined
    return {
      protocol: secure ? 'amqps' : 'amqp',
      hostname: parts.hostname.replace(/^\[|\]$/g, ''),
      port: Number(parts.port) || (secure ? 5671 : 5672),
      vhost: vhostOf(node),
      username: username ?? (isGuest ? 'guest' : decodeURIComponent(parts.username)),
      password: password ?? (isGuest ? 'guest' : decodeURIComponent(parts.password)),
    }
  }
  const [first, ...others] = typeof url === 'string' ? [url] : url
  return [endpointOf(first), ...others.map(endpointOf)]
}
