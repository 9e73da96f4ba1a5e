import type { BaseOptions, ConnectionOptions } from '@platformatic/kafka'
import type { CheckedConnection } from './connection.js'

const mechanisms = {
  plain: 'PLAIN',
  'scram-sha-256': 'SCRAM-SHA-256',
  'scram-sha-512': 'SCRAM-SHA-512',
} as const

/** The options of a connection, in the client's words. */
export function socketOptionsOf(connection: CheckedConnection): ConnectionOptions {
  const { sasl, tls } = connection
  const servername = typeof tls === 'object' ? tls.servername : undefined
  return {
    connectTimeout: connection.connectTimeoutMs,
    requestTimeout: connection.requestTimeoutMs,
    ...(sasl && {
      sasl: { mechanism: mechanisms[sasl.mechanism], username: sasl.username, password: sasl.password },
    }),
    ...(tls !== undefined && tls !== false && { tls: tls === true ? {} : { ...tls } }),
    // Where nothing is said it is the broker's host, unless that is a number.
    ...(servername !== undefined && { tlsServerName: servername }),
  }
}

/**
 * The options of a client. What is tried again is decided here and not in the client, so it tries once: its own
 * patience knows no deadline.
 */
export function clientOptionsOf(connection: CheckedConnection): BaseOptions {
  return {
    ...socketOptionsOf(connection),
    clientId: connection.clientId,
    bootstrapBrokers: [...connection.brokers],
    // It doubles as the time that a broker may take for a write and as that of a transaction: 5 s is too short.
    timeout: connection.requestTimeoutMs,
    retries: 0,
    metadataMaxAge: 60_000,
    autocreateTopics: false,
  }
}
