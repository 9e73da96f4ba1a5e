import { etagOf } from '../odata/etag.js'
import type { Row } from '../odata/field.js'
import type { EntitySet, Service } from '../odata/model.js'
import { ODataProblem } from '../odata/problem.js'
import { resourceAt } from '../odata/resource-path.js'
import type { SimulatorRequest } from '../simulator/exchange.js'
import { completed, laterThan, mark, stampAfter } from './entity.js'
import { reclassify } from './stock.js'
import type { World } from './world.js'

/** Who changes things in the plant beside the client under test. */
const somebody = 'SOMEBODY'

/** The stamp of a change of this entity now. */
function stamped(world: World, set: EntitySet, row: Row): Row {
  if (set.etag === undefined) return {}
  const { at } = world.context(somebody)
  const last = row[set.etag]
  return {
    [set.etag]: typeof last === 'string' ? stampAfter(last, at) : laterThan(last, at),
  }
}

/** Another user changes an entity, past the rules: what they did was allowed. What follows from it follows. */
export function changeBySomebody(world: World, setName: string, key: Row, patch: Row): Row {
  const set = world.set(setName)
  const row = set && world.tables.find(setName, key)
  if (set === undefined || row === undefined) throw new RangeError(`no such entity of ${setName}`)
  const context = world.context(somebody)
  const changed = { ...stamped(world, set, row), ...patch }
  const after = world.tables.change(setName, row, changed, mark(context))
  const restricted = patch.MatlBatchIsInRstrcdUseStock
  if (setName === 'Batch' && typeof restricted === 'boolean') reclassify(context, after, restricted)
  return after
}

/** Another user makes an entity, past the rules. */
export function addBySomebody(world: World, setName: string, given: Row): Row {
  const set = world.set(setName)
  if (set === undefined) throw new RangeError(`no set ${setName}`)
  const context = world.context(somebody)
  return world.tables.insert(setName, completed(set, given, {}), mark(context))
}

/** The addresses of what a request changes: its own, or those in its batch. */
function changedPaths(
  service: Service,
  request: SimulatorRequest,
): readonly { path: string; query: URLSearchParams }[] {
  const own = request.path.slice(service.root.length + 1)
  if (own !== '$batch') return [{ path: own, query: request.query }]
  return [...request.text.matchAll(/^(?:PATCH|MERGE|POST) (\S+) HTTP\/1\.1\r?$/gm)].map(([, target = '']) => {
    const [path = '', query = ''] = target.split('?', 2)
    const at = path.indexOf(`${service.root}/`)
    return {
      path: at < 0 ? path : path.slice(at + service.root.length + 1),
      query: new URLSearchParams(query),
    }
  })
}

function entityAt(
  world: World,
  service: Service,
  path: string,
  query: URLSearchParams,
): { readonly set: EntitySet; readonly row: Row } | undefined {
  const resource = resourceAt(service, path)
  if (resource.kind === 'entity') {
    const row = world.tables.find(resource.set.name, resource.key)
    return row === undefined ? undefined : { set: resource.set, row }
  }
  if (resource.kind !== 'function' || resource.definition.precondition === undefined) return undefined
  const given = Object.fromEntries(
    Object.keys(resource.definition.parameters).map((name) => [name, (query.get(name) ?? '').slice(1, -1)]),
  )
  const named = resource.definition.precondition(world.context(somebody), given)
  const set = service.sets[named.set]
  return set === undefined ? undefined : { set, row: named.row }
}

/** What somebody else makes of an entity of a set: the fields that change. */
export type SomebodyElse = (set: string, row: Row) => Row

/**
 * Somebody else changes the entity that a request is about to change, so that its If-Match is stale; false when it
 * changes none that has an ETag.
 */
export function makeStale(world: World, request: SimulatorRequest, somebodyElse: SomebodyElse): boolean {
  if (['GET', 'HEAD'].includes(request.method)) return false
  const service = world.services.find(({ root }) => request.path.startsWith(`${root}/`))
  if (service === undefined) return false
  for (const { path, query } of changedPaths(service, request)) {
    try {
      const found = entityAt(world, service, path, query)
      if (found === undefined || etagOf(found.set, found.row, service.version) === undefined) continue
      changeBySomebody(world, found.set.name, found.row, somebodyElse(found.set.name, found.row))
      return true
    } catch (error) {
      // The request is malformed or about nothing: that is for its own answer to say.
      if (!(error instanceof ODataProblem)) throw error
    }
  }
  return false
}
