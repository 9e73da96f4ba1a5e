/**
 * Environment variables that name servers which are there already: host:port,… or JSON for Kafka, URLs for the rest.
 *
 * @type {Record<import('./names.mjs').ServiceName, string>}
 */
export const variables = {
  kafka: 'ANDON_KAFKA',
  rabbitmq: 'ANDON_RABBITMQ',
  postgres: 'ANDON_POSTGRES',
}

/**
 * The address that the environment gives for a server, if any.
 *
 * @param {import('./names.mjs').ServiceName} name
 * @param {NodeJS.ProcessEnv} environment
 * @returns {import('./addresses.mjs').KafkaAddress | import('./addresses.mjs').RabbitmqAddress | undefined}
 */
export function given(name, environment) {
  const text = environment[variables[name]]?.trim()
  if (text === undefined || text === '') {
    return undefined
  }
  try {
    return name === 'kafka' ? kafka(text) : url(text, protocols[name])
  } catch {
    // What was given may hold a password, so it is not repeated.
    throw new Error(`${variables[name]} must be ${forms[name]}.`)
  }
}

/** @type {Record<import('./names.mjs').ServiceName, string>} */
const forms = {
  kafka: 'host:port,host:port,… or JSON like {"brokers":["host:port"],"sasl":{…}}',
  rabbitmq: 'a URL like amqp://user:password@host:port/vhost',
  postgres: 'a URL like postgres://user:password@host:port/database',
}

const protocols = { rabbitmq: ['amqp:', 'amqps:'], postgres: ['postgres:', 'postgresql:'] }

/** @param {string} text @param {readonly string[]} allowed */
function url(text, allowed) {
  if (!allowed.includes(new URL(text).protocol)) {
    throw new Error('another protocol')
  }
  return { url: text }
}

/** @param {string} text @returns {import('./addresses.mjs').KafkaAddress} */
function kafka(text) {
  const address = text.startsWith('{') ? JSON.parse(text) : { brokers: text.split(',').map((b) => b.trim()) }
  const right =
    Array.isArray(address.brokers) &&
    address.brokers.length > 0 &&
    address.brokers.every((/** @type {unknown} */ broker) => /^.+:\d+$/.test(String(broker)))
  if (!right) {
    throw new Error('no brokers')
  }
  return address
}
