import type { CustomField, FieldType } from './options.js'

/** A field as `describe` tells it. */
export interface Field {
  readonly name: string
  readonly label: string
  readonly type: FieldType | 'id'
  /** Of texts, in characters; of a comment's body in bytes. */
  readonly length: number
  readonly bytes: boolean
  readonly values: readonly string[] | undefined
  readonly createable: boolean
  readonly updateable: boolean
  readonly filterable: boolean
  readonly required: boolean
  readonly externalId: boolean
  readonly custom: boolean
  /** Not told by change data capture: computed, or kept from it. */
  readonly silent: boolean
  readonly defaultValue: string | boolean | number | null
  readonly to: string | undefined
  readonly relationship: string | undefined
}

export interface ObjectModel {
  readonly name: string
  readonly prefix: string
  readonly custom: boolean
  /** In the order that events have them. */
  readonly fields: ReadonlyMap<string, Field>
}

type Given = Partial<Omit<Field, 'name' | 'type'>>

const textTypes: readonly string[] = ['string', 'textarea', 'picklist', 'email', 'phone', 'url']
const defaultLengths: Partial<Record<Field['type'], number>> = {
  ...{ id: 18, reference: 18, string: 255, textarea: 255, picklist: 255, email: 80, phone: 40, url: 255 },
}

export const isText = ({ type }: Field): boolean => textTypes.includes(type)

export function field(name: string, type: Field['type'], given: Given = {}): Field {
  const length = given.length ?? defaultLengths[type] ?? 0
  return {
    ...{ name, type, label: name.replace(/__c$/, '').replaceAll('_', ' ') },
    ...{ bytes: false, values: undefined, createable: true, updateable: true, required: false },
    ...{ externalId: false, custom: false, silent: false, defaultValue: type === 'boolean' ? false : null },
    ...{ to: undefined, relationship: undefined, filterable: !(type === 'textarea' && length > 255) },
    ...given,
    length,
  }
}

/** A field that only the org itself writes. */
export const kept = (name: string, type: Field['type'], given: Given = {}): Field =>
  field(name, type, { createable: false, updateable: false, ...given })

export const lookup = (name: string, to: string, given: Given = {}): Field =>
  field(name, 'reference', { to, relationship: name.replace(/Id$/, ''), ...given })

export function customField(
  name: string,
  { type, length, values, externalId, required, to }: CustomField,
): Field {
  return field(name, type, {
    ...{ custom: true, externalId, required },
    ...(length === undefined ? (type === 'textarea' ? { length: 32_768 } : {}) : { length }),
    ...(values === undefined ? {} : { values }),
    ...(to === undefined ? {} : { to, relationship: name.replace(/__c$/, '__r') }),
  })
}

/** The fields that every object has, around its own. */
export const withSystemFields = (
  own: readonly Field[],
  custom: readonly Field[],
): ReadonlyMap<string, Field> =>
  new Map(
    [
      kept('Id', 'id', { silent: true }),
      kept('IsDeleted', 'boolean', { silent: true }),
      ...own,
      kept('CreatedDate', 'datetime'),
      kept('CreatedById', 'reference', { to: 'User', relationship: 'CreatedBy' }),
      kept('LastModifiedDate', 'datetime'),
      kept('LastModifiedById', 'reference', { to: 'User', relationship: 'LastModifiedBy' }),
      kept('SystemModstamp', 'datetime', { silent: true }),
      // A new one comes between the others, so that their places change.
      ...[...custom].sort((one, other) => (one.name < other.name ? -1 : 1)),
    ].map((one) => [one.name, one]),
  )
