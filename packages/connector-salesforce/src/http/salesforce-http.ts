import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { Clock } from '@andon/core/connector'
import type { AndonError } from '@andon/core/errors'
import axios, { type AxiosResponse } from 'axios'
import type { SalesforceAuth } from '../auth/auth-options.js'
import { Grant } from '../auth/grant.js'
import { type Session, SessionKeeper } from '../auth/session-keeper.js'
import { closedFailure, type Speaker, timedOut, unavailable } from '../failures.js'
import { Quota } from './quota.js'
import { createRedactor, type Redactor } from './redactor.js'
import { problemsIn, type SalesforceProblem, salesforceError } from './salesforce-error.js'
import { ServerTime } from './server-time.js'

/** What every call needs to know of who makes it. */
export interface CallMeans {
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly traceparent?: string
}

export interface SalesforceCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** From `/services/` on, with its query, values percent-encoded. */
  readonly path: string
  /** Lower case names. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: object
  /** Default JSON; `nothing` of answers nobody reads. */
  readonly expects?: 'json' | 'csv' | 'nothing'
}

export interface SalesforceReply {
  readonly status: number
  /** Lower case names. */
  readonly headers: Readonly<Record<string, string>>
  /** Undefined where the answer is no JSON. */
  readonly body: unknown
  readonly text: string
}

export interface SalesforceHttpOptions {
  readonly speaker: Speaker
  /** The org's My Domain address, without `/` at the end. */
  readonly url: string
  readonly auth: SalesforceAuth
  /** The longest wait for one answer (ms). */
  readonly timeoutMs: number
  /** Calls at the same time: an org allows 25 that take over 20 s, a Developer org 5. */
  readonly connections: number
  /** Share of the org's API calls left to others, 0 to 1. */
  readonly keepFree: number
  /** Names us in `changeOrigin` of change events. */
  readonly clientName: string
}

/** An answer may be a whole page of cases with long descriptions. */
const maxBytes = 256 * 1024 * 1024

/** One axios instance and its connections for one org. Nothing is ever repeated here but what a 401 turned away. */
export class SalesforceHttp {
  readonly speaker: Speaker
  readonly quota: Quota
  readonly redactor: Redactor = createRedactor()
  readonly serverTime = new ServerTime()
  readonly #options: SalesforceHttpOptions
  readonly #closing = new AbortController()
  readonly #agents: { readonly httpAgent: HttpAgent; readonly httpsAgent: HttpsAgent }
  readonly #client: ReturnType<typeof axios.create>
  readonly #sessions: SessionKeeper

