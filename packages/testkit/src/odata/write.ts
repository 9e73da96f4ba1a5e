import { jsonAnswer, type SimulatorAnswer } from '../simulator/exchange.js'
import { checkPrecondition, etagOf } from './etag.js'
import type { Row, Value } from './field.js'
import { literalValue, malformed, tokens } from './literals.js'
import type { DeepRow, EntitySet, FunctionImport, Navigation } from './model.js'
import { answerNotation, bodyNotation, type ODataRequest, type ServiceContext } from './odata-request.js'
import { ODataProblem } from './problem.js'
import { entityAnswer, existing, versionHeader } from './read.js'
import { addressOf, entityJson, keyPath } from './render.js'
import { valueFrom } from './values.js'

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

function bodyOf(request: ODataRequest): Readonly<Record<string, unknown>> {
  if (!/^application\/json\b/i.test(request.headers['content-type'] ?? '')) {
    throw new ODataProblem(415, '/IWFND/CM_MGW/415', 'Only application/json is understood')
  }
  try {
    const body: unknown = JSON.parse(request.text)
    if (isObject(body)) return body
  } catch {
    // Said below: the reader's own words would tell nothing about this service.
  }
  throw new ODataProblem(400, '/IWBEP/CM_MGW_RT/176', 'The body is not a JSON object')
}

/** The list that a deep create has for a part: `[…]`, in V2 also `{results: […]}`. */
function listOf(name: string, given: unknown, { many }: Navigation): readonly unknown[] {
  const list = isObject(given) && Array.isArray(given.results) ? given.results : given
  if (Array.isArray(list)) return list
  if (!many && isObject(given)) return [given]
  throw new ODataProblem(400, '/IWBEP/CM_MGW_RT/176', `${name} is not a list`, name)
}

/** Checks every field of a body and of its parts against the model. */
function deepRow(
  context: ServiceContext,
  request: ODataRequest,
  set: EntitySet,
  body: unknown,
  may: 'create' | 'update',
): DeepRow {
  if (!isObject(body)) throw new ODataProblem(400, '/IWBEP/CM_MGW_RT/176', `${set.type} is not an object`)
  const notation = bodyNotation(context, request)
  const given: Record<string, Value> = {}
  const parts: Record<string, readonly DeepRow[]> = {}
  for (const [name, value] of Object.entries(body)) {
    if (name === '__metadata' || name.startsWith('@odata.')) continue
    const navigation = Object.hasOwn(set.navigations ?? {}, name) ? set.navigations?.[name] : undefined
    const part = navigation === undefined ? undefined : context.service.sets[navigation.set]
    const field = Object.hasOwn(set.fields, name) ? set.fields[name] : undefined
    if (navigation !== undefined && part !== undefined && may === 'create') {
      parts[name] = listOf(name, value, navigation).map((one) => deepRow(context, request, part, one, may))
    } else if (field === undefined) {
      throw new ODataProblem(
        400,
        '/IWBEP/CM_MGW_RT/021',
        `Property ${name} is not defined in type ${set.type}`,
        name,
      )
    } else if (may === 'create' ? field.computed === true : field.updatable !== true) {
      throw new ODataProblem(400, '/IWBEP/CM_MGW_RT/025', `Property ${name} cannot be set`, name)
    } else given[name] = valueFrom(name, field, value, notation)
  }
  if (may === 'create') checkRequired(set, given)
  return { given, parts }
}

function checkRequired(set: EntitySet, given: Row): void {
  const missing = Object.entries(set.fields).find(
    ([name, field]) => field.required === true && ['', null, undefined].includes(asText(given[name])),
  )
  if (missing === undefined) return
  throw new ODataProblem(400, '/IWBEP/CM_MGW_RT/022', `Enter a value for ${missing[0]}`, missing[0])
}

const asText = (value: Value | undefined): string | null | undefined =>
  value === undefined || value === null ? value : String(value)

function notAllowed(): never {
  throw new ODataProblem(405, '/IWFND/CM_MGW/405', 'The method is not allowed for this resource')
}

/** Makes an entity with its parts: all or nothing. */
export function create(context: ServiceContext, request: ODataRequest, set: EntitySet): SimulatorAnswer {
  const { rules } = context
  const rule = set.create ?? notAllowed()
  const input = deepRow(context, request, set, bodyOf(request), 'create')
  const row = rules.tables.atomically(() => rule(rules, input))
  const expand = Object.keys(input.parts).join(',')
  const query = new URLSearchParams(expand === '' ? {} : { $expand: expand })
  const location = addressOf(context, keyPath(set, row))
  return entityAnswer(context, { ...request, query }, 201, set, row, { location })
}

/** Changes an entity; 204, with the new ETag. */
export function update(
  context: ServiceContext,
  request: ODataRequest,
  set: EntitySet,
  key: Row,
): SimulatorAnswer {
  const { rules, service } = context
  const rule = set.update ?? notAllowed()
  const row = existing(context, set, key)
  checkPrecondition(set, row, service.version, request)
  const { given } = deepRow(context, request, set, bodyOf(request), 'update')
  rules.tables.atomically(() => rule(rules, row, given))
  const etag = etagOf(set, existing(context, set, key), service.version)
  return { status: 204, headers: { ...versionHeader(context), ...(etag === undefined ? {} : { etag }) } }
}

function argumentsOf(
  { parameters, optional = [] }: FunctionImport,
  query: URLSearchParams,
  version: ServiceContext['service']['version'],
): Row {
  const given = Object.entries(parameters).flatMap(([name, field]): [string, Value][] => {
    const source = query.get(name)
    if (source === null) {
      if (optional.includes(name)) return []
      throw new ODataProblem(400, '/IWBEP/CM_MGW_RT/170', `Function parameter ${name} is missing`, name)
    }
    const [token, ...rest] = tokens(source, version)
    const value =
      token?.type === 'literal' && rest.length === 0 ? literalValue(token.literal, field.type) : undefined
    if (value === undefined) throw malformed(`${name}=${source}`)
    if (field.type === 'text' && String(value).length > field.length) throw malformed(`${name}=${source}`)
    return [[name, value]]
  })
  return Object.fromEntries(given)
}

/** Calls a function by POST, its arguments in the query. */
export function callFunction(
  context: ServiceContext,
  request: ODataRequest,
  name: string,
  definition: FunctionImport,
): SimulatorAnswer {
  const { rules, service } = context
  const given = argumentsOf(definition, request.query, service.version)
  const named = definition.precondition?.(rules, given)
  const namedSet = named === undefined ? undefined : service.sets[named.set]
  if (named !== undefined && namedSet !== undefined) {
    checkPrecondition(namedSet, named.row, service.version, request)
  }
  const result = rules.tables.atomically(() => definition.call(rules, given))
  const returned = definition.returns === undefined ? undefined : service.sets[definition.returns]
  if (returned === undefined) return jsonAnswer(200, { d: { [name]: result } }, versionHeader(context))
  const query = new URLSearchParams()
  if (context.functionResults === 'plain') {
    return entityAnswer(context, { ...request, query }, 200, returned, result)
  }
  const entity = entityJson(context, returned, result, { expand: {} }, answerNotation(context, request))
  return jsonAnswer(200, { d: { [name]: entity } }, versionHeader(context))
}
