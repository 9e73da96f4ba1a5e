import { createHash } from 'node:crypto'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { mustRun, run } from '../run.mjs'
import { login } from './names.mjs'
import { portsFrom } from './ports.mjs'
import { Unavailable } from './unavailable.mjs'

const file = fileURLToPath(new URL('compose.yaml', import.meta.url))

/** Is there a Docker with Compose, and does its engine answer? */
export async function composeAnswers() {
  const { code } = await run('docker', ['compose', 'version'], { timeout: 10_000 })
  return code === 0 && (await run('docker', ['info'], { timeout: 10_000 })).code === 0
}

/**
 * Servers in containers. Their data stays in the containers' volumes.
 *
 * @type {import('./way.mjs').Way}
 */
export const compose = {
  name: 'compose',

  async install(names, folderOf, report) {
    return names.map((name) => pull(name, dirname(folderOf(name)), report))
  },

  async start(name, { set, ports, bench }) {
    const { args, env } = command(set, ports.postgres - 1, bench)
    await mustRun('docker', [...args, 'up', '--detach', name], { env })
    return { processes: [] }
  },

  async afterReady(name, state, folder) {
    // Kafka takes one mechanism of a user at a time.
    for (const mechanism of name === 'kafka' ? ['SCRAM-SHA-256', 'SCRAM-SHA-512'] : []) {
      await docker(state, folder, [
        ...['exec', '-T', name, '/opt/kafka/bin/kafka-configs.sh'],
        ...['--bootstrap-server', `localhost:${portsFrom(state.portBase).kafka}`, '--alter'],
        ...['--entity-type', 'users', '--entity-name', login.user],
        ...['--add-config', `${mechanism}=[password=${login.password}]`],
      ])
    }
  },

  async isRunning(name, state, folder) {
    const running = await docker(state, folder, ['ps', '--services', '--status', 'running'])
    return running.split('\n').some((line) => line.trim() === name)
  },

  async kill(name, state, signal, folder) {
    await docker(state, folder, ['kill', '--signal', signal, name])
  },

  async stop(name, state, folder) {
    await docker(state, folder, ['stop', name])
  },

  async purge(name, state, folder) {
    await docker(state, folder, ['rm', '--force', '--stop', '--volumes', name])
  },

  async lastWords(name, folder) {
    const { args, env } = command(dirname(folder), 0, false)
    return (await run('docker', [...args, 'logs', '--tail', '20', name], { env })).output
  },
}

/**
 * @param {import('./names.mjs').ServiceName} name
 * @param {string} set folder
 * @param {(line: string) => void} report
 */
async function pull(name, set, report) {
  report(`${name}: fetching the image unless it is there …`)
  const { args, env } = command(set, 0, false)
  const { code, output } = await run('docker', [...args, 'pull', '--quiet', '--policy', 'missing', name], {
    env,
  })
  if (code !== 0) {
    throw new Unavailable(`Docker has no image for ${name}:\n${output.trimEnd()}`)
  }
}

/**
 * @param {import('./state.mjs').State} state
 * @param {string} folder of the server
 * @param {readonly string[]} what
 */
function docker({ portBase, bench }, folder, what) {
  const { args, env } = command(dirname(folder), portBase, bench)
  return mustRun('docker', [...args, ...what], { env })
}

/**
 * Every set of servers is a project of its own.
 *
 * @param {string} set folder
 * @param {number} portBase
 * @param {boolean} bench
 */
function command(set, portBase, bench) {
  const ports = portsFrom(portBase)
  const project = `andon-${createHash('sha256').update(set).digest('hex').slice(0, 8)}`
  return {
    args: ['compose', '--project-name', project, '--file', file],
    env: {
      KAFKA_PORT: String(ports.kafka),
      KAFKA_SASL_PORT: String(ports.kafkaSasl),
      KAFKA_HEAP: bench ? '-Xms512m -Xmx512m' : '-Xms256m -Xmx256m',
      RABBITMQ_PORT: String(ports.rabbitmq),
      POSTGRES_PORT: String(ports.postgres),
      LOGIN_USER: login.user,
      LOGIN_PASSWORD: login.password,
      LOGIN_DATABASE: login.database,
    },
  }
}
