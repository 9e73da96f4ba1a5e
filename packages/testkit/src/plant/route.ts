import type { Localized } from '@andon/core/connector'
import type * as z from 'zod'
import type { Floor } from './floor.js'

/** Who writes, and when. */
export interface Writer {
  /** The `Idempotency-Key` of the request; null when it had none. */
  readonly action: string | null
  /** Epoch ms. */
  readonly at: number
}

export type Answer = Readonly<Record<string, unknown>>

/** What a write did: the document it made, and what the plant says of it. */
export interface Effect {
  readonly reference: string
  readonly answer: Answer
}

/** The plant's no: 404 for an unknown id, 409 for a state that forbids it, 422 for a request that is not valid. */
export class Refusal extends Error {
  constructor(
    readonly status: 400 | 404 | 409 | 422,
    readonly code: string,
    readonly text: Localized,
  ) {
    super(text.en)
  }
}

export interface ReadRoute {
  readonly method: 'GET'
  readonly segments: readonly string[]
  readonly read: (floor: Floor, ids: readonly string[], at: number) => Answer
}

export interface WriteRoute {
  readonly method: 'POST' | 'PUT'
  readonly segments: readonly string[]
  /** Checks the body, then changes the floor; throws a {@link Refusal} before the first change, or not at all. */
  readonly write: (floor: Floor, ids: readonly string[], body: unknown, writer: Writer) => Effect
}

export type Route = ReadRoute | WriteRoute

/** `/batches/:` matches one segment for each colon. */
const segmentsOf = (path: string): readonly string[] => path.split('/').slice(1)

export const reading = (path: string, read: ReadRoute['read']): ReadRoute => ({
  method: 'GET',
  segments: segmentsOf(path),
  read,
})

export function writing<B>(
  method: WriteRoute['method'],
  path: string,
  schema: z.ZodType<B>,
  write: (floor: Floor, ids: readonly string[], body: B, writer: Writer) => Effect,
): WriteRoute {
  return {
    method,
    segments: segmentsOf(path),
    write(floor, ids, body, writer) {
      const result = schema.safeParse(body)
      if (result.success) return write(floor, ids, result.data, writer)
      const issue = result.error.issues[0]
      const field = issue?.path.join('.') || 'body'
      throw new Refusal(422, 'invalid', {
        en: `${field}: ${issue?.message ?? 'not as expected'}`,
        zh: `${field}：不符合要求`,
      })
    },
  }
}

/** The ids that stand for the colons, or undefined when the path is another. */
export function matchRoute(route: Route, segments: readonly string[]): readonly string[] | undefined {
  if (route.segments.length !== segments.length) return undefined
  const ids: string[] = []
  for (const [index, wanted] of route.segments.entries()) {
    const found = segments[index] ?? ''
    if (wanted === ':') ids.push(found)
    else if (wanted !== found) return undefined
  }
  return ids
}

/** The thing with this id, or the plant's 404. */
export function known<T>(things: ReadonlyMap<string, T>, id: string, kind: Localized): T {
  const thing = things.get(id)
  if (thing !== undefined) return thing
  throw new Refusal(404, 'unknown', {
    en: `there is no ${kind.en} ${id}`,
    zh: `没有${kind.zh} ${id}`,
  })
}
