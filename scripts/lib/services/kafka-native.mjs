import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { mustRun, run } from '../run.mjs'
import { kafkaProperties, loggingProperties } from './kafka-properties.mjs'
import { kafkaJars, needsMaven } from './maven.mjs'
import { login } from './names.mjs'

const oldestJava = 17

/** A short start rather than long-run speed; benchmarks get what Kafka's own start script gives, but the heap. */
const forTests = ['-Xms256m', '-Xmx256m', '-XX:+UseSerialGC', '-XX:TieredStopAtLevel=1']
const forBenches = ['-Xms512m', '-Xmx512m', '-XX:+UseG1GC', '-XX:MaxGCPauseMillis=20']

/**
 * A real Apache Kafka of one node, both broker and controller.
 *
 * @type {import('./native.mjs').Native}
 */
export const kafkaNative = {
  async missingPackages(folder) {
    const missing = (await javaVersion()) >= oldestJava ? [] : ['default-jre-headless']
    return (await needsMaven(folder)) ? [...missing, 'maven'] : missing
  },
  async commands(place) {
    const { folder, bench, report } = place
    const jars = join(await kafkaJars(folder, report), '*')
    const settings = join(folder, 'server.properties')
    const logging = join(folder, 'log4j2.properties')
    const data = join(folder, 'data')
    mkdirSync(data, { recursive: true })
    writeFileSync(settings, kafkaProperties(data, place))
    writeFileSync(logging, loggingProperties)
    const common = [`-Dlog4j2.configurationFile=file:${logging}`, '-cp', jars]
    if (!existsSync(join(data, 'meta.properties'))) {
      await mustRun(java(), [...forTests, ...common, 'kafka.tools.StorageTool', ...format(settings)])
    }
    const jvm = process.env.ANDON_KAFKA_JVM?.split(/\s+/) ?? (bench ? forBenches : forTests)
    return [
      { name: 'kafka', command: java(), args: [...jvm, ...common, 'kafka.Kafka', settings], cwd: folder },
    ]
  },
  stopSignal: 'SIGTERM',
}

/** @param {string} settings */
const format = (settings) => [
  ...['format', `--cluster-id=${clusterId()}`, '--config', settings, '--standalone', '--ignore-formatted'],
  ...['SCRAM-SHA-256', 'SCRAM-SHA-512'].flatMap((mechanism) => [
    '--add-scram',
    `${mechanism}=[name=${login.user},password=${login.password}]`,
  ]),
]

const clusterId = () => randomBytes(16).toString('base64url')

const java = () => (process.env.JAVA_HOME ? join(process.env.JAVA_HOME, 'bin', 'java') : 'java')

/** @returns {Promise<number>} 0 without a Java */
async function javaVersion() {
  const { code, output } = await run(java(), ['-version'])
  return code === 0 ? Number(/version "(\d+)/.exec(output)?.[1] ?? 0) : 0
}
