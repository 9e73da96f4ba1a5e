import type { CheckedAuth, Secret } from './connection-options.js'
import { type Call, unlessAborted } from './deadline.js'
import type { Wire } from './exchange.js'
import { cancelled, unavailable } from './failures.js'
import { oauthToken } from './oauth-token.js'
import { createRedactor } from './redactor.js'

/** A header that lets a request in. */
export interface Credential {
  readonly header: string
  readonly value: string
  /** Epoch ms from when it is no longer used. */
  readonly until?: number
}

export interface Auth {
  /** The credential for the next request. `refused` is one that was not taken: another one is got where there can be one. */
  credential(call: Call, refused?: Credential): Promise<Credential | undefined>
  /** The text without anything in it that is secret. */
  redact(text: string): string
}

/** Asked once, again when it is over, and again when it was refused. Callers at the same time share one question. */
function remembered(
  name: string,
  get: (call: Call) => Promise<Credential>,
  canChange: boolean,
): Auth['credential'] {
  let known: Credential | undefined
  let asking: Promise<Credential> | undefined
  return (call, refused) => {
    const isOver = known?.until !== undefined && known.until <= call.clock.now()
    const isRefused = canChange && refused !== undefined && known?.value === refused.value
    if (known !== undefined && !isOver && !isRefused) return Promise.resolve(known)
    // Nobody's signal: who gives up leaves the others waiting for it.
    asking ??= get({ clock: call.clock, signal: new AbortController().signal })
      .then((fresh) => {
        known = fresh
        return fresh
      })
      .finally(() => {
        asking = undefined
      })
    return unlessAborted(asking, call.signal, () => cancelled(name))
  }
}

/** How requests get in: nothing, a secret in a header, or a token that is fetched. */
export function authOf(name: string, auth: CheckedAuth | undefined, wire: Wire): Auth {
  const { keep, redact } = createRedactor()
  const read = async (secret: Secret): Promise<string> => {
    try {
      const value = typeof secret === 'string' ? secret : await secret()
      keep(value, 'credential')
      return value
    } catch (error) {
      // Whatever a vault's client puts into its errors stays there.
      const kind = error instanceof Error ? error.name : typeof error
      throw unavailable(
        name,
        { en: 'the secret could not be read', zh: '无法读取密钥' },
        new Error(`the function that tells it threw ${kind}`),
      )
    }
  }
  const authorization = (value: string): Credential => ({ header: 'Authorization', value })
  const mayChange = (secret: Secret): boolean => typeof secret === 'function'

  const credentialOf = (): Auth['credential'] => {
    switch (auth?.kind) {
      case undefined:
        return () => Promise.resolve(undefined)
      case 'bearer': {
        const { token } = auth
        return remembered(name, async () => authorization(`Bearer ${await read(token)}`), mayChange(token))
      }
      case 'basic': {
        const { username, password } = auth
        const get = async (): Promise<Credential> => {
          const pair = Buffer.from(`${username}:${await read(password)}`).toString('base64')
          keep(pair, 'credential')
          return authorization(`Basic ${pair}`)
        }
        return remembered(name, get, mayChange(password))
      }
      case 'api-key': {
        const { header, key } = auth
        return remembered(name, async () => ({ header, value: await read(key) }), mayChange(key))
      }
      case 'oauth2': {
        const get = async (call: Call): Promise<Credential> => {
          const clientSecret = await read(auth.clientSecret)
          const { token, until } = await oauthToken(
            name,
            { ...auth, clientSecret },
            { wire, keep, redact },
            call,
          )
          keep(token, 'token')
          return { ...authorization(`Bearer ${token}`), until }
        }
        return remembered(name, get, true)
      }
    }
  }
  return {
    credential: credentialOf(),
    redact,
  }
}
