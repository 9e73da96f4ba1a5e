import { jsonAnswer, type SimulatorAnswer, type SimulatorRequest } from '../../simulator/exchange.js'
import type { Writer } from '../org.js'
import { SalesforceRefusal } from '../refusal.js'
import { bodyOf, objectOf, problem, refusedRow } from './answers.js'
import { externalIdField, recordOf, upsert } from './record-routes.js'
import { basePathOf, type RestContext } from './rest-context.js'

const mostRows = 200
type RowResult = Readonly<Record<string, unknown>>

const rolledBack = new SalesforceRefusal(
  'ALL_OR_NONE_OPERATION_ROLLED_BACK',
  'Record rolled back because not all records were valid and the request was using AllOrNone header',
)

/** `composite/sobjects`: up to 200 rows in one request, each with a result of its own and always status 200. */
export function collectionRoutes({ org, authorOf }: RestContext) {
  const limited = <T>(rows: readonly T[]): readonly T[] => {
    if (rows.length <= mostRows) return rows
    throw new SalesforceRefusal(
      'EXCEEDED_MAX_ALLOWED_RECORDS',
      `record limit reached. cannot submit more than ${mostRows} records in one request`,
    )
  }

  const recordsOf = (
    body: Readonly<Record<string, unknown>>,
  ): readonly Readonly<Record<string, unknown>>[] => {
    if (!Array.isArray(body.records)) throw new SalesforceRefusal('JSON_PARSER_ERROR', 'records is required')
    return limited(body.records).map(objectOf)
  }

  const typeOf = (record: Readonly<Record<string, unknown>>): string => {
    const { type } = objectOf(record.attributes ?? {})
    if (typeof type === 'string' && type !== '') return type
    throw new SalesforceRefusal('INVALID_TYPE', 'attributes.type is required')
  }

  /** Each row on its own; with `allOrNone` the first that fails takes all back. */
  const eachRow = <T>(
    request: SimulatorRequest,
    allOrNone: boolean,
    rows: readonly T[],
    write: (writer: Writer, row: T) => RowResult,
  ): SimulatorAnswer => {
    let results: RowResult[] = []
    org.transaction(authorOf(request), (writer) => {
      const all = writer.savepoint(() => {
        results = rows.map((row) => {
          let result: RowResult = {}
          const refused = writer.savepoint(() => {
            result = { ...write(writer, row), success: true, errors: [] }
          })
          return refused === undefined ? result : refusedRow(refused)
        })
        if (allOrNone && results.some(({ success }) => success !== true)) throw rolledBack
      })
      if (all !== undefined)
        results = results.map((row) => (row.success === true ? refusedRow(rolledBack) : row))
    })
    return jsonAnswer(200, results)
  }

  return (request: SimulatorRequest, [name, key]: readonly string[]): SimulatorAnswer => {
    if (request.method === 'DELETE') {
      const ids = limited((request.query.get('ids') ?? '').split(',').filter((id) => id !== ''))
      return eachRow(request, request.query.get('allOrNone') === 'true', ids, (writer, id) => {
        const object = [...org.models].find(({ prefix }) => id.startsWith(prefix))
        if (object === undefined) throw new SalesforceRefusal('MALFORMED_ID', `bad id ${id}`)
        writer.delete(object.name, id)
        return { id }
      })
    }
    if (name !== undefined && key === undefined && request.method !== 'PATCH') {
      const object = org.model(name)
      const asked = request.method === 'POST' ? bodyOf(request) : undefined
      const list = (from: unknown, parameter: string): readonly string[] =>
        Array.isArray(from) ? from.map(String) : (request.query.get(parameter) ?? '').split(',')
      const fields = list(asked?.fields, 'fields')
      const ids = list(asked?.ids, 'ids')
      if (ids.length > 2000) throw problem(413)
      return jsonAnswer(
        200,
        ids.map((id) => {
          const row = org.row(object.name, id)
          return row === undefined || row.IsDeleted === true
            ? null
            : recordOf(basePathOf(request), object, row, fields)
        }),
      )
    }
    const body = bodyOf(request)
    const allOrNone = body.allOrNone === true
    const records = recordsOf(body)
    if (request.method === 'POST' && name === undefined) {
      return eachRow(request, allOrNone, records, (writer, record) => ({
        id: writer.create(typeOf(record), record),
      }))
    }
    if (request.method !== 'PATCH') throw problem(405)
    if (name !== undefined) {
      const object = org.model(name)
      const field = externalIdField(object, key ?? '')
      return eachRow(request, allOrNone, records, (writer, record) => {
        const { [field.name]: value, ...fields } = record
        return upsert(org, writer, object, field, value, fields)
      })
    }
    return eachRow(request, allOrNone, records, (writer, { id, Id, ...fields }) => {
      const key = id ?? Id
      if (typeof key !== 'string')
        throw new SalesforceRefusal('MISSING_ARGUMENT', 'Id not specified in an update call')
      writer.update(typeOf(fields), key, fields)
      return { id: key }
    })
  }
}
