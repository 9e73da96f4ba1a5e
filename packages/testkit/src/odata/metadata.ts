import type { Field } from './field.js'
import type { EntitySet, Service } from './model.js'

const edmType = (field: Field, version: Service['version']): string => {
  switch (field.type) {
    case 'text':
      return Number.isFinite(field.length) ? `Edm.String" MaxLength="${field.length}` : 'Edm.String'
    case 'decimal':
      return `Edm.Decimal" Precision="${field.precision}" Scale="${field.scale}`
    case 'flag':
      return 'Edm.Boolean'
    case 'integer':
      return 'Edm.Int32'
    case 'day':
      return version === 2 ? 'Edm.DateTime' : 'Edm.Date'
    case 'instant':
      return 'Edm.DateTimeOffset'
    case 'time':
      return version === 2 ? 'Edm.Time' : 'Edm.TimeOfDay'
  }
}

const entityType = ({ type, key, fields }: EntitySet, version: Service['version']): string => {
  const keys = key.map((name) => `<PropertyRef Name="${name}"/>`).join('')
  const properties = Object.entries(fields).map(
    ([name, field]) => `<Property Name="${name}" Type="${edmType(field, version)}"/>`,
  )
  return `<EntityType Name="${type}"><Key>${keys}</Key>${properties.join('')}</EntityType>`
}

/** The service's `$metadata`: its types and sets, without annotations. */
export function metadataXml({ namespace, version, sets }: Service): string {
  const types = Object.values(sets).map((set) => entityType(set, version))
  const entitySets = Object.values(sets).map(
    ({ name, type }) => `<EntitySet Name="${name}" EntityType="${namespace}.${type}"/>`,
  )
  const schema = `<Schema Namespace="${namespace}">${types.join('')}<EntityContainer Name="Container">${entitySets.join('')}</EntityContainer></Schema>`
  return version === 2
    ? `<edmx:Edmx Version="1.0" xmlns:edmx="http://schemas.microsoft.com/ado/2007/06/edmx"><edmx:DataServices>${schema}</edmx:DataServices></edmx:Edmx>`
    : `<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>${schema}</edmx:DataServices></edmx:Edmx>`
}
