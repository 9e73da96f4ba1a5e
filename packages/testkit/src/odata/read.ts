import { jsonAnswer, type SimulatorAnswer } from '../simulator/exchange.js'
import { etagOf } from './etag.js'
import type { Row } from './field.js'
import { compareValues, parseFilter } from './filter.js'
import { kindOf, malformed } from './literals.js'
import type { EntitySet } from './model.js'
import {
  answerNotation,
  checkOptions,
  countOption,
  type ODataRequest,
  type ServiceContext,
} from './odata-request.js'
import { ODataProblem } from './problem.js'
import { addressOf, entityJson, related } from './render.js'
import type { Resource } from './resource-path.js'
import { shapeOf } from './shape.js'

/** Headers that every answer of the version has. */
export const versionHeader = ({ service }: ServiceContext): Readonly<Record<string, string>> =>
  service.version === 2 ? { dataserviceversion: '2.0' } : { 'odata-version': '4.0' }

export function existing({ rules }: ServiceContext, set: EntitySet, key: Row): Row {
  const row = rules.tables.find(set.name, key)
  if (row !== undefined) return row
  throw new ODataProblem(404, '/IWBEP/CM_MGW_RT/020', `Resource not found: ${set.name}`)
}

/** One entity as an answer, with its ETag in the head too. */
export function entityAnswer(
  context: ServiceContext,
  request: ODataRequest,
  status: 200 | 201,
  set: EntitySet,
  row: Row,
  headers: SimulatorAnswer['headers'] = {},
): SimulatorAnswer {
  const { service } = context
  const shape = shapeOf(service, set, request.query)
  const entity = entityJson(context, set, row, shape, answerNotation(context, request))
  const etag = etagOf(set, row, service.version)
  const body =
    service.version === 2 ? { d: entity } : { '@odata.context': `$metadata#${set.name}/$entity`, ...entity }
  return jsonAnswer(status, body, {
    ...versionHeader(context),
    ...(etag === undefined ? {} : { etag }),
    ...headers,
  })
}

function sorted(set: EntitySet, rows: readonly Row[], orderby: string | null): readonly Row[] {
  if (orderby === null) return rows
  const terms = orderby.split(',').map((term) => {
    const [name = '', direction = 'asc', ...rest] = term.trim().split(/\s+/)
    const field = Object.hasOwn(set.fields, name) ? set.fields[name] : undefined
    if (field === undefined || rest.length > 0 || (direction !== 'asc' && direction !== 'desc')) {
      throw malformed(`$orderby=${term}`)
    }
    return { name, kind: kindOf[field.type], sign: direction === 'asc' ? 1 : -1 }
  })
  return rows.toSorted((left, right) => {
    for (const { name, kind, sign } of terms) {
      const order = sign * compareValues(kind, left[name] ?? null, right[name] ?? null)
      if (order !== 0) return order
    }
    return 0
  })
}

/** By an index where the filter asks for one value of a field. */
function filtered(
  context: ServiceContext,
  set: EntitySet,
  query: URLSearchParams,
  among?: readonly Row[],
): readonly Row[] {
  const { rules, service } = context
  const source = query.get('$filter')
  if (source === null) return among ?? [...rules.tables.rows(set.name)]
  const { fits, equals } = parseFilter(source, set.fields, service.version)
  const [first] = equals
  const candidates =
    among ??
    (first === undefined
      ? [...rules.tables.rows(set.name)]
      : rules.tables.rowsWith(set.name, first.field, first.value))
  return candidates.filter(fits)
}

function list(
  context: ServiceContext,
  request: ODataRequest,
  set: EntitySet,
  among?: readonly Row[],
): SimulatorAnswer {
  const { service, pageSize } = context
  const { query } = request
  const shape = shapeOf(service, set, query)
  const all = sorted(set, filtered(context, set, query, among), query.get('$orderby'))
  const skip = countOption(query, '$skip') ?? 0
  const top = countOption(query, '$top') ?? Number.POSITIVE_INFINITY
  const wanted = all.slice(skip, skip + top)
  const from = countOption(query, '$skiptoken') ?? 0
  const page = wanted.slice(from, from + pageSize)
  const notation = answerNotation(context, request)
  const entities = page.map((row) => entityJson(context, set, row, shape, notation))
  const more = from + page.length < wanted.length
  const next = new URLSearchParams(query)
  next.set('$skiptoken', String(from + page.length))
  const link = more ? addressOf(context, `${request.path}?${next}`) : undefined
  const counted = query.get('$inlinecount') === 'allpages' || query.get('$count') === 'true'
  const body =
    service.version === 2
      ? {
          d: {
            ...(counted ? { __count: String(all.length) } : {}),
            results: entities,
            ...(link === undefined ? {} : { __next: link }),
          },
        }
      : {
          '@odata.context': `$metadata#${set.name}`,
          ...(counted ? { '@odata.count': all.length } : {}),
          value: entities,
          ...(link === undefined ? {} : { '@odata.nextLink': link }),
        }
  return jsonAnswer(200, body, versionHeader(context))
}

/** Answers a GET of entities. */
export function read(
  context: ServiceContext,
  request: ODataRequest,
  resource: Extract<Resource, { kind: 'set' | 'entity' | 'navigation' }>,
): SimulatorAnswer {
  checkOptions(request.query, context.service.version)
  if (resource.kind === 'entity') {
    const row = existing(context, resource.set, resource.key)
    return entityAnswer(context, request, 200, resource.set, row)
  }
  if (resource.kind === 'navigation') {
    const { navigation, target } = resource
    const rows = related(context, existing(context, resource.set, resource.key), navigation)
    if (navigation.many) return list(context, request, target, rows)
    const [row] = rows
    return row === undefined
      ? { status: 204, headers: versionHeader(context) }
      : entityAnswer(context, request, 200, target, row)
  }
  if (!resource.count) return list(context, request, resource.set)
  const count = filtered(context, resource.set, request.query).length
  return {
    status: 200,
    headers: { 'content-type': 'text/plain', ...versionHeader(context) },
    text: String(count),
  }
}
