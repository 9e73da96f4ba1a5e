import { createHash } from 'node:crypto'
import type { Field, ObjectModel } from '../model.js'

export const changeTypes = [
  ...['CREATE', 'UPDATE', 'DELETE', 'UNDELETE', 'GAP_CREATE', 'GAP_UPDATE', 'GAP_DELETE', 'GAP_UNDELETE'],
  ...['GAP_OVERFLOW', 'SNAPSHOT'],
]

const strings = { type: 'array', items: 'string' }
const headerFields = [
  { name: 'entityName', type: 'string' },
  { name: 'recordIds', type: strings },
  { name: 'changeType', type: { type: 'enum', name: 'ChangeType', symbols: changeTypes } },
  { name: 'changeOrigin', type: 'string' },
  { name: 'transactionKey', type: 'string' },
  { name: 'sequenceNumber', type: 'int' },
  { name: 'commitTimestamp', type: 'long' },
  { name: 'commitNumber', type: 'long' },
  { name: 'commitUser', type: 'string' },
  { name: 'nulledFields', type: strings },
  { name: 'diffFields', type: strings },
  { name: 'changedFields', type: strings },
]

/** How a value of the field stands in an event. */
export function avroTypeOf({ type }: Field): 'string' | 'boolean' | 'double' | 'int' | 'long' {
  switch (type) {
    case 'boolean':
    case 'double':
    case 'int':
      return type
    case 'date':
    case 'datetime':
      return 'long'
    default:
      return 'string'
  }
}

export interface ChangeSchema {
  readonly id: string
  readonly json: string
  /** After the header, in order. */
  readonly fields: readonly Field[]
}

/** The Avro schema of the change events of an object: the header, then each field or null. */
export function changeSchemaOf(object: ObjectModel): ChangeSchema {
  const fields = [...object.fields.values()].filter(({ silent }) => !silent)
  const json = JSON.stringify({
    type: 'record',
    name: `${object.name}ChangeEvent`,
    namespace: 'com.sforce.eventbus',
    fields: [
      {
        name: 'ChangeEventHeader',
        type: { type: 'record', name: 'ChangeEventHeader', fields: headerFields },
      },
      ...fields.map((one) => ({ name: one.name, type: ['null', avroTypeOf(one)], default: null })),
    ],
  })
  return { id: createHash('md5').update(json).digest('base64url'), json, fields }
}
