import type { Localized } from '@andon/core/connector'
import type * as z from 'zod'
import type { Floor } from './floor.js'

/** Who writes, and when. */
export interface Writer {
  /** The `Idempotency-Key` of the request; null when it had none. */
  readonly action: string | null
  /** Epoch ms. */
  readonly at: number
  /** The write is to be acknowledged and not done. */
  readonly wrong: boolean
}

export type Answer = Readonly<Record<string, unknown>>

/** What a write did: the document it made, and what the plant says of it. */
export interface Effect {
  readonly reference: string
  readonly answer: Answer
  /** False when it was only acknowledged. */
  readonly done?: boolean
  /** The action ids whose effect it took away. */
  readonly undoes?: readonly (string | null)[]
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
  /** POST for a question that is too long for a path. */
  readonly method: 'GET' | 'POST'
  readonly segments: readonly string[]
  readonly read: (floor: Floor, ids: readonly string[], at: number, body: unknown) => Answer
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

function checked<B>(schema: z.ZodType<B>, body: unknown): B {
  const result = schema.safeParse(body)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const field = issue?.path.join('.') || 'body'
  throw new Refusal(422, 'invalid', {
    en: `${field}: ${issue?.message ?? 'not as expected'}`,
    zh: `${field}：不符合要求`,
  })
}

export const reading = (
  path: string,
  read: (floor: Floor, ids: readonly string[], at: number) => Answer,
): ReadRoute => ({ method: 'GET', segments: segmentsOf(path), read })

/** A question whose body says what is asked. */
export const asking = <B>(
  path: string,
  schema: z.ZodType<B>,
  read: (floor: Floor, body: B, at: number) => Answer,
): ReadRoute => ({
  method: 'POST',
  segments: segmentsOf(path),
  read: (floor, _ids, at, body) => read(floor, checked(schema, body), at),
})

export const writing = <B>(
  method: WriteRoute['method'],
  path: string,
  schema: z.ZodType<B>,
  write: (floor: Floor, ids: readonly string[], body: B, writer: Writer) => Effect,
): WriteRoute => ({
  method,
  segments: segmentsOf(path),
  write: (floor, ids, body, writer) => write(floor, ids, checked(schema, body), writer),
})

/** The thing that a write changes: a copy of it when the write is only acknowledged. */
export const toChange = <T>(thing: T, { wrong }: Writer): T => (wrong ? structuredClone(thing) : thing)

/** The no to taking back what is gone already. */
export const nothingLeft = (): Refusal =>
  new Refusal(409, 'nothing_left', { en: 'there is nothing left to take back', zh: '已无可撤销的内容' })

/** The no to taking back what another has changed since. */
export const changedSince = (): Refusal =>
  new Refusal(409, 'changed_since', { en: 'it was changed since by another', zh: '此后已被其他操作更改' })

/** The ids that stand for the colons, or undefined when the path is another. */
export function matchSegments(
  wanted: readonly string[],
  segments: readonly string[],
): readonly string[] | undefined {
  if (wanted.length !== segments.length) return undefined
  const ids: string[] = []
  for (let index = 0; index < wanted.length; index += 1) {
    const found = segments[index] ?? ''
    if (wanted[index] === ':') ids.push(found)
    else if (wanted[index] !== found) return undefined
  }
  return ids
}

/** The plant's 404. */
export function unknown(id: string, kind: Localized): never {
  throw new Refusal(404, 'unknown', {
    en: `there is no ${kind.en} ${id}`,
    zh: `没有${kind.zh} ${id}`,
  })
}

/** The thing with this id, or the plant's 404. */
export const known = <T>(things: ReadonlyMap<string, T>, id: string, kind: Localized): T =>
  things.get(id) ?? unknown(id, kind)
