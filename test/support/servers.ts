import { existsSync, readFileSync } from 'node:fs'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { describe, it } from 'vitest'
import * as z from 'zod'

const defaultPorts: Readonly<Record<string, number>> = { 'amqp:': 5672, 'amqps:': 5671 }
const tls = z.object({ ca: z.string() })
const kafkaSchema = z.object({
  brokers: z.array(z.string()).min(1),
  sasl: z
    .object({
      brokers: z.array(z.string()).min(1),
      mechanisms: z.array(z.string()),
      username: z.string(),
      password: z.string(),
    })
    .optional(),
  tls: tls.extend({ brokers: z.array(z.string()).min(1) }).optional(),
})
const rabbitmqSchema = z.object({ url: z.url(), tls: tls.extend({ url: z.url() }).optional() })
const postgresSchema = z.object({ url: z.url(), tls: tls.optional() })
const serversSchema = z.object({
  kafka: kafkaSchema.optional(),
  rabbitmq: rabbitmqSchema.optional(),
  postgres: postgresSchema.optional(),
})

/**
 * Addresses of real servers; `ca` is the file of a certificate to trust, and what is not there is absent. Kafka:
 * `brokers` are host:port without login, `sasl` and `tls` are further listeners of the same brokers. RabbitMQ: the user
 * may do everything in the virtual host of the URL. PostgreSQL: the user may create databases. They are shared: a suite
 * makes topics, queues and databases of its own.
 */
export type Servers = z.infer<typeof serversSchema>

/**
 * The servers that take a connection now: those that the environment names (ANDON_KAFKA, ANDON_RABBITMQ,
 * ANDON_POSTGRES), otherwise those that `npm run services -- up` or `npm test` has started.
 */
export const servers: Servers = await answering({ ...started(), ...given() })

/** Those of them that were started here, so that a test can have more of the kind: `privateServers`. */
export const startedServers: Servers = {
  ...(process.env.ANDON_KAFKA || !servers.kafka ? {} : { kafka: servers.kafka }),
  ...(process.env.ANDON_RABBITMQ || !servers.rabbitmq ? {} : { rabbitmq: servers.rabbitmq }),
  ...(process.env.ANDON_POSTGRES || !servers.postgres ? {} : { postgres: servers.postgres }),
}

/**
 * A suite that needs real servers. Without them it is skipped and says so; with CI=true that is an error.
 *
 * @example describeWith('the Kafka bus', servers.kafka, ({ brokers }) => { … })
 */
export function describeWith<Address>(
  title: string,
  address: Address | undefined,
  suite: (address: Address) => void,
): void {
  if (address !== undefined) {
    describe(title, () => suite(address))
  } else if (process.env.CI === 'true') {
    throw new Error(`A server that "${title}" needs is not there: npm run services -- up`)
  } else {
    describe.skip(title, () => it('needs servers: npm run services -- up', () => undefined))
  }
}

function started(): Servers {
  const file = fileURLToPath(new URL('../../.services/addresses.json', import.meta.url))
  return existsSync(file) ? serversSchema.parse(JSON.parse(readFileSync(file, 'utf8'))) : {}
}

function given(): Servers {
  const { ANDON_KAFKA: kafka, ANDON_RABBITMQ: rabbitmq, ANDON_POSTGRES: postgres } = process.env
  return {
    ...(kafka ? { kafka: kafkaOf(kafka) } : {}),
    ...(rabbitmq ? { rabbitmq: rabbitmqSchema.parse({ url: rabbitmq }) } : {}),
    ...(postgres ? { postgres: postgresSchema.parse({ url: postgres }) } : {}),
  }
}

function kafkaOf(text: string): Servers['kafka'] {
  return kafkaSchema.parse(text.startsWith('{') ? JSON.parse(text) : { brokers: text.split(',') })
}

async function answering({ kafka, rabbitmq, postgres }: Servers): Promise<Servers> {
  const [hasKafka, hasRabbitmq, hasPostgres] = await Promise.all([
    kafka !== undefined && connects(`kafka://${kafka.brokers[0]}`),
    rabbitmq !== undefined && connects(rabbitmq.url),
    postgres !== undefined && connects(postgres.url),
  ])
  return {
    ...(hasKafka ? { kafka } : {}),
    ...(hasRabbitmq ? { rabbitmq } : {}),
    ...(hasPostgres ? { postgres } : {}),
  }
}

/** Whether the servers work was found out when they were brought up; here it is only whether they still are. */
function connects(url: string): Promise<boolean> {
  const { protocol, hostname, port } = new URL(url)
  return new Promise((resolve) => {
    const socket = connect({ host: hostname, port: Number(port) || (defaultPorts[protocol] ?? 5432) })
    const done = (answer: boolean) => () => {
      socket.destroy()
      resolve(answer)
    }
    socket.setTimeout(3000, done(false)).once('connect', done(true)).once('error', done(false))
  })
}
