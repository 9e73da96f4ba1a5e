import * as z from 'zod'
import { type Secret, secretSchema } from './secret.js'

/** How the org knows us: always a connected app (External Client App), never a user's password. */
export type SalesforceAuth =
  /** RFC 7523: signed with the key whose certificate the connected app has. No secret leaves this process. */
  | {
      readonly kind: 'jwt'
      /** Consumer key. */
      readonly clientId: string
      /** Of the integration user. */
      readonly username: string
      /** PEM (PKCS #8 or PKCS #1), RSA. */
      readonly privateKey: Secret
      /** `https://login.salesforce.com` (default), `https://test.salesforce.com` for a sandbox. */
      readonly audience?: string | undefined
    }
  /** RFC 6749, 4.4: acts as the user that the connected app names. */
  | { readonly kind: 'client-credentials'; readonly clientId: string; readonly clientSecret: Secret }
  /** RFC 6749, 6. Where the app rotates refresh tokens, the next one is handed to `onRotated` before it is used. */
  | {
      readonly kind: 'refresh-token'
      readonly clientId: string
      readonly clientSecret?: Secret | undefined
      readonly refreshToken: Secret
      /** Keeps the token for the next start; what it rejects with ends the call, for a lost token locks us out. */
      readonly onRotated?: ((refreshToken: string) => void | Promise<void>) | undefined
    }

export const authSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('jwt'),
    clientId: z.string().min(1),
    username: z.string().min(1),
    privateKey: secretSchema,
    audience: z.url().optional(),
  }),
  z.strictObject({
    kind: z.literal('client-credentials'),
    clientId: z.string().min(1),
    clientSecret: secretSchema,
  }),
  z.strictObject({
    kind: z.literal('refresh-token'),
    clientId: z.string().min(1),
    clientSecret: secretSchema.optional(),
    refreshToken: secretSchema,
    onRotated: z
      .custom<(token: string) => void | Promise<void>>((value) => typeof value === 'function', 'a function')
      .optional(),
  }),
])
