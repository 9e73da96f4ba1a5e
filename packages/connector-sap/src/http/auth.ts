import type { Clock } from '@andon/core/connector'
import * as z from 'zod'
import { refused, unavailable } from './failures.js'
import type { Redactor } from './redactor.js'
import { sapError } from './sap-error.js'
import type { SapCall, SapContext, SapReply } from './sap-http.js'
import { sharedWork } from './shared-work.js'

/** A secret, or who is asked for it: again after the system has turned the last one away, so that it may change. */
export type Secret = string | (() => string | Promise<string>)

/** How the system knows us. */
export type SapAuth =
  | { readonly kind: 'basic'; readonly username: string; readonly password: Secret }
  /** Client credentials, as the key of a BTP service has them: `tokenUrl` is its `url` and `/oauth/token`. */
  | {
      readonly kind: 'oauth2'
      readonly tokenUrl: string
      readonly clientId: string
      readonly clientSecret: Secret
      readonly scope?: string | undefined
    }
  /** The public sandbox of the SAP Business Accelerator Hub. */
  | { readonly kind: 'api-key'; readonly key: Secret; readonly header?: string | undefined }
  /** A client certificate in `tls` is enough. */
  | { readonly kind: 'certificate' }

const secret = z.union([
  z.string().min(1),
  z.custom<() => string | Promise<string>>(
    (value) => typeof value === 'function',
    'must be a text or a function',
  ),
])

const isHttp = (text: string): boolean => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return url !== undefined && /^https?:$/.test(url.protocol) && url.username === '' && url.password === ''
}

/** An address without secrets in it. */
export const httpAddress = z.string().refine(isHttp, 'must be an http(s) address without a user name')

export const authSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('basic'),
    // A colon would end the name: RFC 7617.
    username: z
      .string()
      .min(1)
      .regex(/^[^:]*$/, 'must have no colon'),
    password: secret,
  }),
  z.strictObject({
    kind: z.literal('oauth2'),
    tokenUrl: httpAddress,
    clientId: z.string().min(1),
    clientSecret: secret,
    scope: z.string().min(1).optional(),
  }),
  z.strictObject({
    kind: z.literal('api-key'),
    key: secret,
    header: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9-]*$/, 'must be the name of a header')
      .optional(),
  }),
  z.strictObject({ kind: z.literal('certificate') }),
])

export interface Authenticator {
  /** What goes along with a call. */
  headers(context: SapContext): Promise<Readonly<Record<string, string>>>
  /** After a 401 of a call with these headers: true when there are others to try now. */
  renew(sent: Readonly<Record<string, string>>, context: SapContext): Promise<boolean>
}

interface Means {
  readonly name: string
  readonly redactor: Redactor
  readonly exchange: (call: SapCall, context: SapContext) => Promise<SapReply>
}

export function authenticator(auth: SapAuth, means: Means): Authenticator {
  switch (auth.kind) {
    case 'basic':
      return fixed(auth.password, means, (password) => {
        const pair = Buffer.from(`${auth.username}:${password}`).toString('base64')
        means.redactor.keep(pair, 'credential')
        return { authorization: `Basic ${pair}` }
      })
    case 'api-key':
      return fixed(auth.key, means, (key) => ({ [(auth.header ?? 'apikey').toLowerCase()]: key }))
    case 'oauth2':
      return bearer(auth, means)
    case 'certificate':
      return { headers: async () => ({}), renew: async () => false }
  }
}

async function tell(secret: Secret, { name, redactor }: Means): Promise<string> {
  if (typeof secret === 'string') {
    redactor.keep(secret, 'credential')
    return secret
  }
  let told: unknown
  try {
    told = await secret()
  } catch (error) {
    // Whatever a vault's client puts into its errors stays there.
    const kind = error instanceof Error ? error.name : typeof error
    throw unavailable(
      name,
      { en: 'the secret could not be had', zh: '无法取得凭据' },
      new Error(`the function that tells it threw ${kind}`),
    )
  }
  if (typeof told !== 'string' || told === '') {
    throw refused(
      name,
      { en: 'the secret is empty', zh: '凭据为空' },
      new TypeError('the function that tells it gave no text'),
    )
  }
  redactor.keep(told, 'credential')
  return told
}

