import * as z from 'zod'
import type { CheckedAuth } from './connection-options.js'
import type { Call } from './deadline.js'
import type { Wire } from './exchange.js'
import { unavailable } from './failures.js'
import type { Redactor } from './redactor.js'

const tokenSchema = z.object({
  access_token: z.string().min(1),
  token_type: z
    .string()
    .regex(/^bearer$/i)
    .optional(),
  /** RFC 6749 only recommends it. */
  expires_in: z.coerce.number().positive().optional(),
})
const refusalSchema = z.object({ error: z.string().regex(/^[\w.-]{1,60}$/) })

/** Whose token it is, with its secret as it is told now. */
type Client = Omit<Extract<CheckedAuth, { kind: 'oauth2' }>, 'clientSecret'> & {
  readonly clientSecret: string
}

/** Where the answer does not say how long it holds. */
const usualSeconds = 300
const mostMarginSeconds = 60

/** No more than what was asked for: the body of a token server's answer is never shown. */
function parsed<T>(schema: z.ZodType<T>, text: string): T | undefined {
  try {
    return schema.safeParse(JSON.parse(text)).data
  } catch {
    return undefined
  }
}

/**
 * Fetches a token with client credentials. It is given up a minute before its end, or a tenth of its life where that is
 * shorter, so that it does not end on its way.
 *
 * @throws AndonError TARGET_UNAVAILABLE also where the credentials are wrong: somebody will put them right, and a hold must not be lost for it
 */
export async function oauthToken(
  name: string,
  { tokenUrl, clientId, clientSecret, clientAuth, scope }: Client,
  { wire, keep, redact }: Redactor & { readonly wire: Wire },
  call: Call,
): Promise<{ readonly token: string; readonly until: number }> {
  const form = new URLSearchParams({
    grant_type: 'client_credentials',
    ...(scope !== undefined && { scope }),
  })
  const headers: Record<string, string> = { 'Content-Type': 'application/x-www-form-urlencoded' }
  if (clientAuth === 'body') {
    form.set('client_id', clientId)
    form.set('client_secret', clientSecret)
  } else {
    const named = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`
    const pair = Buffer.from(named).toString('base64')
    keep(pair, 'credential')
    headers.Authorization = `Basic ${pair}`
  }
  const asked = call.clock.now()
  const { status, text } = await wire.exchange(
    { method: 'POST', url: tokenUrl, headers, body: form.toString() },
    call,
  )
  const answer = status === 200 ? parsed(tokenSchema, text) : undefined
  if (answer === undefined) {
    const why = redact(parsed(refusalSchema, text)?.error ?? 'not an answer of a token server')
    const problem = { en: `no token: HTTP ${status}, ${why}`, zh: `未取得令牌：HTTP ${status}，${why}` }
    throw unavailable(name, problem, new Error(`HTTP ${status} ${why}`))
  }
  const { access_token: token, expires_in: seconds = usualSeconds } = answer
  const margin = Math.min(mostMarginSeconds, seconds / 10)
  return { token, until: asked + (seconds - margin) * 1000 }
}
