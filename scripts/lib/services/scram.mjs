import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto'

/**
 * The client's side of a login with SCRAM-SHA-256 (RFC 5802, RFC 7677), without channel binding.
 *
 * @param {string} password
 */
export function scramLogin(password) {
  const first = `n=,r=${randomBytes(18).toString('base64')}`
  return {
    /** The first message. */
    first: `n,,${first}`,
    /** The last message. @param {string} challenge what the server answered to the first */
    last(challenge) {
      const { r: nonce, s: salt = '', i: rounds } = fields(challenge)
      const salted = pbkdf2Sync(password, Buffer.from(salt, 'base64'), Number(rounds), 32, 'sha256')
      const key = hmac(salted, 'Client Key')
      const withoutProof = `c=biws,r=${nonce}`
      const stored = createHash('sha256').update(key).digest()
      const signature = hmac(stored, `${first},${challenge},${withoutProof}`)
      const proof = key.map((byte, index) => byte ^ (signature[index] ?? 0))
      return `${withoutProof},p=${Buffer.from(proof).toString('base64')}`
    },
  }
}

/** @param {Buffer} key @param {string} text */
const hmac = (key, text) => createHmac('sha256', key).update(text).digest()

/** @param {string} message @returns {Record<string, string | undefined>} */
const fields = (message) => Object.fromEntries(message.split(',').map((field) => [field[0], field.slice(2)]))
