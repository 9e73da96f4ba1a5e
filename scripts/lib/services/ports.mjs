/**
 * Every set of servers has a block of ten ports of its own, none of them the default of any server.
 *
 * @typedef {object} Ports
 * @property {number} guard held by a set while it starts, so that two never take the same block
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

/** @param {number} base @returns {Ports} */
export const portsFrom = (base) => ({
  guard: base,
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
