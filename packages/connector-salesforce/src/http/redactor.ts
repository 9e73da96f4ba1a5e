/** Takes the secrets that a connection has used out of every text that may be shown. */
export interface Redactor {
  /** From now on this is never shown, as it is, percent-encoded or in base64. */
  keep(secret: string): void
  /** The text without the secrets. */
  redact(text: string): string
}

/** A shorter one would tear holes into ordinary words. */
const shortest = 4
/** Tokens change every hour; the last ones are enough, for older ones open nothing. */
const most = 200

export function createRedactor(): Redactor {
  const secrets = new Set<string>()
  const forms = (secret: string): readonly string[] => [
    secret,
    encodeURIComponent(secret),
    Buffer.from(secret).toString('base64'),
  ]
  return {
    keep(secret) {
      if (secret.length < shortest) return
      for (const form of forms(secret)) {
        secrets.delete(form)
        secrets.add(form)
      }
      for (const oldest of secrets) {
        if (secrets.size <= most) break
        secrets.delete(oldest)
      }
    },
    redact(text) {
      let shown = text
      for (const secret of secrets) shown = shown.replaceAll(secret, '[secret]')
      return shown
    },
  }
}
