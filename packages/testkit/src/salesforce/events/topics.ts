import type { CheckedSalesforceOptions } from '../options.js'
import type { Org } from '../org.js'
import { type ChangeSchema, changeSchemaOf } from './change-schema.js'

export interface Topic {
  readonly wants: (object: string) => boolean
  /** Of a topic of one object. */
  readonly schemaId: string
}

/** Which objects a topic tells of, and by which schema. */
export interface Topics {
  find(topic: string): Topic | undefined
  /** The schema of the object as it is now; undefined where it has no change data capture. */
  schemaOf(object: string): ChangeSchema | undefined
  /** Every schema that ever was, by its id. */
  schemaJson(id: string): string | undefined
}

export function createTopics(org: Org, { cdc, channels }: CheckedSalesforceOptions): Topics {
  const schemas = new Map<string, string>()
  const current = new Map<unknown, ChangeSchema>()

  const schemaOf = (object: string): ChangeSchema | undefined => {
    if (!cdc.includes(object)) return undefined
    const model = org.model(object)
    const known = current.get(model)
    if (known !== undefined) return known
    const schema = changeSchemaOf(model)
    current.set(model, schema)
    schemas.set(schema.id, schema.json)
    return schema
  }
  for (const object of cdc) schemaOf(object)
  // Of a custom object Part__c: Part__ChangeEvent.
  const topicOfObject = (object: string): string => `/data/${object.replace(/__c$/, '__')}ChangeEvent`

  return {
    find(topic) {
      if (topic === '/data/ChangeEvents' && cdc.length > 0) return { wants: () => true, schemaId: '' }
      const object = cdc.find((one) => topicOfObject(one) === topic)
      if (object !== undefined) {
        return { wants: (one) => one === object, schemaId: schemaOf(object)?.id ?? '' }
      }
      const members = channels[topic.replace(/^\/data\//, '')]
      if (members === undefined) return undefined
      return { wants: (one) => members.includes(one), schemaId: '' }
    },
    schemaOf,
    schemaJson: (id) => schemas.get(id),
  }
}
