import { login } from './names.mjs'

const module = 'org.apache.kafka.common.security'

/**
 * Kafka's settings for one node that is broker and controller.
 *
 * @param {string} data folder
 * @param {Pick<import('./native.mjs').NativePlace, 'ports' | 'certificate' | 'bench'>} place
 */
export function kafkaProperties(data, { ports, certificate, bench }) {
  const tls = certificate === undefined ? [] : [`TLS://127.0.0.1:${ports.kafkaTls}`]
  const listeners = [
    `PLAINTEXT://127.0.0.1:${ports.kafka}`,
    `SASL://127.0.0.1:${ports.kafkaSasl}`,
    ...tls,
    `CONTROLLER://127.0.0.1:${ports.kafkaController}`,
  ].join(',')
  return `process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:${ports.kafkaController}
listeners=${listeners}
advertised.listeners=${listeners}
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT,TLS:SSL
${sasl}${encryption(certificate)}log.dirs=${data}
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
offsets.topic.num.partitions=1
transaction.state.log.num.partitions=1
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
group.initial.rebalance.delay.ms=0
auto.create.topics.enable=false
log.cleaner.dedupe.buffer.size=2097152
connections.max.reauth.ms=${process.env.ANDON_KAFKA_LOGIN_MS ?? 0}
${bench ? '' : soonBack}`
}

/** After a kill, a broker is let in again only when its old session has ended. The default is 9 seconds. */
const soonBack = `broker.session.timeout.ms=3000
broker.heartbeat.interval.ms=500
`

/** One account, that every mechanism knows; SCRAM's was made when the data folder was formatted. */
const sasl = `listener.name.sasl.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512
listener.name.sasl.plain.sasl.jaas.config=${module}.plain.PlainLoginModule required user_${login.user}="${login.password}";
listener.name.sasl.scram-sha-256.sasl.jaas.config=${module}.scram.ScramLoginModule required;
listener.name.sasl.scram-sha-512.sasl.jaas.config=${module}.scram.ScramLoginModule required;
`

/** @param {import('./certificate.mjs').Certificate | undefined} certificate */
const encryption = (certificate) =>
  certificate === undefined
    ? ''
    : `listener.name.tls.ssl.keystore.type=PEM
listener.name.tls.ssl.keystore.location=${certificate.both}
`

/** Everything to the console, which goes to the log file. */
export const loggingProperties = `status=WARN
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d %p %m (%c)%n
rootLogger.level=INFO
rootLogger.appenderRef.out.ref=out
`
