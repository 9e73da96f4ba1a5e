import { randomBytes } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { mustRun } from '../../../scripts/lib/run.mjs'
import { stopWhenThisProcessEnds } from '../../../scripts/lib/services/guard.mjs'
import { nodeName } from '../../../scripts/lib/services/rabbitmq-native.mjs'
import { clusterNode } from './node.mjs'

/**
 * Real RabbitMQs that are one cluster. They are this process' own: in a temporary folder, on ports of their own, on this
 * machine's own address.
 *
 * @typedef {object} RabbitCluster
 * @property {readonly string[]} urls of the nodes, in their order
 * @property {(node: number) => Promise<void>} kill with SIGKILL, from 0 on; resolves when it has ended
 * @property {(node: number) => Promise<void>} start one that was killed, on its data; resolves when clients can work with it
 * @property {() => Promise<void>} close stops what was started, and deletes its data
 */

/** Debian's wrapper of it insists on a user of its own. */
const control = '/usr/lib/rabbitmq/bin/rabbitmqctl'

/**
 * Starts the nodes and waits until they are one cluster. They end with this process, however it ends.
 *
 * @param {number} [size] how many nodes
 * @returns {Promise<RabbitCluster>}
 */
export async function startRabbitCluster(size = 3) {
  const folder = mkdtempSync(join(tmpdir(), 'andon-cluster-'))
  const secret = randomBytes(16).toString('hex')
  // It looks for nobody, and begins the cluster: nodes that look for each other at the same moment may all miss.
  const first = clusterNode(folder, { name: 'n1', members: ['n1'], secret })
  const rest = Array.from({ length: size - 1 }, (_, index) => `n${index + 2}`).map((name) =>
    clusterNode(folder, { name, members: ['n1', name], secret }, first),
  )
  const nodes = [first, ...rest]
  const unguard = nodes.map((node) => stopWhenThisProcessEnds(node.set, ['rabbitmq']))
  const close = async () => {
    await Promise.all(nodes.map((node) => node.stop()))
    for (const stop of unguard) stop()
    rmSync(folder, { recursive: true, force: true })
  }
  const nodeOf = (/** @type {number} */ index) => {
    const node = nodes[index]
    if (node === undefined) throw new RangeError(`there is no node ${index} among ${size}`)
    return node
  }
  try {
    await first.start()
    await Promise.all(rest.map((node) => node.start()))
    await areOne(nodes)
  } catch (error) {
    await close()
    throw error
  }
  return {
    urls: nodes.map(({ url }) => url),
    kill: (node) => nodeOf(node).kill(),
    start: (node) => nodeOf(node).start(),
    close,
  }
}

/**
 * Asks a node who belongs to it.
 *
 * @param {readonly import('./node.mjs').RabbitNode[]} nodes
 */
async function areOne([first, ...rest]) {
  if (first === undefined) return
  const args = ['-n', nodeName(first.name), '-q', 'cluster_status', '--formatter', 'json']
  const env = { HOME: first.folder, ERL_EPMD_PORT: String(first.epmdPort) }
  const { running_nodes: running } = JSON.parse(await mustRun(control, args, { env }))
  const missing = rest.filter(({ name }) => !running.includes(nodeName(name)))
  if (missing.length > 0) {
    throw new Error(`not in the cluster of ${first.name}: ${missing.map(({ name }) => name).join(', ')}`)
  }
}
