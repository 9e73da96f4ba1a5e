import { join } from 'node:path'
import { ownAddresses } from '../../../scripts/lib/services/addresses.mjs'
import { untilReady } from '../../../scripts/lib/services/bring-up.mjs'
import { nativeWay } from '../../../scripts/lib/services/native.mjs'
import { portBlock } from '../../../scripts/lib/services/port-block.mjs'
import { portsFrom } from '../../../scripts/lib/services/ports.mjs'
import { forgetState, readState, writeState } from '../../../scripts/lib/services/state.mjs'

/**
 * One node of a cluster. It is a set of servers of its own, with its own block of ports, so that the guard and the search
 * for free ports treat it as any other.
 *
 * @typedef {object} RabbitNode
 * @property {string} name
 * @property {string} set folder
 * @property {string} folder of the server
 * @property {string} url once it was started
 * @property {number} epmdPort of the name service of all, once it was started
 * @property {() => Promise<void>} start and wait until it works
 * @property {() => Promise<void>} kill resolves when it has ended
 * @property {() => Promise<void>} stop for good: it does not tidy up what is deleted next
 */

const silent = () => undefined

/**
 * @param {string} cluster folder of all nodes
 * @param {import('../../../scripts/lib/services/rabbitmq-native.mjs').ClusterNode} membership
 * @param {RabbitNode} [host] whose name service this one uses; absent: it has one of its own
 * @returns {RabbitNode}
 */
export function clusterNode(cluster, membership, host) {
  const { name } = membership
  const set = join(cluster, name)
  const folder = join(set, 'rabbitmq')
  let [url, epmdPort] = ['', 0]
  return {
    ...{ name, set, folder },
    get url() {
      return url
    },
    get epmdPort() {
      return epmdPort
    },
    async start() {
      const block = await portBlock(set, ['rabbitmq'], undefined, silent)
      try {
        const own = portsFrom(block.base)
        const ports = host === undefined ? own : { ...own, epmd: host.epmdPort }
        const running = [set, ...(host === undefined ? [] : [host.set])].flatMap(
          (place) => readState(join(place, 'rabbitmq'))?.processes ?? [],
        )
        const started = await nativeWay.start('rabbitmq', {
          ...{ set, folder, ports, bench: false, report: silent, cluster: membership },
          // A server of this name may be another node's.
          running: running.filter((process) => process.name === 'epmd'),
        })
        // Who has the name service ends it.
        const processes = started.processes.filter((process) => host === undefined || process.name !== 'epmd')
        const state = { way: nativeWay.name, portBase: block.base, bench: false, ...started, processes }
        writeState(folder, state)
        url = ownAddresses(ports, undefined).rabbitmq.url
        epmdPort = ports.epmd
        await untilReady('rabbitmq', folder, state, silent)
      } finally {
        block.free()
      }
    },
    async kill() {
      const state = readState(folder)
      if (state !== undefined) await nativeWay.kill('rabbitmq', state, 'SIGKILL', folder)
    },
    async stop() {
      const state = readState(folder)
      if (state === undefined) return
      await nativeWay.kill('rabbitmq', state, 'SIGKILL', folder)
      await nativeWay.stop('rabbitmq', state, folder)
      forgetState(folder)
    },
  }
}
