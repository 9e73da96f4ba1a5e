import { converse } from './conversation.mjs'

const apiVersions = 18
const metadata = 3

/**
 * Asks a Kafka broker which brokers are at work: none while it starts.
 *
 * @param {import('./addresses.mjs').KafkaAddress} address
 * @param {number} timeout milliseconds
 */
export async function probeKafka({ brokers: [broker = ''] }, timeout) {
  const colon = broker.lastIndexOf(':')
  await converse(
    { host: broker.slice(0, colon), port: Number(broker.slice(colon + 1)) },
    timeout,
    async (conversation) => {
      const versions = await ask(conversation, apiVersions, 0, Buffer.alloc(0))
      if (versions.readInt16BE(0) !== 0) {
        throw new Error(`Kafka answers with error ${versions.readInt16BE(0)}`)
      }
      // Of no topic; the answer begins with a pause to keep and the number of brokers.
      const cluster = await ask(conversation, metadata, 5, Buffer.from([0, 0, 0, 0, 0]))
      if (cluster.readInt32BE(4) === 0) {
        throw new Error('no broker is at work yet')
      }
    },
  )
}

/**
 * @param {import('./conversation.mjs').Conversation} conversation
 * @param {number} api
 * @param {number} version
 * @param {Buffer} body
 * @returns {Promise<Buffer>} the answer behind its header
 */
async function ask(conversation, api, version, body) {
  const header = Buffer.alloc(14)
  header.writeInt32BE(10 + body.length, 0)
  header.writeInt16BE(api, 4)
  header.writeInt16BE(version, 6)
  header.writeInt32BE(api, 8)
  // No name of the client.
  header.writeInt16BE(-1, 12)
  conversation.send(Buffer.concat([header, body]))
  const length = (await conversation.read(4)).readInt32BE(0)
  const answer = await conversation.read(length)
  if (length < 4 || answer.readInt32BE(0) !== api) {
    throw new Error('what answers is not Kafka')
  }
  return answer.subarray(4)
}
