import { login } from './names.mjs'

/**
 * Where a client finds the servers. `ca` is the file of the certificate that a client has to trust; what a server
 * does not offer is absent.
 *
 * @typedef {object} KafkaAddress
 * @property {readonly string[]} brokers `host:port`, without encryption and login
 * @property {KafkaSasl} [sasl]
 * @property {{ readonly brokers: readonly string[], readonly ca: string }} [tls] without login
 *
 * @typedef {object} KafkaSasl
 * @property {readonly string[]} brokers without encryption
 * @property {readonly string[]} mechanisms e.g. `SCRAM-SHA-256`
 * @property {string} username
 * @property {string} password
 *
 * @typedef {object} RabbitmqAddress
 * @property {string} url amqp://user:password@host:port
 * @property {{ readonly url: string, readonly ca: string }} [tls] amqps://…
 *
 * @typedef {object} PostgresAddress
 * @property {string} url postgres://user:password@host:port/database; the user may create databases
 * @property {{ readonly ca: string }} [tls] the same port takes encrypted connections, too
 *
 * @typedef {object} Addresses
 * @property {KafkaAddress} [kafka]
 * @property {RabbitmqAddress} [rabbitmq]
 * @property {PostgresAddress} [postgres]
 */

const host = '127.0.0.1'
const account = `${login.user}:${login.password}`

/**
 * The addresses of a server that was started here.
 *
 * @param {import('./ports.mjs').Ports} ports
 * @param {string | undefined} ca absent when it was started without certificate
 * @returns {Required<Addresses>}
 */
export const ownAddresses = (ports, ca) => ({
  kafka: {
    brokers: [`${host}:${ports.kafka}`],
    sasl: {
      brokers: [`${host}:${ports.kafkaSasl}`],
      mechanisms: ['PLAIN', 'SCRAM-SHA-256', 'SCRAM-SHA-512'],
      username: login.user,
      password: login.password,
    },
    ...(ca === undefined ? {} : { tls: { brokers: [`${host}:${ports.kafkaTls}`], ca } }),
  },
  rabbitmq: {
    url: `amqp://${account}@${host}:${ports.rabbitmq}`,
    ...(ca === undefined ? {} : { tls: { url: `amqps://${account}@${host}:${ports.rabbitmqTls}`, ca } }),
  },
  postgres: {
    url: `postgres://${account}@${host}:${ports.postgres}/${login.database}`,
    ...(ca === undefined ? {} : { tls: { ca } }),
  },
})

/** For people: where it is, never the password. @param {KafkaAddress | RabbitmqAddress | PostgresAddress} address */
export function shown(address) {
  if ('brokers' in address) {
    return address.brokers.join(',')
  }
  const { protocol, host: place, pathname } = new URL(address.url)
  return `${protocol}//${place}${pathname === '/' ? '' : pathname}`
}
