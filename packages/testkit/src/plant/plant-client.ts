import type { CallContext, JsonObject } from '@andon/core/connector'
import { AndonError } from '@andon/core/errors'
import { type Dispatcher, Pool } from 'undici'
import * as z from 'zod'

export interface PlantCall {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** Begins with `/`; ids percent-encoded. */
  readonly path: string
  readonly body?: JsonObject
  /** Makes the effect happen once. */
  readonly actionId?: string
}

/** What a call needs of the context that a target gets. */
type ClientContext = Pick<CallContext, 'signal' | 'clock' | 'traceparent'>

export interface PlantReply {
  readonly status: number
  readonly body: JsonObject
  /** True when the plant says that the action id had its effect before. */
  readonly replayed: boolean
}

export interface PlantClientOptions {
  readonly name: string
  readonly url: string
  readonly timeoutMs: number
  readonly token?: string | undefined
}

/** The plant's own no, with its code; 404 of a look-up is an answer, not an error. */
const refusalSchema = z.object({ code: z.string(), message: z.string() })

export interface PlantClient {
  /**
   * Any answer below 500 but 429. Throws AndonError TARGET_UNAVAILABLE or TARGET_TIMEOUT: whether the
   * work was done is then unknown, unless the error says that nothing was sent.
   */
  send(call: PlantCall, context: ClientContext): Promise<PlantReply>
  /** Like `send`; what the plant refuses is thrown as TARGET_REFUSED. */
  demand(call: PlantCall, context: ClientContext): Promise<PlantReply>
  /** Cuts every connection; what waits for an answer fails with TARGET_UNAVAILABLE. */
  close(): void
}

/** The plant's code and words, from the body of a refusal. */
export function refusalOf({ status, body }: PlantReply): { readonly code: string; readonly problem: string } {
  const { success, data } = refusalSchema.safeParse(body)
  return success ? { code: data.code, problem: data.message } : { code: 'unknown', problem: `HTTP ${status}` }
}

/** What JSON.parse gave has nothing but JSON in it. */
const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

interface RawReply {
  readonly status: number
  readonly replayed: boolean
  readonly text: string
}

const mostSockets = 64

const textOf = (parts: readonly Buffer[]): string =>
  (parts.length === 1 ? parts[0] : undefined)?.toString('utf8') ?? Buffer.concat(parts).toString('utf8')

/**
 * Speaks HTTP through undici's `dispatch`, which makes neither streams nor a promise of its own: with connections kept
 * alive a request takes 25 µs of the processor, through node:http 60, and through `fetch` still more.
 */
export function plantClient({ name, url, timeoutMs, token }: PlantClientOptions): PlantClient {
  const base = new URL(url)
  const prefix = base.pathname.replace(/\/+$/, '')
  // How long an answer may take is counted on the clock of each call, and not here.
  const patience = { headersTimeout: 0, bodyTimeout: 0, connect: { timeout: 0 } }
  const pool = new Pool(base.origin, { connections: mostSockets, ...patience })
  const always = ['accept', 'application/json']
  if (token !== undefined) always.push('authorization', `Bearer ${token}`)
  let closed = false

  const unavailable = (problem: string, cause: unknown): AndonError =>
    new AndonError('TARGET_UNAVAILABLE', { details: { target: name, problem }, cause })

  function exchange({ method, path, body, actionId }: PlantCall, context: ClientContext): Promise<RawReply> {
    const { signal, clock, traceparent } = context
    const payload = body === undefined ? undefined : JSON.stringify(body)
    const started = clock.now()
    const headers = [...always]
    if (payload !== undefined) {
      headers.push('content-type', 'application/json')
    }
    if (actionId !== undefined) headers.push('idempotency-key', encodeURIComponent(actionId))
    if (traceparent !== undefined) headers.push('traceparent', traceparent)
    return new Promise((resolve, reject) => {
      const parts: Buffer[] = []
      let status = 0
      let replayed = false
      let request: Dispatcher.DispatchController | undefined
      let givenUp: AndonError | undefined
      const stop = (): void => {
        const milliseconds = Math.max(0, Math.round(clock.now() - started))
        const cause = new Error(signal.aborted ? 'aborted' : 'no answer in time')
        givenUp = new AndonError('TARGET_TIMEOUT', { details: { target: name, milliseconds }, cause })
        settle()
        reject(givenUp)
        request?.abort(givenUp)
      }
      const cancelTimer = clock.setTimer(timeoutMs, stop)
      const settle = (): void => {
        cancelTimer()
        signal.removeEventListener('abort', stop)
      }
      signal.addEventListener('abort', stop)
      pool.dispatch(
        { method, path: prefix + path, headers, body: payload ?? null },
        {
          onRequestStart(controller) {
            request = controller
            // Given up while it waited for a connection: it is never sent.
            if (givenUp !== undefined) controller.abort(givenUp)
          },
          onResponseStart(_, code, answered) {
            status = code
            replayed = answered['idempotent-replay'] === 'true'
          },
          onResponseData(_, part) {
            parts.push(part)
          },
          onResponseEnd() {
            settle()
            resolve({ status, replayed, text: textOf(parts) })
          },
          // Also a connection that breaks in the middle of an answer.
          onResponseError(_, cause) {
            settle()
            reject(unavailable(cause.message, cause))
          },
        },
      )
    })
  }

  async function send(call: PlantCall, context: ClientContext): Promise<PlantReply> {
    if (closed) throw unavailable('it is closed', new Error('close() was called'))
    if (context.signal.aborted) throw unavailable('cancelled before anything was sent', context.signal.reason)
    const { status, replayed, text } = await exchange(call, context)
    if (status >= 500 || status === 429) throw unavailable(`HTTP ${status}`, new Error(text.slice(0, 500)))
    return { status, body: objectOf(text), replayed }
  }

  /** What is not a JSON object was not said by the plant, but by something on the way to it. */
  function objectOf(text: string): JsonObject {
    try {
      const value: unknown = JSON.parse(text)
      if (isObject(value)) return value
      throw new TypeError('not an object')
    } catch (cause) {
      throw unavailable('the answer is not a JSON object', cause)
    }
  }

  return {
    send,
    async demand(call, context) {
      const reply = await send(call, context)
      if (reply.status < 400) return reply
      const { code, problem } = refusalOf(reply)
      const details = { target: name, problem: `${code}, ${problem}` }
      throw new AndonError('TARGET_REFUSED', { details, cause: new Error(`HTTP ${reply.status} ${code}`) })
    },
    close() {
      closed = true
      void pool.destroy()
    },
  }
}
