// `npm run services -- up|down|status`: real Kafka, RabbitMQ and PostgreSQL for tests and benchmarks. Needs nothing
// of node_modules. Progress goes to stderr, so that --json prints JSON and nothing else. Starts on any Node ≥ 20.
import { parseArgs } from 'node:util'
import { shown } from './lib/services/addresses.mjs'
import { serviceNames } from './lib/services/names.mjs'
import { ServicesFailed, services } from './lib/services.mjs'

const help = `Usage: npm run services -- up|down|status [${serviceNames.join('|')} …] [options]

  up        starts what does not run yet, waits until it works, and writes .services/addresses.json
  down      stops what was started here, and nothing else
  status    says what runs; exit code 1 unless all of it is up

Servers are had, in this order: by the addresses in the environment; by Docker Compose, where an
engine answers; as processes of this machine, from Debian's packages and Maven Central.

Options:
  --folder <path>      another set of servers beside the usual one, with its own data and ports
  --port-base <n>      the first of the ten ports of the set; otherwise the first free block from 19090 on
  --bench              up: settings for long-run speed rather than for a short start
  --purge              down: deletes the data, too
  --json               prints the answer as JSON
  --help               shows this text

Environment:
  ANDON_KAFKA          host:port,… or JSON like {"brokers":["host:port"]}: use these brokers, start none
  ANDON_RABBITMQ       amqp://user:password@host:port/vhost
  ANDON_POSTGRES       postgres://user:password@host:port/database
  ANDON_KAFKA_JVM      options for the Java of a Kafka that is started
  ANDON_KAFKA_LOGIN_MS how long a login lasts at a Kafka that is started; for ever when absent
  JAVA_HOME            the Java that runs it`

const usage = 2

/** @param {string[]} args @returns {Promise<number>} exit code */
async function main(args) {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: {
      folder: { type: 'string' },
      'port-base': { type: 'string' },
      bench: { type: 'boolean', default: false },
      purge: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  })
  const [command, ...asked] = positionals
  if (values.help || command === undefined) {
    console.log(help)
    return values.help ? 0 : usage
  }
  const names = asked.length === 0 ? serviceNames : serviceNames.filter((name) => asked.includes(name))
  const unknown = asked.find((name) => !serviceNames.some((known) => known === name))
  if (unknown !== undefined) {
    return refuse(`There is no server "${unknown}". Servers: ${serviceNames.join(', ')}.`)
  }
  const portBase = values['port-base'] === undefined ? undefined : Number(values['port-base'])
  if (portBase !== undefined && !(Number.isInteger(portBase) && portBase >= 1024 && portBase <= 65_520)) {
    return refuse('--port-base must be a whole number from 1024 to 65520.')
  }
  const set = services({
    ...(values.folder === undefined ? {} : { folder: values.folder }),
    ...(portBase === undefined ? {} : { portBase }),
    bench: values.bench,
    report: (line) => process.stderr.write(`${line}\n`),
  })
  if (command === 'up') {
    const { addresses, problem } = await brought(set.up(names))
    const lines = names.map((name) => row(name, addresses[name] === undefined ? '-' : shown(addresses[name])))
    console.log(values.json ? JSON.stringify(addresses, undefined, 2) : lines.join('\n'))
    if (problem !== undefined) {
      console.error(problem)
    }
    return problem === undefined ? 0 : 1
  }
  if (command === 'down') {
    const stopped = await set.down(names, { purge: values.purge })
    const text = stopped.length === 0 ? 'Nothing was started here.' : `Stopped: ${stopped.join(', ')}.`
    console.log(values.json ? JSON.stringify({ stopped }) : text)
    return 0
  }
  if (command === 'status') {
    const all = await set.status(names)
    const lines = [...all].map(([name, { state, way, address, problem, pid }]) =>
      row(name, state, address && shown(address), way && `(${way}${pid ? `, process ${pid}` : ''})`, problem),
    )
    console.log(values.json ? JSON.stringify(Object.fromEntries(all), undefined, 2) : lines.join('\n'))
    return [...all.values()].every(({ state }) => state === 'up') ? 0 : 1
  }
  return refuse(`There is no command "${command}". Commands: up, down, status.`)
}

/**
 * What came up, also where not all did.
 *
 * @param {Promise<import('./lib/services.mjs').Addresses>} up
 */
async function brought(up) {
  try {
    return { addresses: await up, problem: undefined }
  } catch (error) {
    if (error instanceof ServicesFailed) {
      return { addresses: error.addresses, problem: error.message }
    }
    throw error
  }
}

/** @param {string} name @param {...(string | undefined)} rest */
const row = (name, ...rest) => [name.padEnd(9), ...rest.filter(Boolean)].join(' ')

/** @param {string} why */
function refuse(why) {
  console.error(why)
  return usage
}

try {
  process.exitCode = await main(process.argv.slice(2))
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = error instanceof TypeError && 'code' in error ? usage : 1
}
