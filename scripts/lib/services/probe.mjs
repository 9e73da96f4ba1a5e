import { probeKafka } from './probe-kafka.mjs'
import { probePostgres } from './probe-postgres.mjs'
import { probeRabbitmq } from './probe-rabbitmq.mjs'

/** Long enough for a busy machine: a server that is there answers in milliseconds. */
const patience = 5000

/**
 * Speaks with a server in its own protocol until it is sure that it works.
 *
 * @param {import('./names.mjs').ServiceName} name
 * @param {import('./addresses.mjs').Addresses} addresses
 * @returns {Promise<string | undefined>} why it does not work; undefined when it does
 */
export async function probe(name, { kafka, rabbitmq, postgres }) {
  try {
    if (name === 'kafka' && kafka !== undefined) {
      await probeKafka(kafka, patience)
    } else if (name === 'rabbitmq' && rabbitmq !== undefined) {
      await probeRabbitmq(rabbitmq, patience)
    } else if (name === 'postgres' && postgres !== undefined) {
      await probePostgres(postgres, patience)
    } else {
      return 'it has no address'
    }
    return undefined
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}
