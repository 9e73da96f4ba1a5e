import { hash } from 'node:crypto'

/**
 * A UUIDv7 (RFC 9562) that is a function of the message: 48 bits of the receiving instant, the rest from
 * SHA-256 of tenant, channel and the platform's own id. The same message has the same id on every run.
 *
 * @param receivedAt milliseconds since the Unix epoch, 0 to 2^48 − 1
 */
export function feedbackIdOf(
  receivedAt: number,
  tenant: string,
  channel: string,
  sourceMessageId: string,
): string {
  // The length in front keeps ("a", "b:c") and ("a:b", "c") apart.
  const digest = hash('sha256', `${tenant.length}:${tenant}:${channel}:${sourceMessageId}`)
  const time = Math.trunc(receivedAt).toString(16).padStart(12, '0')
  const variant = '89ab'[Number.parseInt(digest.charAt(3), 16) & 3]
  return `${time.slice(0, 8)}-${time.slice(8)}-7${digest.slice(0, 3)}-${variant}${digest.slice(4, 7)}-${digest.slice(7, 19)}`
}
