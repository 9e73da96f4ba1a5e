import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { login } from './login.mjs'

/** The program behind Debian's wrapper, which would insist on its own user and log folder. */
const server = '/usr/lib/rabbitmq/bin/rabbitmq-server'

/**
 * A real RabbitMQ with its own node name and its own name service, so that none of the machine is touched.
 *
 * @type {import('./native.mjs').Native}
 */
export const rabbitmqNative = {
  name: 'rabbitmq',
  async commands({ folder, ports }) {
    const file = (/** @type {string} */ name, /** @type {string} */ text) => {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    }
    const data = join(folder, 'data')
    mkdirSync(data, { recursive: true })
    const network = {
      ERL_EPMD_PORT: String(ports.epmd),
      ERL_EPMD_ADDRESS: '127.0.0.1',
    }
    return [
      {
        name: 'epmd',
        command: 'epmd',
        args: ['-port', String(ports.epmd), '-address', '127.0.0.1'],
        cwd: folder,
        log: join(folder, 'epmd.log'),
      },
      {
        name: 'rabbitmq',
        command: server,
        args: [],
        cwd: folder,
        log: join(folder, 'rabbitmq.log'),
        env: {
          ...machineEnvironment(),
          ...network,
          // The node's secret is made there.
          HOME: folder,
          // The shell makes place for the server, so the process that is started is the server.
          detached: 'true',
          RABBITMQ_NODENAME: 'andon@localhost',
          RABBITMQ_DIST_PORT: String(ports.rabbitmqNode),
          RABBITMQ_CONF_ENV_FILE: file('rabbitmq-env.conf', ''),
          RABBITMQ_CONFIG_FILE: file('rabbitmq.conf', settings(ports)),
          RABBITMQ_ADVANCED_CONFIG_FILE: file('advanced.config', '[].\n'),
          RABBITMQ_ENABLED_PLUGINS_FILE: file('enabled_plugins', '[].\n'),
          RABBITMQ_GENERATED_CONFIG_DIR: join(folder, 'generated'),
          RABBITMQ_MNESIA_BASE: data,
          RABBITMQ_LOG_BASE: folder,
          RABBITMQ_LOGS: '-',
          RABBITMQ_PID_FILE: join(folder, 'rabbitmq.pid'),
          RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: '-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}',
        },
      },
    ]
  },
}

/** What is set for another RabbitMQ must not reach this one. */
const machineEnvironment = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(RABBITMQ|ERL)_/.test(name)))

/** @param {import('./ports.mjs').Ports} ports */
const settings = ({ rabbitmq }) => `listeners.tcp.default = 127.0.0.1:${rabbitmq}
default_user = ${login.user}
default_pass = ${login.password}
loopback_users = none
log.console = true
log.console.level = info
log.file = false
vm_memory_high_watermark.absolute = 512MiB
disk_free_limit.absolute = 50MB
raft.wal_max_size_bytes = 33554432
`

export const rabbitmqIsInstalled = () => existsSync(server)
