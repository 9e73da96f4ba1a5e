import { etagOf } from './etag.js'
import type { Row, Value } from './field.js'
import type { EntitySet, Navigation } from './model.js'
import type { ServiceContext } from './odata-request.js'
import type { Shape } from './shape.js'
import { type Notation, valueTo } from './values.js'

/** The rows that a navigation leads to. */
export function related({ rules }: ServiceContext, row: Row, { set, on }: Navigation): readonly Row[] {
  const [[here, there] = ['', '']] = on
  return rules.tables
    .rowsWith(set, there, row[here] ?? null)
    .filter((other) => on.every(([mine, theirs]) => row[mine] === other[theirs]))
}

const quoted = (value: Value): string => `'${encodeURIComponent(String(value).replaceAll("'", "''"))}'`

/** `Batch(Material='M',Batch='B')`, as an address has it. */
export function keyPath(set: EntitySet, row: Row): string {
  const [only = '', ...others] = set.key
  const predicate =
    others.length === 0
      ? quoted(row[only] ?? '')
      : set.key.map((name) => `${name}=${quoted(row[name] ?? '')}`).join(',')
  return `${set.name}(${predicate})`
}

export const addressOf = ({ origin, service }: ServiceContext, path: string): string =>
  `${origin}${service.root}/${path}`

function fieldsOf(set: EntitySet, row: Row, select: readonly string[] | undefined, notation: Notation) {
  const names = select ?? Object.keys(set.fields)
  return names.flatMap((name): [string, unknown][] => {
    const field = set.fields[name]
    return field === undefined ? [] : [[name, valueTo(field, row[name] ?? null, notation)]]
  })
}

/** An entity in JSON, with the parts that the shape asks for. */
export function entityJson(
  context: ServiceContext,
  set: EntitySet,
  row: Row,
  shape: Shape,
  notation: Notation,
): Readonly<Record<string, unknown>> {
  const { service } = context
  const isV2 = service.version === 2
  const parts = Object.entries(set.navigations ?? {}).flatMap(([name, navigation]): [string, unknown][] => {
    const partShape = Object.hasOwn(shape.expand, name) ? shape.expand[name] : undefined
    const part = service.sets[navigation.set]
    if (part === undefined) return []
    if (partShape === undefined) {
      const uri = addressOf(context, `${keyPath(set, row)}/${name}`)
      return isV2 && shape.select === undefined ? [[name, { __deferred: { uri } }]] : []
    }
    const found = related(context, row, navigation).map((one) =>
      entityJson(context, part, one, partShape, notation),
    )
    if (!navigation.many) return [[name, found[0] ?? null]]
    return [[name, isV2 ? { results: found } : found]]
  })
  const etag = etagOf(set, row, service.version)
  const uri = addressOf(context, keyPath(set, row))
  const head: [string, unknown][] = isV2
    ? [
        [
          '__metadata',
          { id: uri, uri, type: `${service.namespace}.${set.type}`, ...(etag === undefined ? {} : { etag }) },
        ],
      ]
    : etag === undefined
      ? []
      : [['@odata.etag', etag]]
  return Object.fromEntries([...head, ...fieldsOf(set, row, shape.select, notation), ...parts])
}
