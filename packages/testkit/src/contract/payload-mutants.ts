import type { DecodedPayload, JsonValue } from '@andon/core/connector'
import { seededRandom } from '../random.js'

/** At most so many mutants of one payload: the suite stays within seconds. */
const mostMutants = 400

const nested = (depth: number): JsonValue => {
  let value: JsonValue = 'deep'
  for (let level = 0; level < depth; level += 1) value = { in: value }
  return value
}

const jsonPayload = (json: Readonly<Record<string, unknown>> | readonly unknown[]): DecodedPayload => ({
  text: JSON.stringify(json),
  json,
})

/** What is of no channel at all. */
export const rubbish: readonly DecodedPayload[] = [
  { text: '' },
  { text: ' \n\t' },
  { text: 'hello' },
  { text: '\u0000\u0001\u0002\uFFFD' },
  { text: '<' },
  { text: '<html><body>404</body></html>', contentType: 'text/html' },
  { text: 'null' },
  { text: '{"broken": ' },
  jsonPayload({}),
  jsonPayload([]),
  jsonPayload([1, null, 'x', []]),
  jsonPayload({ unknown: true, data: null }),
  jsonPayload({ in: nested(60) }),
]

/** What a field may hold when a platform has a bad day. */
const oddValues: readonly JsonValue[] = [
  null,
  '',
  '  ',
  0,
  -1,
  1e308,
  true,
  [],
  {},
  [null],
  nested(40),
  '漏'.repeat(30_000),
  '1919-01-01T00:00:00Z',
  'not a date',
  '\uD800',
]

type Path = readonly (string | number)[]

const isList = (value: unknown): value is readonly unknown[] => Array.isArray(value)
const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !isList(value)

function pathsOf(value: unknown, path: Path = [], depth = 0): readonly Path[] {
  if (depth > 8) return []
  const entries: readonly (readonly [string | number, unknown])[] = isList(value)
    ? value.map((item, index) => [index, item] as const)
    : isObject(value)
      ? Object.entries(value)
      : []
  return entries.flatMap(([key, part]) => [[...path, key], ...pathsOf(part, [...path, key], depth + 1)])
}

/** A copy with the value at `path` replaced, or taken away when `value` is undefined. */
function changed(source: unknown, path: Path, value: JsonValue | undefined): unknown {
  const [key, ...rest] = path
  if (key === undefined) return value
  if (isList(source)) {
    return source.flatMap((item, index) => {
      if (index !== key) return [item]
      const next = changed(item, rest, value)
      return next === undefined ? [] : [next]
    })
  }
  if (!isObject(source)) return source
  return Object.fromEntries(
    Object.entries(source).flatMap(([name, part]) => {
      if (name !== key) return [[name, part] as const]
      const next = changed(part, rest, value)
      return next === undefined ? [] : [[name, next] as const]
    }),
  )
}

function jsonMutants(payload: DecodedPayload, json: unknown): readonly DecodedPayload[] {
  const mutants: DecodedPayload[] = []
  for (const path of pathsOf(json)) {
    for (const value of [undefined, ...oddValues]) {
      const next = changed(json, path, value)
      if (isList(next) || isObject(next)) mutants.push({ ...payload, text: JSON.stringify(next), json: next })
    }
  }
  return mutants
}

function textMutants(payload: DecodedPayload, random: () => number): readonly DecodedPayload[] {
  const { json: _, ...rest } = payload
  const mutants: DecodedPayload[] = []
  for (let round = 0; round < 60; round += 1) {
    const at = Math.floor(random() * payload.text.length)
    const length = Math.floor(random() * 12)
    const filler = ['', '<', '"', '\r\n\r\n', '\u0000', '：', '&#x0;'][Math.floor(random() * 7)] ?? ''
    mutants.push({ ...rest, text: payload.text.slice(0, at) + filler + payload.text.slice(at + length) })
    mutants.push({ ...rest, text: payload.text.slice(0, at) })
  }
  return mutants
}

/** A payload in many broken forms: each field absent or odd, the text cut and altered. Seeded: always the same. */
export function mutantsOf(payload: DecodedPayload, seed = 1): readonly DecodedPayload[] {
  const random = seededRandom(seed)
  const all = payload.json === undefined ? textMutants(payload, random) : jsonMutants(payload, payload.json)
  if (all.length <= mostMutants) return all
  return all
    .map((mutant) => ({ mutant, order: random() }))
    .sort((left, right) => left.order - right.order)
    .slice(0, mostMutants)
    .map(({ mutant }) => mutant)
}
