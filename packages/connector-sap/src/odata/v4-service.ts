import type * as z from 'zod'
import type { SapContext, SapHttp } from '../http/sap-http.js'
import { odataService, type ServiceOptions } from './service.js'
import * as v4 from './v4.js'

/** One OData V4 service, as far as it is read and created in. */
export interface V4Service {
  list<T extends z.ZodType>(
    request: {
      readonly set: string
      readonly filter?: string
      readonly expand?: string
      readonly orderby?: string
      /** At most so many; default 1,000. */
      readonly limit?: number
    },
    entity: T,
    context: SapContext,
  ): Promise<{ readonly items: readonly z.output<T>[]; readonly cut: boolean }>
  /** @throws AndonError TARGET_REFUSED with SAP's words, and as the HTTP layer does */
  create<T extends z.ZodType>(set: string, body: object, entity: T, context: SapContext): Promise<z.output<T>>
}

export function v4Service(http: SapHttp, options: ServiceOptions): V4Service {
  const service = odataService(http, options)
  const headers = { accept: v4.mediaType }
  return {
    async list({ set, filter, expand, orderby, limit = 1_000 }, entity, context) {
      const query = { filter, expand, orderby, top: limit + 1 }
      return service.list({ set, query, limit, headers }, v4.collection, entity, context)
    },
    async create(set, body, entity, context) {
      const reply = await service.send(
        {
          method: 'POST',
          path: `/${set}`,
          headers: { ...headers, 'content-type': v4.mediaType },
          body,
        },
        context,
      )
      if (reply.status >= 400) throw http.errorOf(reply)
      return service.read(entity, reply.body)
    },
  }
}
