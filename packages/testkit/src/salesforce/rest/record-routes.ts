import { jsonAnswer, type SimulatorAnswer, type SimulatorRequest } from '../../simulator/exchange.js'
import { storedValue } from '../field-value.js'
import type { Field, ObjectModel } from '../model.js'
import type { Org, Writer } from '../org.js'
import type { Row } from '../records.js'
import { SalesforceRefusal } from '../refusal.js'
import { bodyOf, problem } from './answers.js'
import { describeOf, summaryOf } from './describe.js'
import { basePathOf, type RestContext } from './rest-context.js'

const noContent: SimulatorAnswer = { status: 204 }

/** The external-id field of a path. @throws SalesforceRefusal where it is none */
export function externalIdField(object: ObjectModel, name: string): Field {
  const found = [...object.fields.values()].find((one) => one.name.toLowerCase() === name.toLowerCase())
  if (found?.externalId !== true) {
    throw new SalesforceRefusal(
      'NOT_FOUND',
      `Provided external ID field does not exist or is not accessible: ${name}`,
      [],
      404,
    )
  }
  return found
}

/** Writes the row that has this external id, or creates it. */
export function upsert(
  org: Org,
  writer: Writer,
  object: ObjectModel,
  key: Field,
  value: unknown,
  fields: Readonly<Record<string, unknown>>,
): { readonly id: string; readonly created: boolean } {
  const stored = storedValue(key, value)
  if (stored === null) throw new SalesforceRefusal('MISSING_ARGUMENT', `${key.name} not specified`)
  const known = org.byExternalId(object.name, key.name, stored)
  if (known === undefined) {
    return { id: writer.create(object.name, { ...fields, [key.name]: stored }), created: true }
  }
  writer.update(object.name, String(known.Id), fields)
  return { id: String(known.Id), created: false }
}

/** A record as the single-record reads give it. */
export function recordOf(base: string, object: ObjectModel, row: Readonly<Row>, only?: readonly string[]) {
  const names =
    only === undefined ? [...object.fields.keys()] : ['Id', ...only.filter((name) => name !== 'Id')]
  const unknown = names.find((name) => !object.fields.has(name))
  if (unknown !== undefined) {
    throw new SalesforceRefusal(
      'INVALID_FIELD',
      `No such column '${unknown}' on sobject of type ${object.name}`,
    )
  }
  return {
    attributes: { type: object.name, url: `${base}/sobjects/${object.name}/${String(row.Id)}` },
    ...Object.fromEntries(names.map((name) => [name, row[name] ?? null])),
  }
}

/** `sobjects`: describe, one record by its id or by an external id. */
export function recordRoutes({ org, authorOf }: RestContext) {
  const shown = (
    request: SimulatorRequest,
    object: ObjectModel,
    row: Readonly<Row> | undefined,
  ): SimulatorAnswer => {
    if (row === undefined || row.IsDeleted === true) throw problem(404)
    const only = request.query.get('fields')?.split(',')
    return jsonAnswer(200, recordOf(basePathOf(request), object, row, only))
  }

  const byId = (request: SimulatorRequest, object: ObjectModel, id: string): SimulatorAnswer => {
    switch (request.method) {
      case 'GET':
        return shown(request, object, org.row(object.name, id))
      case 'PATCH':
        org.transaction(authorOf(request), (writer) => writer.update(object.name, id, bodyOf(request)))
        return noContent
      case 'DELETE':
        org.transaction(authorOf(request), (writer) => writer.delete(object.name, id))
        return noContent
      default:
        throw problem(405)
    }
  }

  const byKey = (
    request: SimulatorRequest,
    object: ObjectModel,
    name: string,
    value: string,
  ): SimulatorAnswer => {
    const key = externalIdField(object, name)
    const row = org.byExternalId(object.name, key.name, value)
    switch (request.method) {
      case 'GET':
        return shown(request, object, row)
      case 'PATCH': {
        const body = bodyOf(request)
        if (key.name in body) {
          throw new SalesforceRefusal(
            'INVALID_FIELD',
            `The ${key.name} field should not be specified in the sobject data.`,
          )
        }
        let done = { id: '', created: false }
        org.transaction(authorOf(request), (writer) => {
          done = upsert(org, writer, object, key, value, body)
        })
        return jsonAnswer(done.created ? 201 : 200, { ...done, success: true, errors: [] })
      }
      case 'DELETE':
        if (row === undefined) throw problem(404)
        org.transaction(authorOf(request), (writer) => writer.delete(object.name, String(row.Id)))
        return noContent
      default:
        throw problem(405)
    }
  }

  return (request: SimulatorRequest, path: readonly string[]): SimulatorAnswer => {
    const base = basePathOf(request)
    const [name, second, third, ...rest] = path
    if (rest.length > 0) throw problem(404)
    if (name === undefined) {
      return jsonAnswer(200, {
        encoding: 'UTF-8',
        sobjects: [...org.models].map((one) => summaryOf(one, base)),
      })
    }
    const object = org.model(name)
    if (second === undefined) {
      if (request.method === 'GET')
        return jsonAnswer(200, { objectDescribe: summaryOf(object, base), recentItems: [] })
      if (request.method !== 'POST') throw problem(405)
      let id = ''
      org.transaction(authorOf(request), (writer) => {
        id = writer.create(object.name, bodyOf(request))
      })
      return jsonAnswer(201, { id, success: true, errors: [] })
    }
    if (second === 'describe' && third === undefined) return jsonAnswer(200, describeOf(object, base))
    return third === undefined ? byId(request, object, second) : byKey(request, object, second, third)
  }
}
