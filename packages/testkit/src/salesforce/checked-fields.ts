import { storedValue } from './field-value.js'
import type { Field, ObjectModel } from './model.js'
import type { SalesforceValue } from './record.js'
import type { Records, Row } from './records.js'
import { SalesforceRefusal } from './refusal.js'

const missing = (name: string): SalesforceRefusal =>
  new SalesforceRefusal('REQUIRED_FIELD_MISSING', `Required fields are missing: [${name}]`, [name])

function writable(object: ObjectModel, name: string, isNew: boolean): Field {
  const one = object.fields.get(name)
  if (one === undefined) {
    throw new SalesforceRefusal('INVALID_FIELD', `No such column '${name}' on sobject of type ${object.name}`)
  }
  if (isNew ? one.createable : one.updateable) return one
  throw new SalesforceRefusal(
    'INVALID_FIELD_FOR_INSERT_UPDATE',
    `Unable to create/update fields: ${name}. Please check the security settings of this field.`,
    [name],
  )
}

function refersTo(records: Pick<Records, 'row'>, one: Field, id: SalesforceValue): void {
  // An owner may be a queue, which is no object here.
  if (one.to === undefined || (one.to === 'User' && String(id).startsWith('00G'))) return
  const row = records.row(one.to, String(id))
  if (row !== undefined && row.IsDeleted !== true) return
  throw new SalesforceRefusal('INVALID_CROSS_REFERENCE_KEY', `invalid cross reference id: ${String(id)}`, [
    one.name,
  ])
}

/**
 * What is written to a record, checked and as it is stored.
 *
 * @param id of the record; undefined for a new one
 * @throws SalesforceRefusal as the API refuses it
 */
export function checkedFields(
  records: Pick<Records, 'row' | 'byExternalId'>,
  object: ObjectModel,
  given: Readonly<Record<string, unknown>>,
  id: string | undefined,
): Row {
  const values: Row = {}
  for (const [name, value] of Object.entries(given)) {
    if (name === 'attributes') continue
    const one = writable(object, name, id === undefined)
    const stored = storedValue(one, value)
    values[name] = stored
    if (stored === null) {
      if (one.required) throw missing(name)
      continue
    }
    refersTo(records, one, stored)
    const other = one.externalId ? records.byExternalId(object.name, name, stored) : undefined
    if (other !== undefined && other.Id !== id) {
      throw new SalesforceRefusal(
        'DUPLICATE_VALUE',
        `duplicate value found: ${name} duplicates value on record with id: ${String(other.Id)}`,
      )
    }
  }
  if (id === undefined) {
    for (const one of object.fields.values())
      if (one.required && !(one.name in values)) throw missing(one.name)
  }
  return values
}