/** The same header until the system turns it away. What is turned away is not tried again as it is: SAP locks the user after some. */
function fixed(
  secret: Secret,
  means: Means,
  headersOf: (secret: string) => Readonly<Record<string, string>>,
): Authenticator {
  let known: Readonly<Record<string, string>> | undefined
  const same = (a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean =>
    Object.entries(a).every(([key, value]) => b[key] === value)
  return {
    async headers() {
      known ??= headersOf(await tell(secret, means))
      return known
    },
    async renew(sent) {
      if (typeof secret === 'string') return false
      if (known !== undefined && !same(known, sent)) return true
      known = headersOf(await tell(secret, means))
      return !same(known, sent)
    },
  }
}

const tokenSchema = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().catch(600),
})
const refusalSchema = z.object({ error: z.string(), error_description: z.string().optional() })

interface Token {
  readonly value: string
  /** Not to be used from then on (epoch ms). */
  readonly until: number
}

/** So long before its end a token is replaced (ms), but never before half of its life. */
const margin = 60_000

/** RFC 6749, 4.4: one token for all calls, replaced before it ends, fetched once however many wait for it. */
function bearer(auth: Extract<SapAuth, { kind: 'oauth2' }>, means: Means): Authenticator {
  const { name, redactor, exchange } = means
  let token: Token | undefined

  async function fetchToken(clock: Clock, signal: AbortSignal): Promise<Token> {
    const clientSecret = await tell(auth.clientSecret, means)
    // In the form and not in a Basic header: the token servers of BTP take that one only without the percent-encoding
    // that RFC 6749 (2.3.1) asks for, and client ids there have `!` and `|` in them. The form is the same everywhere.
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: auth.clientId,
      client_secret: clientSecret,
    })
    if (auth.scope !== undefined) form.set('scope', auth.scope)
    const headers = { 'content-type': 'application/x-www-form-urlencoded' }
    const asked = clock.now()
    const raw = await exchange(
      { method: 'POST', path: auth.tokenUrl, headers, body: form.toString() },
      { signal, clock },
    )
    const answer = tokenSchema.safeParse(jsonOrNothing(raw.text))
    if (raw.status === 200 && answer.success) {
      const { access_token: value, expires_in: seconds } = answer.data
      redactor.keep(value, 'token')
      const life = seconds * 1000
      return { value, until: asked + Math.max(life / 2, life - margin) }
    }
    throw tokenError(name, raw, redactor)
  }

  const shared = sharedWork(name, fetchToken)
  const current = async ({ clock, signal }: SapContext): Promise<Token> => {
    if (token === undefined || token.until <= clock.now()) token = await shared(clock, signal)
    return token
  }
  return {
    headers: async (context) => ({ authorization: `Bearer ${(await current(context)).value}` }),
    async renew(sent) {
      if (token !== undefined && sent.authorization === `Bearer ${token.value}`) token = undefined
      return true
    },
  }
}

function tokenError(name: string, raw: SapReply, redactor: Redactor) {
  const { status } = raw
  const said = refusalSchema.safeParse(jsonOrNothing(raw.text))
  if (status >= 500 || status === 429) return sapError(name, raw, redactor)
  if (!said.success) {
    return unavailable(
      name,
      {
        en: `the token server answers with HTTP ${status} and no token`,
        zh: `令牌服务器返回 HTTP ${status}，没有令牌`,
      },
      new Error(`HTTP ${status}`),
      { status },
    )
  }
  const error = redactor.redact(said.data.error).slice(0, 100)
  const sapText = redactor.redact(said.data.error_description ?? '').slice(0, 500)
  return refused(
    name,
    {
      en: `the token server does not accept the client: ${error} ${sapText}`.trim(),
      zh: `令牌服务器不接受该客户端：${error} ${sapText}`.trim(),
    },
    new Error(`HTTP ${status}, ${error}`),
    { status, sapCode: error, sapText },
  )
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
