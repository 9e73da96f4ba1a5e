import { malformed } from './literals.js'
import type { EntitySet, Service } from './model.js'
import { ODataProblem } from './problem.js'

/** Which fields and which parts of an entity an answer shows. */
export interface Shape {
  /** undefined: all fields. */
  readonly select?: readonly string[]
  readonly expand: Readonly<Record<string, Shape>>
}

const unknown = (set: EntitySet, name: string): ODataProblem =>
  new ODataProblem(400, '/IWBEP/CM_MGW_RT/021', `Property ${name} is not defined in type ${set.type}`, name)

function partOf(service: Service, set: EntitySet, name: string): EntitySet {
  const navigation = Object.hasOwn(set.navigations ?? {}, name) ? set.navigations?.[name] : undefined
  const part = navigation === undefined ? undefined : service.sets[navigation.set]
  if (part === undefined) throw unknown(set, name)
  return part
}

/** The parts of a list at the commas outside of brackets and quotes. */
function splitOutside(source: string, separator: ',' | ';'): readonly string[] {
  const parts: string[] = []
  let depth = 0
  let quoted = false
  let from = 0
  for (let at = 0; at < source.length; at++) {
    const sign = source[at]
    if (sign === "'") quoted = !quoted
    else if (quoted) continue
    else if (sign === '(') depth += 1
    else if (sign === ')') depth -= 1
    else if (sign === separator && depth === 0) {
      parts.push(source.slice(from, at))
      from = at + 1
    }
  }
  parts.push(source.slice(from))
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}

/** V2: paths in both lists, `to_Item,to_Item/to_Serial` and `Field,to_Item/Field`. */
function shapeV2(
  service: Service,
  set: EntitySet,
  expand: readonly string[],
  select: readonly string[] | undefined,
): Shape {
  const below = (paths: readonly string[], name: string): readonly string[] =>
    paths.flatMap((path) => (path.startsWith(`${name}/`) ? [path.slice(name.length + 1)] : []))
  const names = [...new Set(expand.map((path) => path.split('/', 1)[0] ?? ''))]
  const expanded = names.map((name): [string, Shape] => {
    const part = partOf(service, set, name)
    const selected = select === undefined || select.includes(name) ? undefined : below(select, name)
    return [name, shapeV2(service, part, below(expand, name), selected)]
  })
  if (select === undefined || select.includes('*')) return { expand: Object.fromEntries(expanded) }
  const fields = select.filter((path) => !path.includes('/') && !Object.hasOwn(set.navigations ?? {}, path))
  const stranger = fields.find((name) => !Object.hasOwn(set.fields, name))
  if (stranger !== undefined) throw unknown(set, stranger)
  return { select: fields, expand: Object.fromEntries(expanded) }
}

/** V4: `_Item($select=A,B;$expand=_Cause)`. */
function shapeV4(service: Service, set: EntitySet, expand: string, select: string | null): Shape {
  const expanded = splitOutside(expand, ',').map((source): [string, Shape] => {
    const [, name = '', options = ''] = /^(\w+)(?:\((.*)\))?$/s.exec(source) ?? []
    const part = partOf(service, set, name)
    const given = new Map(
      splitOutside(options, ';').map((option): [string, string] => {
        const at = option.indexOf('=')
        const key = option.slice(0, Math.max(at, 0))
        if (key !== '$select' && key !== '$expand') throw malformed(`${option} within $expand`)
        return [key, option.slice(at + 1)]
      }),
    )
    return [name, shapeV4(service, part, given.get('$expand') ?? '', given.get('$select') ?? null)]
  })
  const fields = select === null ? undefined : splitOutside(select, ',')
  if (fields === undefined || fields.includes('*')) return { expand: Object.fromEntries(expanded) }
  const stranger = fields.find((name) => !Object.hasOwn(set.fields, name))
  if (stranger !== undefined) throw unknown(set, stranger)
  return { select: fields, expand: Object.fromEntries(expanded) }
}

/** Reads `$select` and `$expand`. Throws an ODataProblem. */
export function shapeOf(service: Service, set: EntitySet, query: URLSearchParams): Shape {
  const expand = query.get('$expand') ?? ''
  const select = query.get('$select')
  return service.version === 2
    ? shapeV2(
        service,
        set,
        splitOutside(expand, ','),
        select === null ? undefined : splitOutside(select, ','),
      )
    : shapeV4(service, set, expand, select)
}
