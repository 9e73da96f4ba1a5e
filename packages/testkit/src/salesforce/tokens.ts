import { createPublicKey, randomBytes, verify } from 'node:crypto'
import { headerOf, jsonAnswer, type SimulatorAnswer, type SimulatorRequest } from '../simulator/exchange.js'
import type { CheckedSalesforceOptions } from './options.js'

export interface TokenServer {
  /** `POST /services/oauth2/token` */
  token(request: SimulatorRequest): SimulatorAnswer
  admits(token: string): boolean
  /** All access tokens end. */
  expireAll(): void
  /** While on, no access token holds, though new ones are given out. */
  refuse(on: boolean): void
  readonly issued: Readonly<Record<'jwt' | 'clientCredentials' | 'refresh', number>>
}

export interface TokenParts {
  readonly options: CheckedSalesforceOptions
  readonly instanceUrl: () => string
  /** `https://login.salesforce.com` stands for any org in an assertion. */
  readonly identity: string
}

const denied = (error: string, description: string): SimulatorAnswer =>
  jsonAnswer(400, { error, error_description: description })

function jsonOf(part: string | undefined): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(Buffer.from(part ?? '', 'base64url').toString('utf8'))
    return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {}
  } catch {
    return {}
  }
}

/** OAuth 2.0 as a connected app has it: tokens say nothing of their end. */
export function tokenServer({ options, instanceUrl, identity }: TokenParts): TokenServer {
  const { clientId, clientSecret, username, publicKey, clock } = options
  const key = publicKey === undefined ? undefined : createPublicKey(publicKey)
  const tokens = new Set<string>()
  const issued = { jwt: 0, clientCredentials: 0, refresh: 0 }
  let refreshToken = options.refreshToken
  let refusing = false

  const grant = (by: keyof typeof issued, more: Readonly<Record<string, string>> = {}): SimulatorAnswer => {
    const accessToken = `${identity.split('/').at(-2) ?? ''}!${randomBytes(48).toString('base64url')}`
    tokens.add(accessToken)
    issued[by] += 1
    return jsonAnswer(200, {
      access_token: accessToken,
      instance_url: instanceUrl(),
      id: `${instanceUrl()}${identity}`,
      token_type: 'Bearer',
      scope: 'api refresh_token',
      ...more,
    })
  }

  const byAssertion = (assertion: string): SimulatorAnswer => {
    const [head, claims, signature, ...rest] = assertion.split('.')
    if (key === undefined || jsonOf(head).alg !== 'RS256' || rest.length > 0 || signature === undefined) {
      return denied('invalid_grant', 'invalid assertion')
    }
    const signed = Buffer.from(`${head}.${claims}`)
    if (!verify('RSA-SHA256', signed, key, Buffer.from(signature, 'base64url'))) {
      return denied('invalid_grant', 'invalid assertion')
    }
    const { iss, sub, aud, exp } = jsonOf(claims)
    if (iss !== clientId) return denied('invalid_client_id', 'client identifier invalid')
    if (sub !== username) return denied('invalid_grant', "user hasn't approved this consumer")
    const audiences = [instanceUrl(), 'https://login.salesforce.com', 'https://test.salesforce.com']
    if (!audiences.includes(String(aud))) return denied('invalid_grant', 'audience is invalid')
    const now = clock.now() / 1000
    if (typeof exp !== 'number' || exp <= now) return denied('invalid_grant', 'assertion has expired')
    return grant('jwt')
  }

  return {
    token(request) {
      if (request.method !== 'POST') return denied('invalid_request', 'must use HTTP POST')
      if (headerOf(request, 'content-type')?.startsWith('application/x-www-form-urlencoded') !== true) {
        return denied('invalid_request', 'the content type must be application/x-www-form-urlencoded')
      }
      const form = new URLSearchParams(request.text)
      const rightClient = form.get('client_id') === clientId
      const rightSecret = form.get('client_secret') === clientSecret
      switch (form.get('grant_type')) {
        case 'urn:ietf:params:oauth:grant-type:jwt-bearer':
          return byAssertion(form.get('assertion') ?? '')
        case 'client_credentials':
          return rightClient && rightSecret
            ? grant('clientCredentials')
            : denied('invalid_client', 'invalid client credentials')
        case 'refresh_token': {
          // The secret may be missing, as the connected app's policy has it; a wrong one is wrong.
          if (!rightClient || (form.has('client_secret') && !rightSecret)) {
            return denied('invalid_client', 'invalid client credentials')
          }
          if (form.get('refresh_token') !== refreshToken) {
            return denied('invalid_grant', 'expired access/refresh token')
          }
          refreshToken = `refresh-${randomBytes(24).toString('base64url')}`
          return grant('refresh', { refresh_token: refreshToken })
        }
        default:
          return denied('unsupported_grant_type', 'grant type not supported')
      }
    },
    admits: (token) => !refusing && tokens.has(token),
    expireAll: () => tokens.clear(),
    refuse(on) {
      refusing = on
    },
    issued,
  }
}
