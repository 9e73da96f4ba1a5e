import { createServer } from 'node:net'
import { run } from '../run.mjs'

/**
 * Every set of servers has a block of ten ports of its own, none of them the default of any server.
 *
 * @typedef {object} Ports
 * @property {number} postgres
 * @property {number} kafka plain text, no login
 * @property {number} kafkaController
 * @property {number} kafkaSasl plain text, with login
 * @property {number} kafkaTls
 * @property {number} rabbitmq
 * @property {number} rabbitmqTls
 * @property {number} rabbitmqNode
 * @property {number} epmd the name service of RabbitMQ's node
 */

/** The first block, when no other is asked for. */
export const defaultPortBase = 19_090

const block = 10
const blocks = 30

/** @param {number} base @returns {Ports} */
export const portsFrom = (base) => ({
  postgres: base + 1,
  kafka: base + 2,
  kafkaController: base + 3,
  kafkaSasl: base + 4,
  kafkaTls: base + 5,
  rabbitmq: base + 6,
  rabbitmqTls: base + 7,
  rabbitmqNode: base + 8,
  epmd: base + 9,
})

/**
 * Those that one server listens on. RabbitMQ's name service is left out: it may outlive a kill of its server.
 *
 * @param {import('./names.mjs').ServiceName} name
 * @param {Ports} ports
 */
export function portsOf(name, ports) {
  const { kafka, kafkaController, kafkaSasl, kafkaTls, rabbitmq, rabbitmqTls, rabbitmqNode, postgres } = ports
  return {
    kafka: [kafka, kafkaController, kafkaSasl, kafkaTls],
    rabbitmq: [rabbitmq, rabbitmqTls, rabbitmqNode],
    postgres: [postgres],
  }[name]
}

/** Where a set may go, when nobody says where: one block after the other. */
export const candidateBases = () =>
  Array.from({ length: blocks }, (_, index) => defaultPortBase + index * block)

/**
 * What is in the way of servers that want some ports, as one sentence a port.
 *
 * @param {readonly number[]} ports
 */
export async function inTheWay(ports) {
  const free = await Promise.all(ports.map(isFree))
  const taken = ports.filter((_, index) => free[index] !== true)
  const listeners = taken.length === 0 ? '' : (await run('ss', ['-Hltnp'])).output
  return taken.map((port) => `Port ${port} is taken${by(port, listeners)}.`)
}

/**
 * @param {number} port
 * @returns {Promise<boolean>}
 */
const isFree = (port) =>
  new Promise((resolve) => {
    const server = createServer()
    server
      .once('error', () => resolve(false))
      .listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)))
  })

/**
 * Names the program that listens, where the machine tells.
 *
 * @param {number} port
 * @param {string} listeners one a line
 */
function by(port, listeners) {
  const line = listeners.split('\n').find((listener) => listener.includes(`:${port} `))
  const [, program, pid] = /\(\("([^"]+)",pid=(\d+)/.exec(line ?? '') ?? []
  return program === undefined ? '' : ` by ${program} (process ${pid})`
}
