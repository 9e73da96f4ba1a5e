import * as z from 'zod'

/** A secret, or who is asked for it: once, and again when the MES no longer takes what was given. */
export type Secret = string | (() => string | Promise<string>)

/** How the MES knows who asks. */
export type MesAuth =
  | { readonly kind: 'bearer'; readonly token: Secret }
  | { readonly kind: 'basic'; readonly username: string; readonly password: Secret }
  /** `header` is `X-API-Key` by default. */
  | { readonly kind: 'api-key'; readonly header?: string; readonly key: Secret }
  /** OAuth2 client credentials (RFC 6749, section 4.4): fetched, renewed before they end, and once after a 401. */
  | {
      readonly kind: 'oauth2'
      readonly tokenUrl: string
      readonly clientId: string
      readonly clientSecret: Secret
      readonly scope?: string
      /** Where id and secret stand; default `header` (Basic). */
      readonly clientAuth?: 'header' | 'body'
    }

/** As Node's own `tls.connect` has them. */
export interface MesTlsOptions {
  /** Certificates that are trusted, in PEM; default: those that Node trusts. */
  readonly ca?: string | Uint8Array
  /** The client's own certificate and its key, in PEM. */
  readonly cert?: string | Uint8Array
  readonly key?: string | Uint8Array
  readonly passphrase?: string
}

/** How an MES that keeps the contract is reached. Target and source have these in common. */
export interface MesConnectionOptions {
  /** Base path of the contract, e.g. `https://mes.plant.example/andon/v1`; without a user, a query or a fragment. */
  readonly url: string
  readonly auth?: MesAuth
  readonly tls?: MesTlsOptions
  /** The longest wait for one answer, on the clock of the call; default 5,000 ms. */
  readonly timeoutMs?: number
  /** The longest answer that is read, in bytes; default 16 MiB. */
  readonly maxAnswerBytes?: number
  /** In which language refusals are said; default `en`. */
  readonly language?: 'en' | 'zh'
}

const secret = z.custom<Secret>(
  (value) => (typeof value === 'string' && value !== '') || typeof value === 'function',
  'must be a text that is not empty, or a function',
)
const pem = z.union([z.string().min(1), z.instanceof(Uint8Array)])

const isAddress = (text: string): boolean => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  return (
    url !== undefined &&
    /^https?:$/.test(url.protocol) &&
    [url.username, url.password, url.search, url.hash].every((part) => part === '')
  )
}
const address = z
  .string()
  .refine(isAddress, 'must be an http(s) address without a user, a query or a fragment')

const headerName = z.string().regex(/^[!#$%&'*+.^_`|~0-9a-z-]{1,100}$/i, 'must be the name of a header')

const authSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('bearer'), token: secret }),
  z.strictObject({
    kind: z.literal('basic'),
    // A colon would end the name: RFC 7617.
    username: z
      .string()
      .min(1)
      .regex(/^[^:]*$/, 'must have no colon'),
    password: secret,
  }),
  z.strictObject({ kind: z.literal('api-key'), header: headerName.default('X-API-Key'), key: secret }),
  z.strictObject({
    kind: z.literal('oauth2'),
    tokenUrl: address,
    clientId: z.string().min(1),
    clientSecret: secret,
    scope: z.string().min(1).optional(),
    clientAuth: z.enum(['header', 'body']).default('header'),
  }),
])
export type CheckedAuth = z.output<typeof authSchema>

export const connectionShape = {
  url: address,
  auth: authSchema.optional(),
  tls: z
    .strictObject({
      ca: pem.optional(),
      cert: pem.optional(),
      key: pem.optional(),
      passphrase: z.string().optional(),
    })
    .optional(),
  timeoutMs: z.number().min(1).max(600_000).default(5_000),
  maxAnswerBytes: z
    .int()
    .min(1_000)
    .max(1_000_000_000)
    .default(16 * 1024 * 1024),
  language: z.enum(['en', 'zh']).default('en'),
}
const connectionSchema = z.strictObject(connectionShape)
export type CheckedConnection = z.output<typeof connectionSchema>
