import { createHash } from 'node:crypto'
import { converse } from './conversation.mjs'
import { scramLogin } from './scram.mjs'

/** What the server says after the greeting. */
const says = { accepted: 0, clearText: 3, md5: 5, scram: 10, scramChallenge: 11, scramDone: 12 }

/**
 * Logs in at a PostgreSQL and its database. Where the URL asks for encryption, it only asks whether the server
 * encrypts.
 *
 * @param {import('./addresses.mjs').PostgresAddress} address
 * @param {number} timeout milliseconds
 */
export async function probePostgres({ url }, timeout) {
  const { hostname, port, username, password, pathname, searchParams } = new URL(url)
  const [user = '', secret = '', database = ''] = [username, password, pathname.slice(1)].map(
    decodeURIComponent,
  )
  const encrypted = !['', 'disable', 'allow', 'prefer'].includes(searchParams.get('sslmode') ?? '')
  await converse({ host: hostname, port: Number(port) || 5432 }, timeout, async (conversation) => {
    if (encrypted) {
      await asksForEncryption(conversation)
      return
    }
    const greeting = ['user', user, 'database', database || user, '', ''].join('\0')
    conversation.send(framed(Buffer.concat([int32(3 << 16), Buffer.from(greeting)])))
    await logIn(conversation, user, secret)
    while ((await next(conversation)).kind !== 'Z') {
      // Settings of the session, until it is ready for a query.
    }
  })
}

/** @param {import('./conversation.mjs').Conversation} conversation */
async function asksForEncryption(conversation) {
  conversation.send(framed(int32(80_877_103)))
  if (String(await conversation.read(1)) !== 'S') {
    throw new Error('the server does not encrypt')
  }
}

/**
 * @param {import('./conversation.mjs').Conversation} conversation
 * @param {string} user
 * @param {string} password
 */
async function logIn(conversation, user, password) {
  const answer = (/** @type {Buffer | string} */ body) =>
    conversation.send(Buffer.concat([Buffer.from('p'), framed(Buffer.from(body))]))
  const scram = scramLogin(password)
  for (;;) {
    const { kind, body } = await next(conversation)
    const said = kind === 'R' ? body.readInt32BE(0) : -1
    const rest = body.subarray(4)
    if (said === says.accepted) {
      return
    }
    if (said === says.clearText) {
      answer(`${password}\0`)
    } else if (said === says.md5) {
      answer(`md5${md5(Buffer.concat([Buffer.from(md5(`${password}${user}`)), rest]))}\0`)
    } else if (said === says.scram) {
      answer(Buffer.concat([Buffer.from('SCRAM-SHA-256\0'), framed(Buffer.from(scram.first), 0)]))
    } else if (said === says.scramChallenge) {
      answer(scram.last(rest.toString()))
    } else if (said !== says.scramDone) {
      throw new Error(`PostgreSQL asks for a way to log in that is not known here (${kind} ${said})`)
    }
  }
}

/**
 * @param {import('./conversation.mjs').Conversation} conversation
 * @returns {Promise<{ kind: string, body: Buffer }>}
 */
async function next(conversation) {
  const header = await conversation.read(5)
  const kind = String(header.subarray(0, 1))
  if (!/^[A-Z]$/i.test(kind)) {
    throw new Error('what answers is not PostgreSQL')
  }
  const body = await conversation.read(header.readInt32BE(1) - 4)
  if (kind === 'E') {
    const message = String(body)
      .split('\0')
      .find((field) => field.startsWith('M'))
    throw new Error(`PostgreSQL says: ${message?.slice(1)}`)
  }
  return { kind, body }
}

/** With its length before it, which counts itself unless `own` is 0. @param {Buffer} body */
const framed = (body, own = 4) => Buffer.concat([int32(body.length + own), body])

/** @param {number} value */
function int32(value) {
  const bytes = Buffer.alloc(4)
  bytes.writeInt32BE(value)
  return bytes
}

/** @param {Buffer | string} bytes */
const md5 = (bytes) => createHash('md5').update(bytes).digest('hex')
