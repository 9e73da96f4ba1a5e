import { Agent as HttpAgent } from 'node:http'
import { Agent as HttpsAgent } from 'node:https'
import type { CallContext, JsonValue } from '@andon/core/connector'
import type { AndonError } from '@andon/core/errors'
import axios, { type AxiosResponse, type RawAxiosRequestHeaders } from 'axios'
import { type Authenticator, authenticator, type SapAuth } from './auth.js'
import { refused, timedOut, unavailable } from './failures.js'
import { createRedactor, type Redactor } from './redactor.js'
import { jsonOf, type MediaKind, mediaProblem } from './reply-body.js'
import { sapError } from './sap-error.js'

/** What a call needs of the context that a target gets. */
export type SapContext = Pick<CallContext, 'signal' | 'clock' | 'traceparent'>

export interface SapCall {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  /** Below the base address, or absolute; with its query, values percent-encoded. */
  readonly path: string
  /** Lower case names. */
  readonly headers?: Readonly<Record<string, string>>
  /** An object goes as JSON, a text as it is with the `content-type` of `headers`. */
  readonly body?: object | string
  /** What the answer has to be; default `json`. */
  readonly expects?: MediaKind
}

export interface SapReply {
  readonly status: number
  /** Lower case names; of a header that came several times, all values joined by `, `. */
  readonly headers: Readonly<Record<string, string>>
  /** As they came, one for each `set-cookie`. */
  readonly cookies: readonly string[]
  /** Undefined where the answer has no JSON. */
  readonly body: JsonValue | undefined
  readonly text: string
}

/** Certificates in PEM, as Node's own `tls.connect` has them. */
export interface SapTlsOptions {
  readonly ca?: string | Uint8Array | undefined
  readonly cert?: string | Uint8Array | undefined
  readonly key?: string | Uint8Array | undefined
  readonly passphrase?: string | undefined
}

export interface SapHttpOptions {
  /** Of the target: errors name it. */
  readonly name: string
  /** Without user, password, query and `/` at the end. */
  readonly url: string
  readonly auth: SapAuth
  /** The longest wait for one answer, on the clock of the call's context. */
  readonly timeoutMs: number
  /** Longest request and longest answer (bytes). */
  readonly maxBytes: number
  /** Connections at the same time. */
  readonly connections: number
  /** Sent with every call, e.g. `accept-language`. */
  readonly headers?: Readonly<Record<string, string>>
  readonly tls?: SapTlsOptions | undefined
}

export interface SapHttp {
  /** Keeps what is secret out of texts that come from the system. */
  readonly redactor: Redactor
  /**
   * Any answer below 500 that is not 401 or 429; a caller decides on 403, 404, 409, 412 and 428.
   *
   * @throws AndonError TARGET_UNAVAILABLE (5xx, 429, a broken connection, an answer that is not what was asked for),
   * TARGET_TIMEOUT, or TARGET_REFUSED (credentials). Whether a write had its effect is then unknown, unless the error
   * says that nothing was sent.
   */
  send(call: SapCall, context: SapContext): Promise<SapReply>
  /** Like `send`; what the system refuses is thrown, with SAP's code and text. */
  demand(call: SapCall, context: SapContext): Promise<SapReply>
  /** The branded error of an answer that is not a yes, also of a part of a batch. */
  errorOf(reply: Omit<SapReply, 'cookies'>): AndonError
  /** Cuts every connection; what waits for an answer fails with TARGET_UNAVAILABLE. */
  close(): void
}

