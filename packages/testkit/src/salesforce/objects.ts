import { AndonError } from '@andon/core/errors'
import { customField, type Field, field, lookup, type ObjectModel, withSystemFields } from './model.js'
import type { CheckedSalesforceOptions } from './options.js'
import { closedObjects, standardObjects } from './standard-objects.js'

const invalid = (option: string, problem: string): AndonError =>
  new AndonError('OPTIONS_INVALID', { details: { option, problem } })

/** The objects of the org: the standard ones, changed as the options say, and the custom ones. */
export function objectsOf({
  fields,
  hidden,
  picklists,
  cdc,
}: CheckedSalesforceOptions): Map<string, ObjectModel> {
  const objects = new Map<string, ObjectModel>()
  for (const [name, { prefix, fields: own }] of Object.entries(standardObjects)) {
    const custom = Object.entries(fields[name] ?? {})
    if (custom.length > 0 && closedObjects.includes(name)) {
      throw invalid(`fields.${name}`, 'this object cannot have custom fields')
    }
    const values = picklists[name] ?? {}
    const seen = own
      .filter((one) => hidden[name]?.includes(one.name) !== true)
      .map((one): Field => withValues(one, values[one.name]))
    objects.set(name, {
      ...{ name, prefix, custom: false },
      fields: withSystemFields(
        seen,
        custom.map(([of, given]) => customField(of, given)),
      ),
    })
  }
  let count = 0
  for (const [name, custom] of Object.entries(fields)) {
    if (objects.has(name)) continue
    if (!name.endsWith('__c'))
      throw invalid(`fields.${name}`, 'neither a standard object nor a name ending in __c')
    objects.set(name, {
      ...{ name, prefix: `a${String(count++).padStart(2, '0')}`, custom: true },
      fields: withSystemFields(
        [field('Name', 'string', { length: 80 }), lookup('OwnerId', 'User')],
        Object.entries(custom).map(([of, given]) => customField(of, given)),
      ),
    })
  }
  for (const name of cdc) {
    if (!objects.has(name) || closedObjects.includes(name)) {
      throw invalid('cdc', `${name} has no change data capture`)
    }
  }
  return objects
}

function withValues(one: Field, values: readonly string[] | undefined): Field {
  if (values === undefined) return one
  const [first = null] = values
  const { defaultValue } = one
  const keeps = typeof defaultValue !== 'string' || values.includes(defaultValue)
  return { ...one, values, defaultValue: keeps ? defaultValue : first }
}

/** The same object with one more field. */
export function withField(object: ObjectModel, more: Field): ObjectModel {
  const fields = [...object.fields.values()]
  const system = (one: Field): boolean => !one.custom
  const own = fields.filter(system)
  const custom = [...fields.filter((one) => one.custom), more].sort((one, other) =>
    one.name < other.name ? -1 : 1,
  )
  return { ...object, fields: new Map([...own, ...custom].map((one) => [one.name, one])) }
}
