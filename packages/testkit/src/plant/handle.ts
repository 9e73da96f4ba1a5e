import type { Localized } from '@andon/core/connector'
import * as z from 'zod'
import { equipmentRoutes } from './equipment-routes.js'
import { type Floor, quoteSchema, stateOf } from './floor.js'
import { materialRoutes } from './material-routes.js'
import { noticeRoutes } from './notice-routes.js'
import { orderRoutes } from './order-routes.js'
import { type Answer, known, matchRoute, Refusal, type Route, reading, type WriteRoute } from './route.js'

/** One request, as it is kept in the plant's journal too. */
export interface PlantRequest {
  readonly method: string
  /** The path with its ids percent-encoded. */
  readonly path: string
  readonly body: unknown
  /** The `Idempotency-Key`. */
  readonly action: string | null
  /** Epoch ms. */
  readonly at: number
}

export interface PlantAnswer {
  readonly status: number
  readonly body: Answer | { readonly code: string; readonly message: Localized }
  /** True when the floor is not what it was before. */
  readonly changed: boolean
  /** True when the action id had its effect before and this is the answer of then. */
  readonly replayed: boolean
}

const routes: readonly Route[] = [
  reading('/health', () => ({ status: 'ok' })),
  reading('/state', (floor) => ({ ...stateOf(floor) })),
  reading('/actions/:', (floor, [id = '']) => ({
    ...known(floor.deeds, id, { en: 'action', zh: '动作' }),
  })),
  ...materialRoutes,
  ...orderRoutes,
  ...equipmentRoutes,
  ...noticeRoutes,
]

const quotesIn = z.object({ quotes: z.array(quoteSchema).catch([]) })

function refused({ status, code, text }: Refusal): PlantAnswer {
  return { status, body: { code, message: text }, changed: false, replayed: false }
}

function write(floor: Floor, route: WriteRoute, ids: readonly string[], request: PlantRequest): PlantAnswer {
  const { action, at, method, path, body } = request
  const deed = action === null ? undefined : floor.deeds.get(action)
  const asked = `${method} ${path}`
  if (deed !== undefined && deed.request !== asked) {
    throw new Refusal(409, 'action_id_reused', {
      en: `the action id stands for ${deed.request}`,
      zh: `该动作 id 已用于 ${deed.request}`,
    })
  }
  if (deed !== undefined) return { status: 200, body: deed.answer, changed: false, replayed: true }
  const effect = route.write(floor, ids, body, { action, at })
  // A copy: the deed tells what was true then, not what becomes of it.
  const answer = structuredClone({ ...effect.answer, reference: effect.reference })
  if (action !== null) {
    const { quotes } = quotesIn.parse(body)
    floor.deeds.set(action, { id: action, request: asked, reference: effect.reference, answer, quotes, at })
  }
  return { status: 200, body: answer, changed: true, replayed: false }
}

/** The plant's whole behaviour: the same requests at the same instants lead to the same floor. */
export function handleRequest(floor: Floor, request: PlantRequest): PlantAnswer {
  try {
    const segments = request.path.split('/').slice(1).map(decodeURIComponent)
    for (const route of routes) {
      if (route.method !== request.method) continue
      const ids = matchRoute(route, segments)
      if (ids === undefined) continue
      if ('write' in route) return write(floor, route, ids, request)
      return { status: 200, body: route.read(floor, ids, request.at), changed: false, replayed: false }
    }
    throw new Refusal(404, 'no_such_route', {
      en: `there is nothing at ${request.method} ${request.path}`,
      zh: `${request.method} ${request.path} 不存在`,
    })
  } catch (error) {
    if (error instanceof Refusal) return refused(error)
    if (error instanceof URIError) {
      return refused(new Refusal(400, 'bad_path', { en: 'the path is not valid', zh: '路径无效' }))
    }
    throw error
  }
}
