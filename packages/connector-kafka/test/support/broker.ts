import { randomUUID } from 'node:crypto'
import { type KafkaBusOptions, kafkaBus } from '@andon/connector-kafka'

const given = process.env.ANDON_KAFKA

/** Where the brokers of this run are; undefined when there are none. */
export const brokers: readonly string[] | undefined = given === undefined ? undefined : given.split(',')

/** Names of its own for each test, so that tests do not meet on a shared broker. */
export const ownPrefix = (): string => `t-${randomUUID()}.`

export function openBus(options: Partial<KafkaBusOptions> & { readonly prefix: string }) {
  return kafkaBus({
    brokers: brokers ?? ['127.0.0.1:1'],
    sessionTimeoutMs: 6_000,
    ...options,
  })
}
