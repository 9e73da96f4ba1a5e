import type { Clock, Redactor } from '@andon/core/connector'
import type { AndonError } from '@andon/core/errors'
import * as z from 'zod'
import { refused, type Speaker, unavailable } from '../failures.js'
import { sharedWork } from '../http/shared-work.js'
import type { Grant } from './grant.js'

export interface Session {
  readonly token: string
  /** Where the org lives, for the event bus. */
  readonly instanceUrl: string
  /** 18 characters. */
  readonly orgId: string
  readonly userId: string
}

/** A raw exchange with the token endpoint. */
export type TokenCall = (
  form: URLSearchParams,
  clock: Clock,
  signal: AbortSignal,
) => Promise<{ readonly status: number; readonly text: string }>

const answerSchema = z.object({
  access_token: z.string().min(1),
  instance_url: z.string().optional(),
  /** `https://login.salesforce.com/id/<org>/<user>` */
  id: z.string().default(''),
  refresh_token: z.string().min(1).optional(),
})
const refusalSchema = z.object({ error: z.string(), error_description: z.string().default('') })

/** Sessions that may be asked for in {@link capWindow} (ms): a broken org is not hammered with token requests. */
const mostSessions = 10
const capWindow = 60_000

/**
 * One session for all calls. Salesforce does not say how long one lasts, so it is used until it is turned away; then
 * another is fetched, once however many calls were turned away, and at most ten times a minute.
 */
export class SessionKeeper {
  readonly #grant: Grant
  readonly #call: TokenCall
  readonly #speaker: Speaker
  readonly #redactor: Redactor
  readonly #url: string
  readonly #fetch: (clock: Clock, signal: AbortSignal) => Promise<Session>
  readonly #asked: number[] = []
  #session: Session | undefined

  constructor(options: {
    readonly grant: Grant
    readonly call: TokenCall
    readonly speaker: Speaker
    readonly redactor: Redactor
    readonly url: string
  }) {
    this.#grant = options.grant
    this.#call = options.call
    this.#speaker = options.speaker
    this.#redactor = options.redactor
    this.#url = options.url
    this.#fetch = sharedWork(options.speaker, (clock, signal) => this.#ask(clock, signal))
  }

  async current(clock: Clock, signal: AbortSignal): Promise<Session> {
    this.#session ??= await this.#fetch(clock, signal)
    return this.#session
  }

  /** This session was turned away: forgotten, unless a newer one is there already. */
  turnedAway({ token }: Session): void {
    if (this.#session?.token === token) this.#session = undefined
  }

  async #ask(clock: Clock, signal: AbortSignal): Promise<Session> {
    const now = clock.now()
    while ((this.#asked[0] ?? now) <= now - capWindow) this.#asked.shift()
    if (this.#asked.length >= mostSessions) {
      throw unavailable(
        this.#speaker,
        {
          en: `${mostSessions} sessions within a minute were turned away; waiting before the next`,
          zh: `一分钟内已有 ${mostSessions} 个会话被拒绝；稍后再试`,
        },
        new Error('too many token requests'),
      )
    }
    this.#asked.push(now)
    const { status, text } = await this.#call(await this.#grant.form(clock), clock, signal)
    const answer = answerSchema.safeParse(jsonOrNothing(text))
    if (status !== 200 || !answer.success) throw this.#refusal(status, text)
    const { access_token: token, instance_url: instance, id, refresh_token: next } = answer.data
    this.#redactor.keep(token, 'token')
    if (next !== undefined) await this.#grant.rotated(next)
    const [orgId = '', userId = ''] = id.split('/').slice(-2)
    this.#session = { token, instanceUrl: instance ?? this.#url, orgId, userId }
    return this.#session
  }

  #refusal(status: number, text: string): AndonError {
    const said = refusalSchema.safeParse(jsonOrNothing(text)).data
    if (said === undefined || status >= 500 || status === 429) {
      const en = `the token endpoint answers with HTTP ${status} and no session`
      const zh = `令牌端点返回 HTTP ${status}，没有会话`
      return unavailable(this.#speaker, { en, zh }, new Error(`HTTP ${status}`), { status })
    }
    const words = this.#redactor.redact(`${said.error} ${said.error_description}`.trim()).slice(0, 500)
    return refused(
      this.#speaker,
      { en: `the org does not accept the connected app: ${words}`, zh: `组织不接受该连接的应用：${words}` },
      new Error(`HTTP ${status}, ${words}`),
      { status, errorCode: said.error },
    )
  }
}

function jsonOrNothing(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
