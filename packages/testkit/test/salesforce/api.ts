import { expect } from 'vitest'
import type { Salesforce } from '../../src/index.js'

/** A client of the org's REST API by nothing but fetch. */
export async function apiOf(salesforce: Salesforce) {
  const logIn = async (): Promise<string> => {
    const answer = await fetch(`${salesforce.url}/services/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        ...{ grant_type: 'client_credentials', client_id: 'andon-client', client_secret: 'andon-secret' },
      }),
    })
    const { access_token: token } = (await answer.json()) as { access_token: string }
    return token
  }
  const token = await logIn()
  const call = async (
    method: string,
    path: string,
    { body, headers = {} }: { body?: unknown; headers?: Record<string, string> } = {},
  ) => {
    const answer = await fetch(`${salesforce.url}/services/data/v67.0${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const text = await answer.text()
    const isJson = answer.headers.get('content-type')?.includes('json') === true
    return {
      status: answer.status,
      headers: answer.headers,
      text,
      body: isJson ? JSON.parse(text) : undefined,
    }
  }
  return {
    token,
    logIn,
    call,
    query: (soql: string, all = false) =>
      call('GET', `/${all ? 'queryAll' : 'query'}?q=${encodeURIComponent(soql)}`),
    /** The error code that SOQL is refused with. */
    async refusal(soql: string): Promise<string> {
      const { status, body } = await call('GET', `/query?q=${encodeURIComponent(soql)}`)
      expect(status, soql).toBe(400)
      return body[0].errorCode
    },
  }
}
