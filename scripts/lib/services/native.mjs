import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { certificateIn } from './certificate.mjs'
import { installPackages } from './debian.mjs'
import { kafkaNative } from './kafka-native.mjs'
import { postgresNative } from './postgres-native.mjs'
import { ended, familyOf, isRunning, signalStarted, startDetached } from './processes.mjs'
import { rabbitmqNative } from './rabbitmq-native.mjs'

/**
 * @typedef {object} Native how a server runs as a process of this machine
 * @property {(folder: string) => Promise<string[]>} missingPackages Debian's names of what has to be installed
 * @property {(place: NativePlace) => Promise<NativeCommand[]>} commands prepares the folder; the server comes last,
 *   behind what it needs beside it
 * @property {NodeJS.Signals} stopSignal on which the server ends properly
 *
 * @typedef {object} NativePlace
 * @property {string} folder absolute, of this server
 * @property {import('./ports.mjs').Ports} ports
 * @property {import('./certificate.mjs').Certificate | undefined} certificate
 * @property {boolean} bench
 * @property {(line: string) => void} report
 * @property {import('./rabbitmq-native.mjs').ClusterNode | undefined} cluster of RabbitMQ
 *
 * @typedef {Omit<import('./processes.mjs').Command, 'log'>} NativeCommand
 */

/** @type {Record<import('./names.mjs').ServiceName, Native>} */
const natives = { kafka: kafkaNative, rabbitmq: rabbitmqNative, postgres: postgresNative }

/** For a proper end; Kafka and RabbitMQ take seconds on a busy machine. */
const patience = 30_000

/**
 * Servers as processes of this machine, from Debian's packages and Maven Central.
 *
 * @type {import('./way.mjs').Way}
 */
export const nativeWay = {
  name: 'native',

  async install(names, folderOf, report) {
    const missing = await Promise.all(names.map((name) => natives[name].missingPackages(folderOf(name))))
    const packages = [...new Set(missing.flat())]
    const installed = packages.length === 0 ? undefined : installPackages(packages, report)
    // What has all it needs does not wait for the rest.
    return names.map((_, index) => (missing[index]?.length === 0 ? undefined : installed))
  },

  async start(name, { folder, set, ports, bench, report, running, cluster }) {
    mkdirSync(folder, { recursive: true })
    const certificate = await certificateIn(set)
    const commands = await natives[name].commands({ folder, ports, certificate, bench, report, cluster })
    const processes = []
    for (const command of commands) {
      const already = running.find((process) => process.name === command.name && isRunning(process))
      const log = logOf(folder, command.name)
      processes.push(already ?? (await startDetached({ ...command, log })))
    }
    return { processes, ...(certificate === undefined ? {} : { ca: certificate.certificate }) }
  },

  isRunning: async (_name, { processes }) => processes.length > 0 && processes.every(isRunning),

  async kill(_name, { processes }, signal) {
    const server = processes.at(-1)
    if (server === undefined) {
      return
    }
    // What cannot be caught is for all that belongs to the server; of the rest it tells its own children.
    const targets = ['SIGKILL', 'SIGSTOP', 'SIGCONT'].includes(signal) ? familyOf(server) : [server]
    for (const target of targets) {
      signalStarted(target, signal)
    }
    if (signal === 'SIGKILL') {
      await ended(targets, patience)
    }
  },

  async stop(name, { processes }) {
    for (const [index, process] of [...processes].reverse().entries()) {
      const family = familyOf(process)
      // One that was halted has to go on to hear of its end.
      signalStarted(process, index === 0 ? natives[name].stopSignal : 'SIGTERM')
      for (const member of family) {
        signalStarted(member, 'SIGCONT')
      }
      if (!(await ended(family, patience))) {
        for (const member of family) {
          signalStarted(member, 'SIGKILL')
        }
        await ended(family, patience)
      }
    }
  },

  async lastWords(name, folder) {
    const log = logOf(folder, name)
    const lines = existsSync(log) ? readFileSync(log, 'utf8').trimEnd().split('\n').slice(-20) : []
    return [`The end of ${log}:`, ...lines].join('\n')
  },

  afterReady: async () => {},
  purge: async () => {},
}

/** @param {string} folder @param {string} name */
const logOf = (folder, name) => join(folder, `${name}.log`)