/** One axios instance and its connections for one system. Nothing is ever repeated here but what a 401 turned away. */
export function sapHttp(options: SapHttpOptions): SapHttp {
  const { name, url, timeoutMs, maxBytes, connections, tls = {} } = options
  const redactor = createRedactor()
  const sockets = { keepAlive: true, maxSockets: connections }
  const agents = {
    httpAgent: new HttpAgent(sockets),
    httpsAgent: new HttpsAgent({ ...sockets, ...tlsOf(tls) }),
  }
  const client = axios.create({
    ...agents,
    adapter: 'http',
    // A sign-on page that a redirect leads to is not an answer; a proxy of the environment is nobody's choice here.
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
  let closed = false
  /** What waits for an answer. Its own controller each: `AbortSignal.any` costs as much as all the rest of ours. */
  const underWay = new Set<AbortController>()

  async function exchange(call: SapCall, context: SapContext): Promise<SapReply> {
    const { signal, clock, traceparent } = context
    if (closed) throw unavailable(name, { en: 'it is closed', zh: '已关闭' }, new Error('close() was called'))
    if (signal.aborted) throw neverSent(name)
    const started = clock.now()
    const ending = new AbortController()
    const end = (): void => ending.abort()
    let isLate = false
    const cancelTimer = clock.setTimer(timeoutMs, () => {
      isLate = true
      end()
    })
    signal.addEventListener('abort', end, { once: true })
    underWay.add(ending)
    try {
      const response: AxiosResponse<unknown> = await client.request({
        method: call.method,
        url: /^https?:/.test(call.path) ? call.path : `${url}${call.path}`,
        headers: headersOf(call, options.headers, traceparent),
        ...(call.body === undefined ? {} : { data: call.body }),
        signal: ending.signal,
      })
      return replyOf(response)
    } catch (error) {
      const cause = plainCause(error, redactor)
      if (isLate || signal.aborted) throw timedOut(name, clock.now() - started, cause)
      throw unavailable(name, { en: cause.message, zh: cause.message }, cause)
    } finally {
      cancelTimer()
      signal.removeEventListener('abort', end)
      underWay.delete(ending)
    }
  }

  const credentials: Authenticator = authenticator(options.auth, { name, redactor, exchange })

  /**
   * Sends with credentials, and again when a 401 may be answered by newer ones, and then once without the session: it
   * may be the session that is no longer good.
   */
  async function sendSigned(call: SapCall, context: SapContext): Promise<SapReply> {
    let signed = await credentials.headers(context)
    const sendWith = (headers: SapCall['headers']): Promise<SapReply> =>
      exchange({ ...call, headers: { ...headers, ...signed } }, context)
    let reply = await sendWith(call.headers)
    if (reply.status === 401 && (await credentials.renew(signed, context))) {
      signed = await credentials.headers(context)
      reply = await sendWith(call.headers)
    }
    if (reply.status !== 401 || call.headers?.cookie === undefined) return reply
    const { cookie: _, ...bare } = call.headers
    await credentials.renew(signed, context)
    signed = await credentials.headers(context)
    return sendWith(bare)
  }

  async function send(call: SapCall, context: SapContext): Promise<SapReply> {
    const written = writtenOf(call)
    checkSize(name, written, maxBytes)
    const raw = await sendSigned(written, context)
    const { status } = raw
    const json = jsonOf(raw)
    const problem = mediaProblem(raw, json, call.expects ?? 'json')
    const reply = { ...raw, body: problem === undefined ? json : undefined }
    if (status === 401 || status === 429 || status >= 500) throw sapError(name, reply, redactor)
    if (problem !== undefined) {
      const said = { en: redactor.redact(problem.en), zh: redactor.redact(problem.zh) }
      throw unavailable(name, said, new Error(redactor.redact(raw.text).slice(0, 300)), { status })
    }
    return reply
  }

  return {
    redactor,
    send,
    async demand(call, context) {
      const reply = await send(call, context)
      if (reply.status < 400) return reply
      throw sapError(name, reply, redactor)
    },
    errorOf: (reply) => sapError(name, reply, redactor),
    close() {
      closed = true
      for (const ending of underWay) ending.abort()
      agents.httpAgent.destroy()
      agents.httpsAgent.destroy()
    },
  }
}

/** The call with its body as it goes over the wire, written once. */
function writtenOf(call: SapCall): SapCall & { readonly body?: string } {
  const { body, ...rest } = call
  if (typeof body !== 'object') return body === undefined ? rest : { ...rest, body }
  const headers = { 'content-type': 'application/json', ...call.headers }
  return { ...rest, headers, body: JSON.stringify(body) }
}

/** Node wants its own kind of bytes. */
function tlsOf(tls: SapTlsOptions): Record<string, string | Buffer> {
  const entries = Object.entries(tls).filter((entry) => entry[1] !== undefined)
  return Object.fromEntries(
    entries.map(([key, value]) => [key, typeof value === 'string' ? value : Buffer.from(value)]),
  )
}

const neverSent = (name: string) =>
  unavailable(
    name,
    { en: 'cancelled before anything was sent', zh: '发送之前已取消' },
    new Error('the signal was aborted'),
  )

/** A plain object: axios makes its own of it anyway, and two would be made of ours. */
function headersOf(
  { headers, body }: SapCall,
  always: Readonly<Record<string, string>> = {},
  traceparent: string | undefined,
): RawAxiosRequestHeaders {
  return {
    accept: 'application/json',
    ...always,
    ...headers,
    ...(traceparent !== undefined && { traceparent }),
    'user-agent': 'andon',
    // Or axios says of what has no body that it is a form.
    ...(body === undefined && { 'content-type': false }),
  }
}

function replyOf({ status, headers, data }: AxiosResponse<unknown>): SapReply {
  const plain: Record<string, string> = {}
  let cookies: readonly string[] = []
  for (const [key, value] of Object.entries(headers)) {
    if (key === 'set-cookie' && Array.isArray(value)) cookies = value.map(String)
    else if (value !== undefined && value !== null) plain[key.toLowerCase()] = String(value)
  }
  return { status, headers: plain, cookies, body: undefined, text: typeof data === 'string' ? data : '' }
}

/** axios puts the whole request into its errors, the credentials with it: only the words come out. */
function plainCause(error: unknown, { redact }: Redactor): Error {
  if (!(error instanceof Error)) return new Error(redact(String(error)))
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined
  const words = redact(error.message === '' ? (code ?? 'the connection failed') : error.message)
  return Object.assign(new Error(words), code === undefined ? {} : { code })
}

function checkSize(name: string, { body = '' }: { readonly body?: string }, maxBytes: number): void {
  const bytes = Buffer.byteLength(body)
  if (bytes <= maxBytes) return
  throw refused(
    name,
    {
      en: `the request has ${bytes} bytes, more than maxBytes (${maxBytes})`,
      zh: `请求为 ${bytes} 字节，超过 maxBytes（${maxBytes}）`,
    },
    new RangeError('the request is too long'),
  )
}
