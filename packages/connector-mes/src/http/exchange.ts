import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import { AndonError, problemOf } from '@andon/core/errors'
import axios, { type AxiosResponse } from 'axios'
import type { CheckedConnection } from './connection-options.js'
import { type Call, deadline } from './deadline.js'
import { cancelled, unavailable } from './failures.js'

export interface WireRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  /** ms that the answer may take longer than usual: a long poll. */
  readonly extraMs?: number
}

export interface WireAnswer {
  readonly status: number
  readonly contentType: string
  readonly text: string
  header(name: string): string | undefined
}

/** Requests over connections that are kept alive. */
export interface Wire {
  /**
   * The answer, whatever its status.
   *
   * @throws AndonError TARGET_UNAVAILABLE, TARGET_TIMEOUT: without axios's own error, which shows every header
   */
  exchange(request: WireRequest, call: Call): Promise<WireAnswer>
  close(): void
}

const mostSockets = 64

const headerOf = ({ headers }: AxiosResponse<string>, name: string): string | undefined => {
  const value: unknown = headers[name]
  return typeof value === 'string' ? value : undefined
}

/** One axios instance: redirects are not followed, so credentials go nowhere else, and a proxy of the environment is not used. */
export function wire(
  name: string,
  { timeoutMs, maxAnswerBytes, tls }: Pick<CheckedConnection, 'timeoutMs' | 'maxAnswerBytes' | 'tls'>,
): Wire {
  const { ca, cert, key, passphrase } = tls ?? {}
  const secured = {
    ...(ca !== undefined && { ca: pemOf(ca) }),
    ...(cert !== undefined && { cert: pemOf(cert) }),
    ...(key !== undefined && { key: pemOf(key) }),
    ...(passphrase !== undefined && { passphrase }),
  }
  const kept = { keepAlive: true, maxSockets: mostSockets }
  const httpAgent = new HttpAgent(kept)
  const httpsAgent = new HttpsAgent({ ...kept, ...secured })
  const instance = axios.create({
    ...{ httpAgent, httpsAgent, adapter: 'http', proxy: false, maxRedirects: 0 },
    ...{ timeout: 0, maxContentLength: maxAnswerBytes, maxBodyLength: Number.POSITIVE_INFINITY },
    ...{ responseType: 'text', transformRequest: [asItIs], transformResponse: [asItIs] },
    validateStatus: () => true,
  })

  return {
    async exchange({ method, url, headers, body, extraMs = 0 }, call) {
      if (call.signal.aborted) throw cancelled(name)
      const limit = deadline(call, timeoutMs + extraMs)
      const { traceparent } = call
      try {
        const response = await instance.request<string>({
          ...{ method, url, signal: limit.signal, ...(body !== undefined && { data: body }) },
          headers: {
            ...{ Accept: 'application/json, application/problem+json', 'User-Agent': 'andon-connector-mes' },
            ...headers,
            ...(traceparent !== undefined && { traceparent }),
          },
        })
        return {
          status: response.status,
          contentType: headerOf(response, 'content-type') ?? '',
          text: response.data ?? '',
          header: (wanted) => headerOf(response, wanted),
        }
      } catch (error) {
        if (limit.signal.aborted) {
          const cause = new Error(call.signal.aborted ? 'aborted' : 'no answer in time')
          const details = { target: name, milliseconds: limit.elapsed() }
          throw new AndonError('TARGET_TIMEOUT', { details, cause })
        }
        throw unavailable(name, problemOf(error) || 'no answer', plainError(error))
      } finally {
        limit.end()
      }
    },
    close() {
      httpAgent.destroy()
      httpsAgent.destroy()
    },
  }
}

const asItIs = <T>(data: T): T => data

const pemOf = (pem: string | Uint8Array): string =>
  typeof pem === 'string' ? pem : Buffer.from(pem).toString()

/** What an error says, and nothing of what it carries. */
export function plainError(error: unknown): Error {
  const plain = new Error(problemOf(error))
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  return typeof code === 'string' ? Object.assign(plain, { code }) : plain
}
