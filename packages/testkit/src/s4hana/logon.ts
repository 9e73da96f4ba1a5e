import { headerOf, type SimulatorAnswer, type SimulatorRequest } from '../simulator/exchange.js'
import { basicOf, type OAuthServer } from '../simulator/oauth.js'

/** Who may log on, and how; a system without any of them asks nobody. */
export interface Logon {
  readonly client: string
  readonly basic?: { readonly user: string; readonly password: string } | undefined
  readonly apiKey?: string | undefined
  readonly oauth?: OAuthServer | undefined
}

/** The user behind a request; undefined when the logon fails. */
export function userOf(
  { client, basic, apiKey, oauth }: Logon,
  request: SimulatorRequest,
): string | undefined {
  if (request.query.get('sap-client') !== client) return undefined
  if (basic === undefined && apiKey === undefined && oauth === undefined) return 'ANYBODY'
  const given = basicOf(request)
  if (basic !== undefined && given?.user === basic.user && given.password === basic.password)
    return basic.user
  if (apiKey !== undefined && headerOf(request, 'apikey') === apiKey) return 'SANDBOX'
  return oauth?.admits(request) === true ? 'CC0000000001' : undefined
}

/** A failed logon is answered by the server's front, in HTML. */
export const logonFailed: SimulatorAnswer = {
  status: 401,
  headers: {
    'content-type': 'text/html; charset=utf-8',
    'www-authenticate': 'Basic realm="SAP NetWeaver Application Server [S4H/100]"',
  },
  text: '<html><head><title>Logon Error Message</title></head><body><h1>Anmeldung fehlgeschlagen / Logon failed</h1></body></html>',
}
