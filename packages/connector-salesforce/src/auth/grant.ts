import type { Clock, Redactor } from '@andon/core/connector'
import { refused, type Speaker } from '../failures.js'
import type { SalesforceAuth } from './auth-options.js'
import { rsaKeyOf, signedAssertion } from './jwt-assertion.js'
import { tell } from './secret.js'

/** So long an assertion is good (s); Salesforce takes at most three minutes. */
const assertionSeconds = 180

/** Makes the form of each token request; keeps the refresh token where the org rotates it. */
export class Grant {
  readonly #auth: SalesforceAuth
  readonly #speaker: Speaker
  readonly #redactor: Redactor
  #rotated: string | undefined

  constructor(auth: SalesforceAuth, speaker: Speaker, redactor: Redactor) {
    this.#auth = auth
    this.#speaker = speaker
    this.#redactor = redactor
  }

  async form(clock: Clock): Promise<URLSearchParams> {
    const auth = this.#auth
    switch (auth.kind) {
      case 'jwt':
        return this.#assertion(auth, clock)
      case 'client-credentials':
        return new URLSearchParams({
          grant_type: 'client_credentials',
          client_id: auth.clientId,
          client_secret: await this.#tell(auth.clientSecret),
        })
      case 'refresh-token': {
        const form = new URLSearchParams({
          grant_type: 'refresh_token',
          client_id: auth.clientId,
          refresh_token: this.#rotated ?? (await this.#tell(auth.refreshToken)),
        })
        if (auth.clientSecret !== undefined) form.set('client_secret', await this.#tell(auth.clientSecret))
        return form
      }
    }
  }

  /** The org gave another refresh token: the one before is worth nothing any more. */
  async rotated(refreshToken: string): Promise<void> {
    this.#redactor.keep(refreshToken, 'credential')
    const auth = this.#auth
    if (auth.kind !== 'refresh-token' || refreshToken === this.#rotated) return
    this.#rotated = refreshToken
    try {
      await auth.onRotated?.(refreshToken)
    } catch (error) {
      const kind = error instanceof Error ? error.name : typeof error
      throw refused(
        this.#speaker,
        {
          en: 'the new refresh token could not be kept: auth.onRotated failed',
          zh: '新的刷新令牌未能保存：auth.onRotated 失败',
        },
        new Error(`onRotated threw ${kind}`),
      )
    }
  }

  async #assertion(auth: SalesforceAuth & { kind: 'jwt' }, clock: Clock): Promise<URLSearchParams> {
    const key = rsaKeyOf(await this.#tell(auth.privateKey))
    if (key === undefined) {
      throw refused(
        this.#speaker,
        { en: 'auth.privateKey is no RSA key in PEM', zh: 'auth.privateKey 不是 PEM 格式的 RSA 私钥' },
        new TypeError('not an RSA key'),
      )
    }
    const assertion = signedAssertion(
      {
        iss: auth.clientId,
        sub: auth.username,
        aud: auth.audience ?? 'https://login.salesforce.com',
        exp: Math.floor(clock.now() / 1000) + assertionSeconds,
      },
      key,
    )
    this.#redactor.keep(assertion, 'token')
    return new URLSearchParams({ grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer', assertion })
  }

  #tell(secret: Parameters<typeof tell>[0]): Promise<string> {
    return tell(secret, this.#speaker, this.#redactor)
  }
}
