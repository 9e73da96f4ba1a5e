import type { Clock, JsonObject } from '@andon/core/connector'
import { AndonError, problemOf } from '@andon/core/errors'
import * as z from 'zod'

export interface PlantCall {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** Begins with `/`; ids percent-encoded. */
  readonly path: string
  readonly body?: JsonObject
  /** Makes the effect happen once. */
  readonly actionId?: string
}

/** What a call needs of an execution's context. */
export interface CallContext {
  readonly signal: AbortSignal
  readonly clock: Clock
  readonly traceparent?: string
}

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
const objectSchema = z.record(z.string(), z.json())

export interface PlantClient {
  /**
   * Any answer below 500 but 429. Throws AndonError TARGET_UNAVAILABLE or TARGET_TIMEOUT: whether the
   * work was done is then unknown, unless the error says that nothing was sent.
   */
  send(call: PlantCall, context: CallContext): Promise<PlantReply>
  /** Like `send`; what the plant refuses is thrown as TARGET_REFUSED. */
  demand(call: PlantCall, context: CallContext): Promise<PlantReply>
}

/** The plant's code and words, from the body of a refusal. */
export function refusalOf({ status, body }: PlantReply): { readonly code: string; readonly problem: string } {
  const { success, data } = refusalSchema.safeParse(body)
  return success ? { code: data.code, problem: data.message } : { code: 'unknown', problem: `HTTP ${status}` }
}

export function plantClient({ name, url, timeoutMs, token }: PlantClientOptions): PlantClient {
  const base = url.replace(/\/+$/, '')
  const fixedHeaders = {
    accept: 'application/json',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
  }
  const unavailable = (problem: string, cause: unknown): AndonError =>
    new AndonError('TARGET_UNAVAILABLE', { details: { target: name, problem }, cause })

  async function send(call: PlantCall, context: CallContext): Promise<PlantReply> {
    const { signal, clock, traceparent } = context
    if (signal.aborted) throw unavailable('cancelled before anything was sent', signal.reason)
    const started = clock.now()
    const stopper = new AbortController()
    const stop = (): void => stopper.abort()
    signal.addEventListener('abort', stop, { once: true })
    const cancelTimer = clock.setTimer(timeoutMs, stop)
    try {
      const response = await fetch(base + call.path, {
        method: call.method,
        headers: {
          ...fixedHeaders,
          ...(call.body !== undefined && { 'content-type': 'application/json' }),
          ...(call.actionId !== undefined && { 'idempotency-key': encodeURIComponent(call.actionId) }),
          ...(traceparent !== undefined && { traceparent }),
        },
        ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
        signal: stopper.signal,
      })
      // Always read to the end: a connection with an unread body cannot be used again.
      const text = await response.text()
      if (response.status >= 500 || response.status === 429) {
        throw unavailable(`HTTP ${response.status}`, new Error(text.slice(0, 500)))
      }
      const body = objectSchema.parse(JSON.parse(text))
      return { status: response.status, body, replayed: response.headers.get('idempotent-replay') === 'true' }
    } catch (cause) {
      if (cause instanceof AndonError) throw cause
      if (stopper.signal.aborted) {
        const milliseconds = Math.max(0, Math.round(clock.now() - started))
        throw new AndonError('TARGET_TIMEOUT', { details: { target: name, milliseconds }, cause })
      }
      throw unavailable(problemOf(cause), cause)
    } finally {
      cancelTimer()
      signal.removeEventListener('abort', stop)
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
  }
}
