import type { Localized } from '@andon/core/connector'
import { equipmentRoutes } from './equipment-routes.js'
import { deedOf, type Floor, stateOf } from './floor.js'
import { inquiryRoutes } from './inquiry-routes.js'
import { materialRoutes } from './material-routes.js'
import { noticeRoutes } from './notice-routes.js'
import { orderRoutes } from './order-routes.js'
import { quotesIn } from './quotes.js'
import { known, matchSegments, Refusal, type Route, reading, type WriteRoute } from './route.js'
import { unitRoutes } from './unit-routes.js'

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
  /** A hold or a parameter is to be acknowledged and not done. */
  readonly wrong?: boolean | undefined
}

export type PlantAnswer =
  | {
      readonly status: 200
      /** JSON. */
      readonly text: string
      /** True when the floor is not what it was before. */
      readonly changed: boolean
      /** True when the action id had its effect before and this is the answer of then. */
      readonly replayed: boolean
    }
  | { readonly status: number; readonly code: string; readonly message: Localized }

const routes: readonly Route[] = [
  reading('/health', () => ({ status: 'ok' })),
  reading('/state', (floor) => ({ ...stateOf(floor) })),
  reading('/actions/:', (floor, [id = '']) => ({
    ...deedOf(floor, known(floor.deeds, id, { en: 'action', zh: '动作' })),
  })),
  ...inquiryRoutes,
  ...materialRoutes,
  ...unitRoutes,
  ...orderRoutes,
  ...equipmentRoutes,
  ...noticeRoutes,
]

/** By method and first segment: a request meets a handful and not all of them. */
const routesBy = Map.groupBy(routes, ({ method, segments: [first = ''] }) => `${method} ${first}`)

const count = (counts: Map<string, number>, id: string): void => {
  counts.set(id, (counts.get(id) ?? 0) + 1)
}

function write(floor: Floor, route: WriteRoute, ids: readonly string[], request: PlantRequest): PlantAnswer {
  const { action, at, method, path, body, wrong = false } = request
  const deed = action === null ? undefined : floor.deeds.get(action)
  const asked = `${method} ${path}`
  if (deed !== undefined && deed.request !== asked) {
    throw new Refusal(409, 'action_id_reused', {
      en: `the action id stands for ${deed.request}`,
      zh: `该动作 id 已用于 ${deed.request}`,
    })
  }
  if (deed !== undefined) return { status: 200, text: deed.text, changed: false, replayed: true }
  const { reference, answer, done = true, undoes = [] } = route.write(floor, ids, body, { action, at, wrong })
  if (done) {
    if (action !== null) count(floor.effects, action)
    for (const id of new Set(undoes)) if (id !== null) count(floor.undone, id)
  }
  // Text: the deed tells what was true then, not what becomes of it.
  const text = JSON.stringify({ ...answer, reference })
  if (action !== null) {
    floor.deeds.set(action, { id: action, request: asked, reference, text, quotes: quotesIn(body), at })
  }
  return { status: 200, text, changed: true, replayed: false }
}

interface Match {
  readonly route: Route
  readonly ids: readonly string[]
}

/** @throws Refusal when nothing is there, URIError when the path is not percent-encoded as it must be */
function matched(method: string, path: string): Match {
  const parts = path.split('/')
  parts.shift()
  const segments = path.includes('%') ? parts.map(decodeURIComponent) : parts
  for (const route of routesBy.get(`${method} ${segments[0] ?? ''}`) ?? []) {
    const ids = matchSegments(route.segments, segments)
    if (ids !== undefined) return { route, ids }
  }
  throw new Refusal(404, 'no_such_route', {
    en: `there is nothing at ${method} ${path}`,
    zh: `${method} ${path} 不存在`,
  })
}

/** Whether a request only asks. */
export const isRead = (method: string, path: string): boolean =>
  method === 'GET' || inquiryRoutes.some(({ segments }) => path === `/${segments.join('/')}`)

/** The plant's whole behaviour: the same requests at the same instants lead to the same floor. */
export function handleRequest(floor: Floor, request: PlantRequest): PlantAnswer {
  try {
    const { route, ids } = matched(request.method, request.path)
    if ('write' in route) return write(floor, route, ids, request)
    const text = JSON.stringify(route.read(floor, ids, request.at, request.body))
    return { status: 200, text, changed: false, replayed: false }
  } catch (error) {
    if (error instanceof Refusal) {
      return { status: error.status, code: error.code, message: error.text }
    }
    if (error instanceof URIError) {
      return { status: 400, code: 'bad_path', message: { en: 'the path is not valid', zh: '路径无效' } }
    }
    throw error
  }
}
