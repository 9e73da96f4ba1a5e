import { randomBytes } from 'node:crypto'
import { cookieOf, headerOf, type SimulatorAnswer, type SimulatorRequest } from '../simulator/exchange.js'

/** Security sessions, each with the token that its changes have to carry. */
export interface Sessions {
  /** Whether the request carries the token of the session that its cookies name. */
  admits(request: SimulatorRequest, user: string): boolean
  /** The headers of an answer: the token and, for a new session, its cookies, where the request asks for them. */
  headersFor(request: SimulatorRequest, user: string): Readonly<Record<string, string | readonly string[]>>
  /** Ends the session that the request's cookies name; false when they name none. */
  end(request: SimulatorRequest): boolean
  /** How many tokens were given out. */
  readonly fetched: number
}

interface Session {
  readonly token: string
  readonly user: string
  usedAt: number
}

/** What a change without the session's token gets. */
export const tokenRequired: SimulatorAnswer = {
  status: 403,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'x-csrf-token': 'Required' },
  text: 'CSRF token validation failed',
}

/** @param idleSeconds after so long without a request a session ends */
export function openSessions(client: string, idleSeconds: number): Sessions {
  const cookie = `SAP_SESSIONID_S4H_${client}`
  const sessions = new Map<string, Session>()
  let fetched = 0

  const sessionOf = (request: SimulatorRequest, user: string): Session | undefined => {
    const id = cookieOf(request, cookie) ?? ''
    const session = sessions.get(id)
    if (session === undefined || session.user !== user) return undefined
    if (request.at - session.usedAt > idleSeconds * 1000) {
      sessions.delete(id)
      return undefined
    }
    session.usedAt = request.at
    return session
  }

  return {
    admits(request, user) {
      const session = sessionOf(request, user)
      return session !== undefined && headerOf(request, 'x-csrf-token') === session.token
    },
    headersFor(request, user) {
      if (headerOf(request, 'x-csrf-token')?.toLowerCase() !== 'fetch') return {}
      fetched += 1
      const present = sessionOf(request, user)
      if (present !== undefined) return { 'x-csrf-token': present.token }
      const id = randomBytes(18).toString('base64url')
      const token = randomBytes(18).toString('base64url')
      sessions.set(id, { token, user, usedAt: request.at })
      return {
        'x-csrf-token': token,
        'set-cookie': [`sap-usercontext=sap-client=${client}; path=/`, `${cookie}=${id}; path=/; HttpOnly`],
      }
    },
    end: (request) => sessions.delete(cookieOf(request, cookie) ?? ''),
    get fetched() {
      return fetched
    },
  }
}
