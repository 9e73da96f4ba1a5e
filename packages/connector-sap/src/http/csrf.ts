import type { Clock } from '@andon/core/connector'
import { isAndonError } from '@andon/core/errors'
import { type Cookies, cookieHeader, withCookies } from './cookies.js'
import { unavailable } from './failures.js'
import type { SapCall, SapContext, SapHttp, SapReply } from './sap-http.js'
import { sharedWork } from './shared-work.js'

export interface CsrfOptions {
  /** Of the target: errors name it. */
  readonly name: string
  /** Path of the service: token and cookies belong to it. */
  readonly root: string
  /** Where the token is fetched when no read has brought it: the root with its query. */
  readonly tokenPath: string
  /** False fetches a token for each write, as simple clients do. */
  readonly cache: boolean
}

interface Session {
  readonly token: string
  readonly cookies: Cookies
}

/** A token that is no longer good: 403 with this header, whatever the body says. */
const isStale = ({ status, headers }: SapReply): boolean =>
  status === 403 && headers['x-csrf-token']?.toLowerCase() === 'required'

/**
 * Sends to one service, with its CSRF token and the cookies of the session that the token belongs to. The first read
 * asks for the token on its way, so a write that was looked up before costs no request more; all calls share one
 * session, and a stale token is fetched anew once. Credentials that are turned away end it, so that what comes after
 * does not try them twice, with the session and without.
 */
export function csrfSession(
  http: SapHttp,
  { name, root, tokenPath, cache }: CsrfOptions,
): (call: SapCall, context: SapContext) => Promise<SapReply> {
  let session: Session | undefined
  let asking = false

  const remember = (reply: SapReply): void => {
    const token = reply.headers['x-csrf-token']
    for (const line of reply.cookies)
      http.redactor.keep(line.slice(line.indexOf('=') + 1).split(';')[0] ?? '', 'session')
    if (token !== undefined && token !== '' && !/^(required|fetch)$/i.test(token)) {
      http.redactor.keep(token, 'session')
      session = { token, cookies: withCookies(session?.cookies ?? new Map(), reply.cookies) }
    } else if (session !== undefined && reply.cookies.length > 0) {
      session = { ...session, cookies: withCookies(session.cookies, reply.cookies) }
    }
  }

  const fetchSession = sharedWork(name, async (clock: Clock, signal: AbortSignal): Promise<Session> => {
    const context = { clock, signal }
    const ask = { path: tokenPath, headers: { 'x-csrf-token': 'Fetch' }, expects: 'nothing' } as const
    session = undefined
    for (const method of ['HEAD', 'GET'] as const) {
      const reply = await http.send({ ...ask, method }, context)
      remember(reply)
      if (session !== undefined) return session
      // Some services know no HEAD; whoever may not read the root is told so by the write itself.
      if (![403, 404, 405, 501].includes(reply.status) && method === 'GET') break
    }
    throw unavailable(
      name,
      { en: `${root} gives no CSRF token`, zh: `${root} 没有返回 CSRF 令牌` },
      new Error('no x-csrf-token in the answer'),
    )
  })

  const withSession = (call: SapCall, { token, cookies }: Session, isWrite: boolean): SapCall => {
    const cookie = cookieHeader(cookies)
    // Kept anew at every use: a session may last while those of other services come and go.
    for (const secret of [token, ...cookies.values()]) http.redactor.keep(secret, 'session')
    return {
      ...call,
      headers: {
        ...call.headers,
        ...(isWrite && { 'x-csrf-token': token }),
        ...(cookie !== undefined && { cookie }),
      },
    }
  }

  /** Within the session, as it is. */
  async function sendIn(current: Session, call: SapCall, isWrite: boolean, context: SapContext) {
    try {
      return await http.send(withSession(call, current, isWrite), context)
    } catch (error) {
      const turnedAway = isAndonError(error, 'TARGET_REFUSED') && error.details.status === 401
      if (turnedAway && session?.token === current.token) session = undefined
      throw error
    }
  }

  async function read(call: SapCall, context: SapContext): Promise<SapReply> {
    if (session !== undefined) {
      const reply = await sendIn(session, call, false, context)
      remember(reply)
      return reply
    }
    if (asking || !cache) return http.send(call, context)
    asking = true
    try {
      const reply = await http.send(
        { ...call, headers: { ...call.headers, 'x-csrf-token': 'Fetch' } },
        context,
      )
      if (session === undefined) remember(reply)
      return reply
    } finally {
      asking = false
    }
  }

  async function write(call: SapCall, context: SapContext): Promise<SapReply> {
    if (!cache) session = undefined
    const current = session ?? (await fetchSession(context.clock, context.signal))
    const reply = await sendIn(current, call, true, context)
    if (!isStale(reply)) {
      remember(reply)
      if (!cache) session = undefined
      return reply
    }
    // Somebody else may have fetched a newer one meanwhile.
    if (session?.token === current.token) session = undefined
    const fresh = session ?? (await fetchSession(context.clock, context.signal))
    const again = await sendIn(fresh, call, true, context)
    if (isStale(again)) {
      // Sessions end as they are opened: nobody refused the write itself.
      session = undefined
      throw unavailable(
        name,
        { en: `${root} did not accept a new CSRF token`, zh: `${root} 未接受新的 CSRF 令牌` },
        new Error('HTTP 403, x-csrf-token: Required'),
        { status: 403 },
      )
    }
    remember(again)
    return again
  }

  return (call, context) =>
    call.method === 'GET' || call.method === 'HEAD' ? read(call, context) : write(call, context)
}
