import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun } from '../run.mjs'
import { login } from './login.mjs'
import { kafkaJars } from './maven.mjs'

/** Short start over long-run speed; benchmarks take what Kafka's own start script takes. */
const forTests = ['-Xms256m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
const forBenches = ['-Xms512m', '-Xmx512m', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20']

/**
 * A real Apache Kafka of one node, both broker and controller.
 *
 * @type {import('./native.mjs').Native}
 */
export const kafkaNative = {
  name: 'kafka',
  async commands({ folder, ports, bench, report }) {
    const classPath = join(await kafkaJars(join(folder, 'cache'), report), '*')
    const java = process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java'
    const data = join(folder, 'data')
    const settings = join(folder, 'server.properties')
    const logging = join(folder, 'log4j2.properties')
    mkdirSync(data, { recursive: true })
    writeFileSync(settings, serverProperties(data, ports))
    writeFileSync(logging, log4j2)
    const jvm = process.env.ANDON_KAFKA_JVM?.split(' ') ?? (bench ? forBenches : forTests)
    if (!existsSync(join(data, 'meta.properties'))) {
      const scram = ['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
        '--add-scram',
        `${mechanism}=[name=${login.user},password=${login.password}]`,
      ])
      await mustRun(java, [
        ...forTests,
        `-Dlog4j2.configurationFile=file:${logging}`,
        '-cp',
        classPath,
        'kafka.tools.StorageTool',
        'format',
        `--cluster-id=${clusterId()}`,
        '-c',
        settings,
        '--standalone',
        '--ignore-formatted',
        ...scram,
      ])
    }
    return [
      {
        name: 'kafka',
        command: java,
        args: [...jvm, `-Dlog4j2.configurationFile=file:${logging}`, '-cp', classPath, 'kafka.Kafka', settings],
        cwd: folder,
        log: join(folder, 'kafka.log'),
      },
    ]
  },
}

const clusterId = () => randomBytes(16).toString('base64url')

/**
 * @param {string} data
 * @param {import('./ports.mjs').Ports} ports
 */
function serverProperties(data, { kafka, kafkaController, kafkaSasl }) {
  const listeners = [
    `PLAINTEXT://127.0.0.1:${kafka}`,
    `SASL://127.0.0.1:${kafkaSasl}`,
    `CONTROLLER://127.0.0.1:${kafkaController}`,
  ].join(',')
  const account = `username="${login.user}" password="${login.password}"`
  const scram = 'org.apache.kafka.common.security.scram.ScramLoginModule required;'
  return `process.roles=broker,controller
node.id=1
controller.quorum.bootstrap.servers=127.0.0.1:${kafkaController}
listeners=${listeners}
advertised.listeners=${listeners}
inter.broker.listener.name=PLAINTEXT
controller.listener.names=CONTROLLER
listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SASL:SASL_PLAINTEXT
listener.name.sasl.sasl.enabled.mechanisms=PLAIN,SCRAM-SHA-256,SCRAM-SHA-512
listener.name.sasl.plain.sasl.jaas.config=org.apache.kafka.common.security.plain.PlainLoginModule required ${account} user_${login.user}="${login.password}";
listener.name.sasl.scram-sha-256.sasl.jaas.config=${scram}
listener.name.sasl.scram-sha-512.sasl.jaas.config=${scram}
log.dirs=${data}
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
`
}

const log4j2 = `status=WARN
appender.out.type=Console
appender.out.name=out
appender.out.layout.type=PatternLayout
appender.out.layout.pattern=%d %p %m (%c)%n
rootLogger.level=INFO
rootLogger.appenderRef.out.ref=out
`
