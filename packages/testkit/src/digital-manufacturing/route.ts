import * as z from 'zod'
import { jsonAnswer, type SimulatorAnswer, type SimulatorRequest } from '../simulator/exchange.js'
import { DmRefusal, type RefusalShape } from './refusal.js'
import type { DmChange, ShopFloor } from './shop-floor.js'

/** What a route is asked. */
export interface Asked<B, Q> {
  readonly floor: ShopFloor
  readonly body: B
  readonly query: Q
  /** What stands for the braces of the path. */
  readonly id: string
  /** Epoch ms. */
  readonly at: number
  /** Writes down that something became different. */
  changed(what: DmChange['what'], object: string, from: unknown, to: unknown): void
}

export interface Route {
  readonly method: string
  readonly path: RegExp
  readonly shape: RefusalShape
  readonly reads: boolean
  answer(floor: ShopFloor, request: SimulatorRequest): SimulatorAnswer
}

interface RouteOf<B, Q> {
  readonly method: 'GET' | 'POST' | 'PATCH'
  /** With `{}` for an id. */
  readonly path: string
  readonly shape: RefusalShape
  /** A POST that only asks. */
  readonly reads?: boolean
  readonly body: z.ZodType<B>
  readonly query: z.ZodType<Q>
  /** Throws a {@link DmRefusal} before the first change, or not at all. Undefined answers 204. */
  readonly handle: (asked: Asked<B, Q>) => unknown
  /** 200 when absent. */
  readonly status?: number
}

function checked<T>(schema: z.ZodType<T>, given: unknown, where: string): T {
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const field = issue?.path.join('.') || where
  throw new DmRefusal(400, 'validation.error', `${field}: ${issue?.message ?? 'not valid'}`)
}

/** For a route without one. */
export const nothing = z.unknown()

function bodyOf({ headers, text, method }: SimulatorRequest): unknown {
  if (method === 'GET') return undefined
  if (headers['content-type']?.startsWith('application/json') !== true) {
    throw new DmRefusal(400, 'content.type', 'The content type must be application/json')
  }
  try {
    return JSON.parse(text)
  } catch {
    throw new DmRefusal(400, 'json.invalid', 'The body is not JSON')
  }
}

export function route<B, Q>({ body: bodySchema, query: querySchema, ...of }: RouteOf<B, Q>): Route {
  const { method, path, shape, handle, status = 200, reads = method === 'GET' } = of
  const pattern = new RegExp(`^${path.replace('{}', '([^/]+)')}$`)
  return {
    ...{ method, path: pattern, shape, reads },
    answer(floor, request) {
      const body = checked(bodySchema, bodyOf(request), 'body')
      const query = checked(querySchema, Object.fromEntries(request.query), 'query')
      const [, id = ''] = pattern.exec(request.path) ?? []
      const answer = handle({
        ...{ floor, body, query, id: decodeURIComponent(id), at: request.at },
        changed(what, object, from, to) {
          const change = { at: request.at, what, object, from: String(from), to: String(to) }
          floor.changes.push({ ...change, request: request.text })
        },
      })
      return answer === undefined ? { status: 204 } : jsonAnswer(status, answer)
    },
  }
}

/** The thing of this name, or a 404. */
export function known<T>(things: ReadonlyMap<string, T>, id: string, what: string): T {
  const found = things.get(id)
  if (found === undefined) throw new DmRefusal(404, `${what}.not.found`, `${what} ${id} does not exist`)
  return found
}

/** A plant that is not this one is nobody's. */
export function requirePlant({ setup }: ShopFloor, plant: string): void {
  if (plant !== setup.plant) throw new DmRefusal(403, 'plant.forbidden', `No access to plant ${plant}`)
}

/** One page, and what DM says of it. */
export function pageOf<T>(
  items: readonly T[],
  page: number,
  size: number,
): {
  readonly content: readonly T[]
  readonly number: number
  readonly numberOfElements: number
  readonly size: number
  readonly totalElements: number
  readonly totalPages: number
  readonly last: boolean
  readonly empty: boolean
} {
  const content = items.slice(page * size, (page + 1) * size)
  const totalPages = Math.ceil(items.length / size)
  const facts = { number: page, numberOfElements: content.length, size, totalElements: items.length }
  return { content, ...facts, totalPages, last: page + 1 >= totalPages, empty: content.length === 0 }
}
