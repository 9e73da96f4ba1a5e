import { randomBytes } from 'node:crypto'
import * as z from 'zod'
import { headerOf, jsonAnswer, type SimulatorAnswer, type SimulatorRequest } from './exchange.js'

/** Client credentials that the token endpoint takes. */
export const oauthSchema = z.strictObject({
  clientId: z.string().min(1),
  clientSecret: z.string().min(1),
  /** How long a token holds, s of the simulator's clock; default 43,200 (12 h), as a BTP service key's does. */
  expiresInSeconds: z.number().positive().default(43_200),
  scope: z.string().default('uaa.resource'),
})
export type OAuthSetup = z.input<typeof oauthSchema>

export interface OAuthServer {
  /** `POST` with `grant_type=client_credentials`; the client by Basic header or in the form. */
  token(request: SimulatorRequest): SimulatorAnswer
  /** Whether the request carries a bearer token that holds. */
  admits(request: SimulatorRequest): boolean
  /** All tokens end now; false where the request carries none that holds, and then nothing was done. */
  expireAll(request: SimulatorRequest): boolean
  /** How many tokens were given out. */
  readonly issued: number
}

const denied = (status: number, error: string, description: string): SimulatorAnswer =>
  jsonAnswer(status, { error, error_description: description })

/** Name and secret of an `Authorization: Basic` header. */
export function basicOf(request: SimulatorRequest): { user: string; password: string } | undefined {
  const [, encoded] = /^Basic ([\w+/=-]+)$/i.exec(headerOf(request, 'authorization') ?? '') ?? []
  if (encoded === undefined) return undefined
  const text = Buffer.from(encoded, 'base64').toString('utf8')
  const colon = text.indexOf(':')
  return colon < 0 ? undefined : { user: text.slice(0, colon), password: text.slice(colon + 1) }
}

/** Id and secret are form-encoded before they become a Basic header (RFC 6749, section 2.3.1). */
const formDecoded = (text: string): string | null => new URLSearchParams(`of=${text}`).get('of')

/** A token server (RFC 6749, section 4.4) whose tokens end by the simulator's clock. */
export function oauthServer(setup: z.output<typeof oauthSchema>): OAuthServer {
  /** Token → epoch ms of its end. */
  const tokens = new Map<string, number>()
  let issued = 0

  const admits = (request: SimulatorRequest): boolean => {
    const [, token = ''] = /^Bearer (\S+)$/i.exec(headerOf(request, 'authorization') ?? '') ?? []
    return (tokens.get(token) ?? 0) > request.at
  }

  return {
    token(request) {
      if (request.method !== 'POST') return denied(405, 'invalid_request', 'POST only')
      if (headerOf(request, 'content-type')?.startsWith('application/x-www-form-urlencoded') !== true) {
        return denied(415, 'invalid_request', 'the content type must be application/x-www-form-urlencoded')
      }
      const form = new URLSearchParams(request.text)
      const basic = basicOf(request)
      const client = basic === undefined ? form.get('client_id') : formDecoded(basic.user)
      const secret = basic === undefined ? form.get('client_secret') : formDecoded(basic.password)
      if (client !== setup.clientId || secret !== setup.clientSecret) {
        return denied(401, 'invalid_client', 'Bad credentials')
      }
      if (form.get('grant_type') !== 'client_credentials') {
        return denied(400, 'unsupported_grant_type', 'only client_credentials')
      }
      const token = randomBytes(24).toString('base64url')
      tokens.set(token, request.at + setup.expiresInSeconds * 1000)
      issued += 1
      return jsonAnswer(
        200,
        {
          access_token: token,
          token_type: 'bearer',
          expires_in: setup.expiresInSeconds,
          scope: setup.scope,
          jti: randomBytes(8).toString('hex'),
        },
        { 'cache-control': 'no-store' },
      )
    },
    admits,
    expireAll(request) {
      if (!admits(request)) return false
      tokens.clear()
      return true
    },
    get issued() {
      return issued
    },
  }
}
