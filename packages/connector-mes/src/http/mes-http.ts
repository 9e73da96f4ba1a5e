import type { JsonObject, JsonValue } from '@andon/core/connector'
import * as z from 'zod'
import { authOf } from './auth.js'
import type { CheckedConnection } from './connection-options.js'
import type { Call } from './deadline.js'
import { type WireAnswer, wire } from './exchange.js'
import { MesRefusal, unavailable } from './failures.js'

export interface MesRequest {
  readonly method: 'GET' | 'POST' | 'PUT'
  /** Below the base path; begins with `/`, ids percent-encoded. */
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: object
  /** Of a write. */
  readonly actionId?: string
  /** ms that the answer may take longer than usual. */
  readonly extraMs?: number
}

export interface MesReply {
  readonly body: JsonObject
  /** The action id had its effect before. */
  readonly replayed: boolean
}

export interface MesHttp {
  /**
   * The answer of an operation that was done.
   *
   * @throws MesRefusal what the MES itself says no to
   * @throws AndonError TARGET_UNAVAILABLE or TARGET_TIMEOUT: whether it was done is unknown, unless the error says that
   *   nothing was sent
   */
  send(request: MesRequest, call: Call): Promise<MesReply>
  /** Says that an answer does not keep the contract. */
  unreadable(what: string, cause: unknown): Error
  close(): void
}

const problemSchema = z.object({ code: z.string().min(1).max(100), detail: z.string().default('') })
const longestDetail = 2_000

const isObject = (value: JsonValue): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** Speaks the contract's HTTP: credentials, JSON and nothing else, refusals by their code. */
export function mesHttp(name: string, options: CheckedConnection): MesHttp {
  const line = wire(name, options)
  const auth = authOf(name, options.auth, line)
  const base = options.url.replace(/\/+$/, '')
  let closed = false

  async function admitted(request: MesRequest, call: Call): Promise<WireAnswer> {
    const { method, path, query, body, actionId, extraMs } = request
    const search = query === undefined ? '' : `?${new URLSearchParams(query)}`
    const common: Record<string, string> = { 'Accept-Language': options.language }
    if (body !== undefined) common['Content-Type'] = 'application/json'
    if (actionId !== undefined) common['Idempotency-Key'] = encodeURIComponent(actionId)
    const once = (credential: Awaited<ReturnType<typeof auth.credential>>): Promise<WireAnswer> =>
      line.exchange(
        {
          ...{ method, url: `${base}${path}${search}` },
          headers: credential === undefined ? common : { ...common, [credential.header]: credential.value },
          ...(body !== undefined && { body: JSON.stringify(body) }),
          ...(extraMs !== undefined && { extraMs }),
        },
        call,
      )
    const credential = await auth.credential(call)
    const answer = await once(credential)
    if (answer.status !== 401 || credential === undefined) return answer
    // Nothing was done at a 401, so asking again is safe; once, and only with another credential.
    const other = await auth.credential(call, credential)
    return other === undefined || other.value === credential.value ? answer : once(other)
  }

  /** What is not a JSON object was not said by the MES, but by something on the way to it. */
  function objectOf({ status, contentType, text }: WireAnswer): JsonObject {
    if (!/^application\/(?:[\w.+-]+\+)?json\b/i.test(contentType)) {
      const type = auth.redact(contentType).split(';', 1)[0]?.slice(0, 60) || 'nothing'
      const problem = {
        en: `HTTP ${status} with ${type} instead of JSON`,
        zh: `HTTP ${status}，内容为 ${type} 而不是 JSON`,
      }
      throw unavailable(name, problem, new TypeError('not JSON'))
    }
    try {
      const value: JsonValue = JSON.parse(text)
      if (isObject(value)) return value
    } catch {
      // The parser's message would show a piece of the answer.
    }
    const problem = {
      en: `HTTP ${status} whose body is not a JSON object`,
      zh: `HTTP ${status}，内容不是 JSON 对象`,
    }
    throw unavailable(name, problem, new TypeError('not an object'))
  }

  function refusalOf(answer: WireAnswer): Error {
    const { status } = answer
    const told = problemSchema.safeParse(objectOf(answer))
    if (!told.success) {
      const problem = {
        en: `HTTP ${status} that is not a problem of the contract`,
        zh: `HTTP ${status}，不是契约规定的 problem`,
      }
      return unavailable(name, problem, new Error(`HTTP ${status}`))
    }
    const code = auth.redact(told.data.code)
    const detail = auth.redact(told.data.detail).slice(0, longestDetail)
    const refusal = new MesRefusal(code, detail, status)
    const after = status === 429 || status === 503 ? answer.header('retry-after') : undefined
    const seconds = after !== undefined && /^\d{1,9}$/.test(after) ? after : undefined
    // Credentials are put right by people: what waits for that must not be given up.
    if (status >= 500 || status === 429 || status === 401) {
      const said = `HTTP ${status} ${refusal.message}`
      const problem =
        seconds === undefined
          ? said
          : { en: `${said}, again after ${seconds} s`, zh: `${said}，${seconds} 秒后重试` }
      return unavailable(name, problem, refusal)
    }
    return refusal
  }

  return {
    async send(request, call) {
      if (closed) {
        throw unavailable(name, { en: 'it is closed', zh: '已关闭' }, new Error('close() was called'))
      }
      const answer = await admitted(request, call)
      if (answer.status >= 400) throw refusalOf(answer)
      if (answer.status < 200 || answer.status >= 300) {
        throw unavailable(name, `HTTP ${answer.status}`, new Error('redirects are not followed'))
      }
      return { body: objectOf(answer), replayed: answer.header('idempotent-replay') === 'true' }
    },
    unreadable(what, cause) {
      const problem = {
        en: `the answer to ${what} does not keep the contract`,
        zh: `对 ${what} 的应答不符合契约`,
      }
      return unavailable(name, problem, cause)
    },
    close() {
      closed = true
      line.close()
    },
  }
}
