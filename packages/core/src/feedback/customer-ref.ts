import { hash } from 'node:crypto'

/**
 * A pseudonym for a customer: `c_` and 22 base64url characters (132 bits) of
 * SHA-256 over key, tenant and identifier, each with its length. Without the key nobody can go back to the person or try
 * phone numbers one by one; with the tenant inside, two tenants' pseudonyms never match.
 *
 * Spellings of one e-mail address or phone number give one pseudonym.
 */
export function customerRefOf(key: string, tenant: string, identifier: string): string {
  // A cut digest cannot be extended, which is all that an HMAC would guard against here, at three times the cost.
  const digest = hash(
    'sha256',
    `${key.length}:${key}:${tenant.length}:${tenant}:${sameSpelling(identifier)}`,
    'base64url',
  )
  return `c_${digest.slice(0, 22)}`
}

function sameSpelling(identifier: string): string {
  const text = identifier.trim()
  if (text.includes('@')) return text.toLowerCase()
  if (text.length <= 32 && /^\+?[\d\s().-]{7,}$/.test(text)) {
    const digits = text.replace(/\D/g, '')
    // Mainland China: with or without the country's 86 it is the same telephone.
    return digits.length === 13 && digits.startsWith('86') ? digits.slice(2) : digits
  }
  return text
}
