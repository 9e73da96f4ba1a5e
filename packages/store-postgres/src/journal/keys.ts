import { hash } from 'node:crypto'

const keyBytes = 16

/**
 * By what a message is known again: 128 bits of a SHA-256 over tenant, channel and the platform's own id. Among 10^12
 * messages two different ones meet with a probability of 10^-15.
 *
 * @param copies the scope of copies: each scope knows its own messages alone
 */
export function messageKey(tenant: string, channel: string, messageId: string, copies = ''): Buffer {
  // The lengths in front keep ("a", "b:c") and ("a:b", "c") apart.
  const text = `${copies.length}:${copies}${tenant.length}:${tenant}${channel.length}:${channel}${messageId}`
  return digestOf(text)
}

/** The same of a name that is looked up whole, and may be long. */
export const nameKey = (name: string): Buffer => digestOf(name)

/** Texts with different halves of characters in them are different, although UTF-8 cannot tell them apart. */
const digestOf = (text: string): Buffer =>
  hash('sha256', text.isWellFormed() ? text : JSON.stringify(text), 'buffer').subarray(0, keyBytes)

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const isUuid = (text: string): boolean => uuidPattern.test(text)

/** Feedback ids were checked where they came in. */
export const uuidBytes = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex')
