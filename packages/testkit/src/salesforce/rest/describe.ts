import type { Field, ObjectModel } from '../model.js'

const soapTypes: Partial<Record<Field['type'], string>> = {
  ...{ id: 'tns:ID', reference: 'tns:ID', boolean: 'xsd:boolean', double: 'xsd:double', int: 'xsd:int' },
  ...{ date: 'xsd:date', datetime: 'xsd:dateTime' },
}

/** A field as `describe` shows it, those of its properties that a client reads. */
const fieldOf = (one: Field) => ({
  name: one.name,
  label: one.label,
  type: one.type,
  soapType: soapTypes[one.type] ?? 'xsd:string',
  length: one.length,
  byteLength: one.bytes ? one.length : one.length * 3,
  nillable: !one.required,
  createable: one.createable,
  updateable: one.updateable,
  filterable: one.filterable,
  sortable: one.filterable,
  custom: one.custom,
  calculated: false,
  externalId: one.externalId,
  idLookup: one.externalId || one.type === 'id',
  unique: one.externalId,
  defaultedOnCreate: one.defaultValue !== null,
  defaultValue: one.defaultValue,
  restrictedPicklist: one.values !== undefined,
  picklistValues: (one.values ?? []).map((value) => ({
    ...{ value, label: value, active: true },
    defaultValue: value === one.defaultValue,
    validFor: null,
  })),
  referenceTo: one.to === undefined ? [] : [one.to],
  relationshipName: one.relationship ?? null,
})

export const summaryOf = ({ name, prefix, custom }: ObjectModel, base: string) => ({
  ...{ name, label: name, keyPrefix: prefix, custom },
  ...{ queryable: true, retrieveable: true, createable: true, updateable: true, deletable: true },
  urls: { sobject: `${base}/sobjects/${name}`, describe: `${base}/sobjects/${name}/describe` },
})

export const describeOf = (object: ObjectModel, base: string) => ({
  ...summaryOf(object, base),
  fields: [...object.fields.values()].map(fieldOf),
})
