import type { Row, Value } from './field.js'
import { literalValue, malformed, tokens } from './literals.js'
import type { EntitySet, FunctionImport, Navigation, Service } from './model.js'
import { ODataProblem } from './problem.js'

/** What the path below a service's root names. */
export type Resource =
  | { readonly kind: 'service' }
  | { readonly kind: 'metadata' }
  | { readonly kind: 'batch' }
  | { readonly kind: 'function'; readonly name: string; readonly definition: FunctionImport }
  | { readonly kind: 'set'; readonly set: EntitySet; readonly count: boolean }
  | { readonly kind: 'entity'; readonly set: EntitySet; readonly key: Row }
  | {
      readonly kind: 'navigation'
      readonly set: EntitySet
      readonly key: Row
      readonly name: string
      readonly navigation: Navigation
      readonly target: EntitySet
    }

const notFound = (segment: string): ODataProblem =>
  new ODataProblem(404, '/IWFND/CM_MGW/096', `Resource not found for the segment '${segment}'`)

/** `Material='x',Batch='y'` or, for a key of one field, just `'x'`. */
function keyFrom(set: EntitySet, source: string, version: Service['version']): Row {
  const list = tokens(source, version)
  const [only] = list
  const value = (name: string, token: (typeof list)[number] | undefined): Value => {
    const field = set.fields[name]
    const found =
      token?.type === 'literal' && field !== undefined ? literalValue(token.literal, field.type) : undefined
    if (found === undefined || found === null) throw malformed(`key ${name} of ${set.name}`)
    return found
  }
  const [single, ...others] = set.key
  if (list.length === 1 && single !== undefined && others.length === 0)
    return { [single]: value(single, only) }
  const given: Record<string, Value> = {}
  for (let at = 0; at < list.length; at += 4) {
    const [name, equals, content, comma] = list.slice(at, at + 4)
    const closes =
      comma === undefined || (comma.type === 'mark' && comma.mark === ',' && at + 4 < list.length)
    if (name?.type !== 'name' || equals?.type !== 'mark' || equals.mark !== '=' || !closes) {
      throw malformed(`key of ${set.name}`)
    }
    if (!set.key.includes(name.name) || Object.hasOwn(given, name.name)) {
      throw malformed(`${name.name} is no key of ${set.name}`)
    }
    given[name.name] = value(name.name, content)
  }
  if (Object.keys(given).length !== set.key.length) throw malformed(`the key of ${set.name} is incomplete`)
  return given
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment)
  } catch {
    throw malformed('the path is not percent-encoded')
  }
}

/**
 * What a path names, relative to the service's root and percent-encoded: `Batch(Material='M',…)`,
 * `A_MaterialDocumentHeader(…)/to_MaterialDocumentItem`, `Set/$count`, `$metadata`, a function's name.
 */
export function resourceAt(service: Service, path: string): Resource {
  const [first = '', second, ...more] = path.split('/').map(decode)
  if (first === '') return { kind: 'service' }
  if (more.length > 0) throw notFound(more[0] ?? '')
  if (first === '$metadata') return { kind: 'metadata' }
  if (first === '$batch') return { kind: 'batch' }
  const match = /^(\w+)(?:\((.*)\))?$/s.exec(first)
  const [, name = '', keySource] = match ?? []
  const set = Object.hasOwn(service.sets, name) ? service.sets[name] : undefined
  if (set === undefined) {
    const definition =
      service.functions !== undefined && Object.hasOwn(service.functions, name)
        ? service.functions[name]
        : undefined
    if (definition === undefined || keySource !== undefined || second !== undefined) throw notFound(first)
    return { kind: 'function', name, definition }
  }
  if (keySource === undefined) {
    if (second !== undefined && second !== '$count') throw notFound(second)
    return { kind: 'set', set, count: second === '$count' }
  }
  const key = keyFrom(set, keySource, service.version)
  if (second === undefined) return { kind: 'entity', set, key }
  const navigation = Object.hasOwn(set.navigations ?? {}, second) ? set.navigations?.[second] : undefined
  const target = navigation === undefined ? undefined : service.sets[navigation.set]
  if (navigation === undefined || target === undefined) throw notFound(second)
  return { kind: 'navigation', set, key, name: second, navigation, target }
}
