import type { JsonValue } from '@andon/core/connector'
import type * as z from 'zod'
import { refused, unavailable } from '../../http/failures.js'
import { sapError } from '../../http/sap-error.js'
import type { SapCall, SapContext, SapHttp } from '../../http/sap-http.js'

/** One plant of Digital Manufacturing. */
export interface Dm {
  /** Of the target: errors name it. */
  readonly name: string
  readonly plant: string
  readonly http: SapHttp
}

/** `?plant=…&…`; what is undefined is left out. */
export function queryOf(parameters: Readonly<Record<string, string | number | boolean | undefined>>): string {
  const pairs = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}=${encodeURIComponent(String(value))}`],
  )
  return `?${pairs.join('&')}`
}

/** What the answer has to be; lenient with what is not needed. */
export async function ask<T>(dm: Dm, call: SapCall, schema: z.ZodType<T>, context: SapContext): Promise<T> {
  const { body } = await dm.http.demand(call, context)
  return read(dm, schema, body)
}

/** Like `ask`; undefined where DM knows no such thing. */
export async function find<T>(
  dm: Dm,
  call: SapCall,
  schema: z.ZodType<T>,
  context: SapContext,
): Promise<T | undefined> {
  const reply = await dm.http.send(call, context)
  if (reply.status === 404) return undefined
  if (reply.status >= 400) throw sapError(dm.name, reply, dm.http.redactor)
  return read(dm, schema, reply.body)
}

/** For what is answered with a 204 and nothing else: a page that comes with a 200 is from somebody in between. */
export async function tell(dm: Dm, call: SapCall, context: SapContext): Promise<void> {
  const { status } = await dm.http.demand({ ...call, expects: 'nothing' }, context)
  if (status === 204) return
  throw unavailable(
    dm.name,
    { en: `HTTP ${status} is not what the service answers`, zh: `HTTP ${status} 不是该服务的应答` },
    new TypeError('not a 204'),
  )
}

export function read<T>(dm: Dm, schema: z.ZodType<T>, body: JsonValue | undefined): T {
  const answer = schema.safeParse(body)
  if (answer.success) return answer.data
  const where = answer.error.issues[0]?.path.join('.') || 'the answer'
  throw unavailable(
    dm.name,
    { en: `${where} is not what the service answers`, zh: `应答与服务不符（${where}）` },
    new TypeError('the answer is not one of Digital Manufacturing'),
  )
}

/** More would not be a list that anybody decides on. */
const mostPages = 100

/** All pages of a list, one after the other. */
export async function allPages<T>(
  dm: Dm,
  page: (number: number) => Promise<{ readonly content: readonly T[]; readonly totalPages: number }>,
): Promise<readonly T[]> {
  const all: T[] = []
  for (let number = 0; number < mostPages; number += 1) {
    const { content, totalPages } = await page(number)
    all.push(...content)
    if (number + 1 >= totalPages) return all
  }
  throw refused(
    dm.name,
    { en: `a list has more than ${mostPages} pages`, zh: `列表超过 ${mostPages} 页` },
    new RangeError('too many pages'),
  )
}
