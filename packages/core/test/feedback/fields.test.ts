import { describe, expect, it } from 'vitest'
import { feedbackFields, feedbackJsonSchema } from '../../src/feedback/fields.js'
import { feedbackSchema } from '../../src/feedback/schema.js'

const jsonSchema = (): { properties: Record<string, Record<string, unknown>>; required: string[] } =>
  JSON.parse(JSON.stringify(feedbackJsonSchema()))

describe('the field descriptors', () => {
  it('are the 28 keys of the schema, in its order', () => {
    expect(feedbackFields).toHaveLength(28)
    expect(feedbackFields.map(({ name }) => name)).toEqual(Object.keys(feedbackSchema.shape))
  })

  it('are required exactly where the schema requires', () => {
    const required = feedbackFields.filter((field) => field.required).map(({ name }) => name)
    expect(required).toEqual(jsonSchema().required)
  })

  it('have a snake_case column each, all different', () => {
    const columns = feedbackFields.map(({ column }) => column)
    expect(new Set(columns).size).toBe(28)
    expect(columns.every((column) => /^[a-z]+(_[a-z]+)*$/.test(column))).toBe(true)
    expect(columns).toContain('last_occurrence_time')
  })

  it('list exactly the members that the schema has', () => {
    const { properties } = jsonSchema()
    for (const { name, type, members } of feedbackFields) {
      if (type !== 'object' && type !== 'array') continue
      const schema = properties[name]
      const inside = JSON.parse(JSON.stringify(type === 'array' ? schema?.items : schema))
      expect(members?.map((member) => member.name)).toEqual(Object.keys(inside.properties))
      expect(members?.filter(({ required }) => required).map((member) => member.name)).toEqual(
        inside.required,
      )
    }
  })

  it('list exactly the values that the schema allows', () => {
    const { properties } = jsonSchema()
    for (const { name, values } of feedbackFields) expect(values).toEqual(properties[name]?.enum)
  })

  it('name the member that stands for the whole', () => {
    const faultCode = feedbackFields.find(({ name }) => name === 'faultCode')
    expect(faultCode?.scalar).toBe('code')
    for (const { scalar, members } of feedbackFields)
      if (scalar !== undefined) expect(members?.map(({ name }) => name)).toContain(scalar)
  })

  it('have titles and descriptions in both languages', () => {
    for (const { title, description } of feedbackFields) {
      expect(title.en).toMatch(/^[A-Z]/)
      expect(title.zh).toMatch(/\p{Script=Han}/u)
      expect(description.en).toMatch(/\.$/)
      expect(description.zh).toMatch(/\p{Script=Han}.*。$/u)
    }
  })
})

describe('the JSON Schema', () => {
  it('is 2020-12, closed, with a title for every field', () => {
    const schema = feedbackJsonSchema()
    expect(schema.$schema).toBe('https://json-schema.org/draft/2020-12/schema')
    expect(schema.additionalProperties).toBe(false)
    const titles = Object.values(jsonSchema().properties).map(({ title }) => title)
    expect(titles).toEqual(feedbackFields.map(({ title }) => title.en))
  })

  it('is a new object on every call, so that a caller may change it', () => {
    Object.assign(feedbackJsonSchema(), { properties: {} })
    expect(Object.keys(jsonSchema().properties)).toHaveLength(28)
  })
})
