import type * as z from 'zod'
import { csrfSession } from '../http/csrf.js'
import { unavailable } from '../http/failures.js'
import type { SapCall, SapContext, SapHttp, SapReply } from '../http/sap-http.js'
import { type Query, withQuery } from './query.js'

export interface ServiceOptions {
  /** Of the target: errors name it. */
  readonly name: string
  /** `/sap/opu/odata/sap/API_BATCH_SRV` */
  readonly root: string
  /** Goes along with every request: `sap-client`, `sap-language`. */
  readonly always: Query
  readonly cacheCsrf: boolean
}

/** What both versions of OData have in common: one service, its session, its answers. */
export interface Service {
  /** @param path below the root, with `/`; its own query first */
  send(
    call: Omit<SapCall, 'path'> & { readonly path: string; readonly query?: Query },
    context: SapContext,
  ): Promise<SapReply>
  /** All entities of a set, page by page, up to `limit` of them; `cut` when there are more. */
  list<T extends z.ZodType>(
    wanted: {
      readonly set: string
      readonly query: Query
      readonly limit: number
      readonly headers?: SapCall['headers']
    },
    page: z.ZodType<{ readonly items: readonly unknown[]; readonly next: string | undefined }>,
    entity: T,
    context: SapContext,
  ): Promise<{ readonly items: readonly z.output<T>[]; readonly cut: boolean }>
  /** The value as the schema has it, or TARGET_UNAVAILABLE: it was not said by this service. */
  read<T extends z.ZodType>(schema: T, value: unknown): z.output<T>
  /** The path with the root and what always goes along. */
  full(path: string, query?: Query): string
  /** The query that a part of a `$batch` needs. */
  readonly always: Query
}

export function odataService(http: SapHttp, { name, root, always, cacheCsrf }: ServiceOptions): Service {
  const full = (path: string, query: Query = {}): string =>
    `${root}${withQuery(path, { ...query, ...always })}`
  const session = csrfSession(http, { name, root, tokenPath: full('/'), cache: cacheCsrf })

  const read = <T extends z.ZodType>(schema: T, value: unknown): z.output<T> => {
    const result = schema.safeParse(value)
    if (result.success) return result.data
    const where = result.error.issues[0]?.path.join('.') ?? ''
    throw unavailable(
      name,
      {
        en: `the answer of ${root} is not as it should be${where === '' ? '' : `: ${where}`}`,
        zh: `${root} 的应答格式不符${where === '' ? '' : `：${where}`}`,
      },
      new TypeError(result.error.issues[0]?.message ?? 'not as it should be'),
    )
  }

  /** Below the root, whatever the server calls itself. */
  const pathOfNext = (next: string): string => {
    const path = next.replace(/^https?:\/\/[^/]+/, '')
    // A gateway may have put a path of its own before.
    const start = (path.split('?', 1)[0] ?? '').indexOf(`${root}/`)
    if (start !== -1) return path.slice(start)
    // Relative to the service, as V4 has it.
    if (!path.startsWith('/')) return `${root}/${path}`
    throw unavailable(
      name,
      { en: 'the next page is at another service', zh: '下一页位于另一个服务' },
      new RangeError(root),
    )
  }

  const demand = async (call: SapCall, context: SapContext): Promise<SapReply> => {
    const reply = await session(call, context)
    if (reply.status < 400) return reply
    throw http.errorOf(reply)
  }

  return {
    always,
    full,
    read,
    send: ({ path, query, ...call }, context) => session({ ...call, path: full(path, query) }, context),
    async list(wanted, page, entity, context) {
      const items: z.output<typeof entity>[] = []
      let path: string | undefined = full(`/${wanted.set}`, wanted.query)
      while (path !== undefined) {
        const call: SapCall = { method: 'GET', path, ...(wanted.headers && { headers: wanted.headers }) }
        const found: { items: readonly unknown[]; next: string | undefined } = read(
          page,
          (await demand(call, context)).body,
        )
        for (const item of found.items) {
          if (items.length === wanted.limit) return { items, cut: true }
          items.push(read(entity, item))
        }
        path = found.next === undefined ? undefined : pathOfNext(found.next)
      }
      return { items, cut: false }
    },
  }
}
