import { converse } from './conversation.mjs'

/** Class and method of AMQP 0-9-1's connection. */
const start = '10.10'
const startOk = [10, 11]
const tune = '10.30'
const tuneOk = [10, 31]
const open = [10, 40]
const openOk = '10.41'
const close = '10.50'

/**
 * Logs in at a RabbitMQ and opens the virtual host.
 *
 * @param {import('./addresses.mjs').RabbitmqAddress} address
 * @param {number} timeout milliseconds
 */
export async function probeRabbitmq({ url }, timeout) {
  const { protocol, hostname, port, username, password, pathname } = new URL(url)
  const tls = protocol === 'amqps:'
  const place = { host: hostname, port: Number(port) || (tls ? 5671 : 5672), tls }
  const account = [username || 'guest', password || 'guest'].map(decodeURIComponent)
  await converse(place, timeout, async (conversation) => {
    conversation.send('AMQP\0\0\x09\x01')
    await expect(conversation, start)
    const answer = long(`\0${account.join('\0')}`)
    send(conversation, startOk, [long(tellsRefusals), short('PLAIN'), answer, short('en_US')])
    // Channels, size of frames and heartbeat as the server proposes them.
    send(conversation, tuneOk, [await expect(conversation, tune)])
    send(conversation, open, [short(decodeURIComponent(pathname.slice(1)) || '/'), Buffer.alloc(2)])
    await expect(conversation, openOk)
  })
}

/**
 * @param {import('./conversation.mjs').Conversation} conversation
 * @param {string} method
 * @returns {Promise<Buffer>} the method's arguments
 */
async function expect(conversation, method) {
  const header = await conversation.read(7)
  if (header[0] !== 1) {
    throw new Error('what answers is not RabbitMQ')
  }
  const frame = await conversation.read(header.readUInt32BE(3) + 1)
  const got = `${frame.readUInt16BE(0)}.${frame.readUInt16BE(2)}`
  const rest = frame.subarray(4, -1)
  if (got === close) {
    throw new Error(`RabbitMQ says: ${rest.subarray(3, 3 + (rest[2] ?? 0))}`)
  }
  if (got !== method) {
    throw new Error(`RabbitMQ answers with method ${got} instead of ${method}`)
  }
  return rest
}

/**
 * @param {import('./conversation.mjs').Conversation} conversation
 * @param {readonly number[]} method
 * @param {readonly Buffer[]} parts
 */
function send(conversation, [group = 0, method = 0], parts) {
  const body = Buffer.concat([Buffer.from([0, group, 0, method]), ...parts])
  const header = Buffer.alloc(7)
  header[0] = 1
  header.writeUInt32BE(body.length, 3)
  conversation.send(Buffer.concat([header, body, Buffer.from([0xce])]))
}

/** @param {string} text */
function short(text) {
  const bytes = Buffer.from(text)
  return Buffer.concat([Buffer.from([bytes.length]), bytes])
}

/** @param {Buffer | string} value */
function long(value) {
  const bytes = Buffer.from(value)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

/** A client that says this is told of a wrong password; the connection of others is just closed. */
const tellsRefusals = Buffer.concat([
  short('capabilities'),
  Buffer.from('F'),
  long(Buffer.concat([short('authentication_failure_close'), Buffer.from('t\x01')])),
])
