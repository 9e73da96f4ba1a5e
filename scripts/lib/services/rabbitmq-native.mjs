import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { login } from './names.mjs'

/** The program behind Debian's wrapper, which would insist on its own user and log folder. */
const server = '/usr/lib/rabbitmq/bin/rabbitmq-server'

/**
 * @typedef {object} ClusterNode a RabbitMQ that is one of several. They share one name service, whose port each is given.
 * @property {string} name its own, e.g. `n1`
 * @property {readonly string[]} members names, its own among them: when it starts for the first time it joins these
 * @property {string} secret by which they know each other
 */

/**
 * A real RabbitMQ with its own node name, name service and secret, so that none of the machine is touched.
 *
 * @type {import('./native.mjs').Native}
 */
export const rabbitmqNative = {
  missingPackages: async () => (existsSync(server) ? [] : ['rabbitmq-server']),
  async commands({ folder, ports, certificate, cluster }) {
    const file = (/** @type {string} */ name, /** @type {string} */ text) => {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    }
    mkdirSync(join(folder, 'data'), { recursive: true })
    if (cluster !== undefined) {
      shareSecret(join(folder, '.erlang.cookie'), cluster.secret)
    }
    const env = {
      ...withoutOtherRabbits(),
      // The node's secret is made there.
      HOME: folder,
      // The shell makes way for the server, so that the process that is started is the server.
      detached: 'true',
      ERL_EPMD_PORT: String(ports.epmd),
      ERL_EPMD_ADDRESS: '127.0.0.1',
      RABBITMQ_NODENAME: nodeName(cluster?.name ?? 'andon'),
      RABBITMQ_DIST_PORT: String(ports.rabbitmqNode),
      RABBITMQ_CONF_ENV_FILE: file('rabbitmq-env.conf', ''),
      RABBITMQ_CONFIG_FILE: file('rabbitmq.conf', settings(ports, certificate) + membership(cluster)),
      RABBITMQ_ADVANCED_CONFIG_FILE: file('advanced.config', '[].\n'),
      RABBITMQ_ENABLED_PLUGINS_FILE: file('enabled_plugins', '[].\n'),
      RABBITMQ_GENERATED_CONFIG_DIR: join(folder, 'generated'),
      RABBITMQ_MNESIA_BASE: join(folder, 'data'),
      RABBITMQ_LOG_BASE: folder,
      RABBITMQ_PID_FILE: join(folder, 'rabbitmq.pid'),
      RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: [
        '-start_epmd false -kernel inet_dist_use_interface {127,0,0,1}',
        // Several on one machine leave the processors to each other when they have nothing to do.
        ...(cluster === undefined ? [] : ['+sbwt none +sbwtdcpu none +sbwtdio none']),
      ].join(' '),
    }
    const names = ['-port', String(ports.epmd), '-address', '127.0.0.1']
    return [
      { name: 'epmd', command: 'epmd', args: names, cwd: folder },
      { name: 'rabbitmq', command: server, args: [], cwd: folder, env },
    ]
  },
  stopSignal: 'SIGTERM',
}

/** What a node is called from outside. @param {string} name */
export const nodeName = (name) => `${name}@localhost`

/** Erlang refuses one that others can read, and makes it read-only itself. @param {string} file @param {string} secret */
function shareSecret(file, secret) {
  rmSync(file, { force: true })
  writeFileSync(file, secret, { mode: 0o400 })
}

/** What is set for another RabbitMQ must not reach this one. */
const withoutOtherRabbits = () =>
  Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^(RABBITMQ|ERL)_/.test(name)))

/**
 * @param {import('./ports.mjs').Ports} ports
 * @param {import('./certificate.mjs').Certificate | undefined} certificate
 */
const settings = (ports, certificate) => `listeners.tcp.default = 127.0.0.1:${ports.rabbitmq}
default_user = ${login.user}
default_pass = ${login.password}
log.console = true
log.console.level = info
log.console.use_colors = off
log.file = false
vm_memory_high_watermark.absolute = 512MiB
disk_free_limit.absolute = 50MB
raft.wal_max_size_bytes = 33554432
${certificate === undefined ? '' : encryption(ports, certificate)}`

/**
 * @param {import('./ports.mjs').Ports} ports
 * @param {import('./certificate.mjs').Certificate} certificate
 */
const encryption = (ports, { certificate, key }) => `listeners.ssl.default = 127.0.0.1:${ports.rabbitmqTls}
ssl_options.cacertfile = ${certificate}
ssl_options.certfile = ${certificate}
ssl_options.keyfile = ${key}
ssl_options.verify = verify_none
`

/** @param {ClusterNode | undefined} cluster */
const membership = (cluster) =>
  cluster === undefined
    ? ''
    : [
        'cluster_formation.peer_discovery_backend = classic_config',
        ...cluster.members.map(
          (member, index) => `cluster_formation.classic_config.nodes.${index + 1} = ${nodeName(member)}`,
        ),
        '',
      ].join('\n')
