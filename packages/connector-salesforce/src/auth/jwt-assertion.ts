import { createPrivateKey, type KeyObject, sign } from 'node:crypto'

export interface Claims {
  readonly iss: string
  readonly sub: string
  readonly aud: string
  /** Epoch seconds. */
  readonly exp: number
}

const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** RFC 7515, RS256. */
export function signedAssertion(claims: Claims, key: KeyObject): string {
  const text = `${encoded({ alg: 'RS256', typ: 'JWT' })}.${encoded(claims)}`
  return `${text}.${sign('RSA-SHA256', Buffer.from(text), key).toString('base64url')}`
}

/** The key in a PEM; undefined when it is none, or none for RSA. */
export function rsaKeyOf(pem: string): KeyObject | undefined {
  try {
    const key = createPrivateKey(pem)
    return key.asymmetricKeyType === 'rsa' ? key : undefined
  } catch {
    return undefined
  }
}
