// What S/4HANA's front asks of a request and @sap/cds does not: the client, and for a change the CSRF token with the
// cookies of its session.
import { randomBytes } from 'node:crypto'

/** @typedef {import('node:http').IncomingMessage} Incoming */
/** @typedef {import('node:http').ServerResponse} Response */

const client = '100'
const cookieName = `SAP_SESSIONID_S4H_${client}`

/** @returns {(request: Incoming, response: Response, next: () => void) => void} */
export function guard() {
  /** Session → token. @type {Map<string, string>} */
  const sessions = new Map()

  return (request, response, next) => {
    const { method = 'GET', url = '/', headers } = request
    if (!url.startsWith('/sap/opu/')) return next()
    if (new URL(url, 'http://localhost').searchParams.get('sap-client') !== client) {
      response.writeHead(401, { 'content-type': 'text/html' }).end('<html>Logon failed</html>')
      return
    }
    const [, session = ''] = new RegExp(`${cookieName}=([^;]+)`).exec(headers.cookie ?? '') ?? []
    const token = sessions.get(session)
    if (headers['x-csrf-token'] === 'Fetch') {
      const fetched = token ?? newToken(sessions, response)
      response.setHeader('x-csrf-token', fetched)
    } else if (method !== 'GET' && method !== 'HEAD') {
      if (token === undefined || headers['x-csrf-token'] !== token) {
        response.writeHead(403, { 'content-type': 'text/plain', 'x-csrf-token': 'Required' })
        response.end('CSRF token validation failed')
        return
      }
    }
    // What is behind would take it for its own; and it reads the arguments of a function only beside JSON.
    delete headers['x-csrf-token']
    if (method === 'POST') headers['content-type'] ??= 'application/json'
    next()
  }
}

/**
 * @param {Map<string, string>} sessions
 * @param {Response} response
 */
function newToken(sessions, response) {
  const [session, token] = [randomBytes(12).toString('hex'), randomBytes(12).toString('hex')]
  sessions.set(session, token)
  response.setHeader('set-cookie', [
    `sap-usercontext=sap-client=${client}; path=/`,
    `${cookieName}=${session}; path=/`,
  ])
  return token
}
