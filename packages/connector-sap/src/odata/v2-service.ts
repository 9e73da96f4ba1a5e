import * as z from 'zod'
import { afterChange, unavailable } from '../http/failures.js'
import type { SapContext, SapHttp, SapReply } from '../http/sap-http.js'
import { batchBody, batchReplies, type PartReply } from './multipart.js'
import { type Query, withQuery } from './query.js'
import { odataService, type ServiceOptions } from './service.js'
import * as v2 from './v2.js'

/** An entity and the ETag that a change of it has to name. */
export interface Tagged<T> {
  readonly entity: T
  readonly etag: string | undefined
}

/** What became of a change, and how it stands now. */
export type Changed<T> =
  | { readonly outcome: 'done'; readonly now: Tagged<T> }
  /** If-Match was not the present state, so it did nothing. `now` where the answer tells. */
  | { readonly outcome: 'stale'; readonly now?: Tagged<T> }

export interface ListRequest {
  readonly set: string
  readonly filter?: string | undefined
  readonly expand?: string
  readonly orderby?: string
  /** At most so many; default 1,000. */
  readonly limit?: number
}

/** One OData V2 service. */
export interface V2Service {
  list<T extends z.ZodType>(
    request: ListRequest,
    entity: T,
    context: SapContext,
  ): Promise<{ readonly items: readonly Tagged<z.output<T>>[]; readonly cut: boolean }>
  /** @throws AndonError TARGET_REFUSED with SAP's words, and as the HTTP layer does */
  read<T extends z.ZodType>(path: string, entity: T, context: SapContext): Promise<Tagged<z.output<T>>>
  /** @throws as `read` does */
  create<T extends z.ZodType>(set: string, body: object, entity: T, context: SapContext): Promise<z.output<T>>
  /** Changes what has this ETag and reads it back, both in one `$batch`. */
  change<T extends z.ZodType>(
    change: { readonly path: string; readonly etag: string; readonly body: object },
    entity: T,
    context: SapContext,
  ): Promise<Changed<z.output<T>>>
  /** Calls a function that changes something. `stale` as with a change. @param parameters OData literals */
  call(
    call: { readonly name: string; readonly parameters: Query; readonly etag?: string | undefined },
    context: SapContext,
  ): Promise<'done' | 'stale'>
}

/** The present state is another, or If-Match was lost on the way: nothing was done. */
const isStale = ({ status }: { readonly status: number }): boolean => status === 412 || status === 428

export function v2Service(http: SapHttp, options: ServiceOptions): V2Service {
  const service = odataService(http, options)

  const tagged = <T extends z.ZodType>(schema: T, value: unknown, header?: string): Tagged<z.output<T>> => ({
    entity: service.read(schema, value),
    etag: service.read(v2.withMetadata, value).__metadata?.etag ?? header,
  })

  const checked = <R extends SapReply | PartReply>(reply: R): R => {
    if (reply.status >= 400) throw http.errorOf(reply)
    return reply
  }

  async function sendBatch(
    change: { readonly path: string; readonly etag: string; readonly body: object },
    context: SapContext,
  ): Promise<readonly [PartReply, PartReply] | 'stale'> {
    const path = change.path.slice(1)
    const headers = { 'content-type': 'application/json', 'if-match': change.etag }
    const { contentType, body } = batchBody(
      {
        method: 'PATCH',
        path: withQuery(path, service.always),
        headers,
        body: JSON.stringify(change.body),
      },
      [{ method: 'GET', path: withQuery(path, service.always) }],
    )
    const reply = await service.send(
      {
        method: 'POST',
        path: '/$batch',
        headers: { accept: 'multipart/mixed', 'content-type': contentType },
        body,
        expects: 'multipart',
      },
      context,
    )
    // Said of the whole batch by a gateway in front of the service.
    if (isStale(reply)) return 'stale'
    checked(reply)
    const [written, read] = batchReplies(reply.headers['content-type'] ?? '', reply.text) ?? []
    if (written !== undefined && read !== undefined) return [written, read]
    throw unavailable(
      options.name,
      { en: 'the answer of $batch is not whole', zh: '$batch 的应答不完整' },
      new RangeError('parts are missing'),
    )
  }

  return {
    async list({ set, filter, expand, orderby, limit = 1_000 }, entity, context) {
      const query = { filter, expand, orderby, top: limit + 1 }
      const found = await service.list({ set, query, limit }, v2.collection, z.unknown(), context)
      return { items: found.items.map((item) => tagged(entity, item)), cut: found.cut }
    },
    async read(path, entity, context) {
      const reply = checked(await service.send({ method: 'GET', path }, context))
      return tagged(entity, service.read(v2.single, reply.body), reply.headers.etag)
    },
    async create(set, body, entity, context) {
      const reply = checked(await service.send({ method: 'POST', path: `/${set}`, body }, context))
      return tagged(entity, service.read(v2.single, reply.body)).entity
    },
    async change(change, entity, context) {
      const sent = await sendBatch(change, context)
      if (sent === 'stale') return { outcome: 'stale' }
      const [written, read] = sent
      if (!isStale(written)) checked(written)
      else if (read.status >= 400) return { outcome: 'stale' }
      const now = (): Tagged<z.output<typeof entity>> =>
        tagged(entity, service.read(v2.single, checked(read).body), read.headers.etag)
      if (isStale(written)) return { outcome: 'stale', now: now() }
      return { outcome: 'done', now: await afterChange(options.name, now) }
    },
    async call({ name, parameters, etag }, context) {
      const reply = await service.send(
        {
          method: 'POST',
          path: `/${name}`,
          query: parameters,
          ...(etag !== undefined && { headers: { 'if-match': etag } }),
        },
        context,
      )
      if (isStale(reply)) return 'stale'
      checked(reply)
      return 'done'
    },
  }
}
