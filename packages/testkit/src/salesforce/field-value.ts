import { id18 } from './ids.js'
import { epochOf, instantText, isDate } from './instants.js'
import { type Field, isText } from './model.js'
import type { SalesforceValue } from './record.js'
import { SalesforceRefusal } from './refusal.js'

const misread = (kind: string, value: unknown): SalesforceRefusal =>
  new SalesforceRefusal(
    'JSON_PARSER_ERROR',
    `Cannot deserialize instance of ${kind} from value ${JSON.stringify(value)}`,
  )

/** What is stored for what was written to a field. @throws SalesforceRefusal as the API refuses it */
export function storedValue(of: Field, value: unknown): SalesforceValue {
  if (value === null || value === undefined) return null
  if (isText(of)) return storedText(of, value)
  switch (of.type) {
    case 'boolean':
      if (typeof value !== 'boolean') throw misread('boolean', value)
      return value
    case 'double':
    case 'int':
      if (typeof value !== 'number' || !Number.isFinite(value)) throw misread(of.type, value)
      if (of.type === 'int' && !Number.isInteger(value)) throw misread('int', value)
      return value
    case 'date':
      if (typeof value !== 'string' || !isDate(value)) throw misread('date', value)
      return value
    case 'datetime': {
      const epoch = typeof value === 'string' ? epochOf(value) : Number.NaN
      if (Number.isNaN(epoch)) throw misread('datetime', value)
      return instantText(epoch)
    }
    default: {
      const id = typeof value === 'string' ? id18(value) : undefined
      if (id === undefined) {
        throw new SalesforceRefusal('MALFORMED_ID', `${of.label}: id value of incorrect type: ${value}`, [
          of.name,
        ])
      }
      return id
    }
  }
}

/** Blanks around a text are not kept, and an empty one is none. */
function storedText(of: Field, value: unknown): SalesforceValue {
  if (typeof value !== 'string') throw misread('string', value)
  const text = of.type === 'textarea' ? value.trimEnd() : value.trim()
  if (text === '') return null
  const size = of.bytes ? Buffer.byteLength(text) : [...text].length
  if (size > of.length) {
    throw new SalesforceRefusal(
      'STRING_TOO_LONG',
      `${of.label}: data value too large: ${text.slice(0, 40)}… (max length=${of.length})`,
      [of.name],
    )
  }
  if (of.values !== undefined && !of.values.includes(text)) {
    throw new SalesforceRefusal(
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      `${of.label}: bad value for restricted picklist field: ${text}`,
      [of.name],
    )
  }
  if (of.type === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text)) {
    throw new SalesforceRefusal('INVALID_EMAIL_ADDRESS', `${of.label}: invalid email address: ${text}`, [
      of.name,
    ])
  }
  return text
}