  constructor(options: SalesforceHttpOptions) {
    const { speaker, url, auth, connections, keepFree } = options
    this.speaker = speaker
    this.quota = new Quota(keepFree)
    this.#options = options
    const sockets = { keepAlive: true, maxSockets: connections }
    this.#agents = { httpAgent: new HttpAgent(sockets), httpsAgent: new HttpsAgent(sockets) }
    this.#client = axios.create({
      ...this.#agents,
      adapter: 'http',
      baseURL: url,
      // A log-in page that a redirect leads to is not an answer; a proxy of the environment is nobody's choice here.
      maxRedirects: 0,
      proxy: false,
      timeout: 0,
      maxContentLength: maxBytes,
      maxBodyLength: maxBytes,
      responseType: 'text',
      transformRequest: [(body: unknown) => body],
      transformResponse: [(text: unknown) => text],
      validateStatus: () => true,
    })
    const { redactor } = this
    this.#sessions = new SessionKeeper({
      grant: new Grant(auth, speaker, redactor),
      speaker,
      redactor,
      url,
      call: (form, clock, signal) =>
        this.#exchange(
          { method: 'POST', path: '/services/oauth2/token' },
          { 'content-type': 'application/x-www-form-urlencoded' },
          form.toString(),
          { clock, signal },
        ),
    })
  }

  /** The session that calls go with now. */
  session({ clock, signal }: CallMeans): Promise<Session> {
    return this.#sessions.current(clock, signal)
  }

  /** The event bus did not accept this session. */
  turnedAway(session: Session): void {
    this.#sessions.turnedAway(session)
  }

  /**
   * The answer, which is a yes.
   *
   * @throws AndonError with Salesforce's `errorCode` and text in its details; whether a write had its effect is unknown
   * where there was no answer
   */
  async send(call: SalesforceCall, means: CallMeans): Promise<SalesforceReply> {
    const reply = await this.#signed(call, means)
    const { status } = reply
    this.quota.read(reply.headers['sforce-limit-info'])
    const body = jsonOf(reply)
    if (status >= 400 || status === 300) {
      const [problem] = problemsIn(body)
      throw this.errorOf(status, problem)
    }
    if ((call.expects ?? 'json') === 'json' && body === undefined) {
      throw unavailable(
        this.speaker,
        { en: `HTTP ${status} with an answer that is no JSON`, zh: `HTTP ${status}，应答不是 JSON` },
        new Error(this.redactor.redact(reply.text.slice(0, 300))),
        { status },
      )
    }
    return { ...reply, body }
  }

  /** The branded error of an answer that is not a yes, also of a row of a collection. */
  errorOf(status: number, problem: SalesforceProblem | undefined): AndonError {
    return salesforceError(this.speaker, status, problem, this.redactor)
  }

  /** Cuts every connection; what waits for an answer fails. */
  close(): void {
    this.#closing.abort()
    this.#agents.httpAgent.destroy()
    this.#agents.httpsAgent.destroy()
  }

  /** With the session, and once more with another when a 401 turned it away. */
  async #signed(call: SalesforceCall, means: CallMeans): Promise<SalesforceReply> {
    const session = await this.session(means)
    const reply = await this.#call(call, session, means)
    if (reply.status !== 401) return reply
    this.turnedAway(session)
    const another = await this.session(means)
    const again = await this.#call(call, another, means)
    // Not good either: the next call shall not begin with it.
    if (again.status === 401) this.turnedAway(another)
    return again
  }

  #call(call: SalesforceCall, { token }: Session, means: CallMeans): Promise<SalesforceReply> {
    const headers = {
      authorization: `Bearer ${token}`,
      accept: call.expects === 'csv' ? 'text/csv' : 'application/json',
      'sforce-call-options': `client=${this.#options.clientName}`,
      ...(call.body === undefined ? {} : { 'content-type': 'application/json' }),
      // Without it a write runs the assignment rules and takes the case from its owner.
      ...(call.method === 'GET' ? {} : { 'sforce-auto-assign': 'FALSE' }),
      ...call.headers,
      ...(means.traceparent === undefined ? {} : { traceparent: means.traceparent }),
    }
    const body = call.body === undefined ? undefined : JSON.stringify(call.body)
    return this.#exchange(call, headers, body, means)
  }

  async #exchange(
    { method, path }: SalesforceCall,
    headers: Readonly<Record<string, string>>,
    body: string | undefined,
    { signal, clock }: CallMeans,
  ): Promise<SalesforceReply> {
    const { speaker } = this
    if (this.#closing.signal.aborted) throw closedFailure(speaker)
    if (signal.aborted) {
      const problem = { en: 'cancelled before anything was sent', zh: '发送之前已取消' }
      throw unavailable(speaker, problem, new Error('the signal was aborted'))
    }
    const started = clock.now()
    const late = new AbortController()
    const cancelTimer = clock.setTimer(this.#options.timeoutMs, () => late.abort())
    try {
      const response: AxiosResponse<unknown> = await this.#client.request({
        method,
        url: path,
        headers: { ...headers, 'user-agent': 'andon' },
        ...(body === undefined ? {} : { data: body }),
        signal: AbortSignal.any([signal, late.signal, this.#closing.signal]),
      })
      const reply = replyOf(response)
      this.serverTime.read(reply.headers.date, clock)
      return reply
    } catch (error) {
      const cause = plainCause(error, this.redactor)
      if (late.signal.aborted || signal.aborted) throw timedOut(speaker, clock.now() - started, cause)
      throw unavailable(speaker, { en: cause.message, zh: cause.message }, cause)
    } finally {
      cancelTimer()
    }
  }
}

function replyOf({ status, headers, data }: AxiosResponse<unknown>): SalesforceReply {
  const plain: Record<string, string> = {}
  for (const [key, value] of Object.entries(headers)) {
    if (value !== undefined && value !== null) plain[key.toLowerCase()] = String(value)
  }
  return { status, headers: plain, body: undefined, text: typeof data === 'string' ? data : '' }
}

function jsonOf({ text, headers }: SalesforceReply): unknown {
  if (!(headers['content-type'] ?? '').includes('json')) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** axios puts the whole request into its errors, the session with it: only the words come out. */
function plainCause(error: unknown, { redact }: Redactor): Error {
  if (!(error instanceof Error)) return new Error(redact(String(error)))
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const words = redact(error.message === '' ? (code ?? 'the connection failed') : error.message)
  return Object.assign(new Error(words), code === undefined ? {} : { code })
}
