/**
 * What a secret is for: a `credential` is what the options tell (password, key, client secret), a `token` what it was
 * exchanged for, and a `session` what the system hands out beside (CSRF tokens, cookies).
 */
export type SecretUse = 'credential' | 'token' | 'session'

/** Takes the secrets that a target has used out of every text that may be shown. */
export interface Redactor {
  /** From now on this is never shown: as it is, percent-encoded, as a form has it, as JSON has it, or in base64. */
  keep(secret: string, use: SecretUse): void
  /** The text without the secrets. Redact first and shorten then: half a secret is not found. */
  redact(text: string): string
}

/** A shorter one would tear holes into ordinary words. */
const shortest = 4
/**
 * So many of each use are kept. What is used has been kept last, and older ones open nothing: but only of their own
 * use, for a password outlives any number of sessions.
 */
const most = 100

const formsOf = (secret: string): readonly string[] => [
  secret,
  encodeURIComponent(secret.toWellFormed()),
  // A form encodes more characters than a path does.
  new URLSearchParams({ s: secret }).toString().slice(2),
  JSON.stringify(secret).slice(1, -1),
  Buffer.from(secret).toString('base64'),
]

export function createRedactor(): Redactor {
  const kept: Readonly<Record<SecretUse, Set<string>>> = {
    credential: new Set(),
    token: new Set(),
    session: new Set(),
  }
  /** Of all that is kept; made when a text is shown, for secrets come far more often than errors. */
  let known: readonly string[] | undefined

  const forms = (): readonly string[] => {
    const secrets = Object.values(kept).flatMap((ofUse) => [...ofUse])
    // The longest first: one that has another in it would be left in part.
    return [...new Set(secrets.flatMap(formsOf))].sort((one, other) => other.length - one.length)
  }

  return {
    keep(secret, use) {
      if (secret.length < shortest) return
      const secrets = kept[use]
      if (!secrets.delete(secret)) known = undefined
      secrets.add(secret)
      for (const oldest of secrets) {
        if (secrets.size <= most) break
        secrets.delete(oldest)
      }
    },
    redact(text) {
      known ??= forms()
      return known.reduce((shown, form) => shown.replaceAll(form, '[secret]'), text)
    },
  }
}
