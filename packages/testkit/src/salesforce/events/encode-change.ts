import { epochOf } from '../instants.js'
import type { Field } from '../model.js'
import type { SalesforceValue } from '../record.js'
import { byteWriter } from './byte-writer.js'
import { avroTypeOf, type ChangeSchema, changeTypes } from './change-schema.js'

export interface ChangeHeader {
  readonly entityName: string
  readonly recordIds: readonly string[]
  readonly changeType: string
  readonly changeOrigin: string
  readonly transactionKey: string
  readonly sequenceNumber: number
  readonly commitTimestamp: number
  readonly commitNumber: bigint
  readonly commitUser: string
  /** Names; they go out as bitmaps over the schema's fields. */
  readonly nulledFields: readonly string[]
  readonly diffFields: readonly string[]
  readonly changedFields: readonly string[]
}

/** The payload of an event: Avro's binary encoding, which has neither names nor types of its own. */
export function encodeChange(
  { fields }: ChangeSchema,
  header: ChangeHeader,
  values: Readonly<Record<string, SalesforceValue>>,
): Buffer {
  const out = byteWriter()
  // Numbers are zigzag varints.
  const long = (value: bigint | number): void => {
    const wide = BigInt(value)
    out.varint((wide << 1n) ^ (wide >> 63n))
  }
  const text = (value: string): void => {
    const bytes = Buffer.from(value, 'utf8')
    long(bytes.length)
    out.bytes(bytes)
  }
  const texts = (all: readonly string[]): void => {
    if (all.length > 0) {
      long(all.length)
      for (const one of all) text(one)
    }
    long(0)
  }
  const value = (of: Field, given: SalesforceValue): void => {
    if (given === null) {
      long(0)
      return
    }
    long(1)
    switch (avroTypeOf(of)) {
      case 'string':
        text(String(given))
        return
      case 'boolean':
        out.byte(given === true ? 1 : 0)
        return
      case 'double':
        out.double(Number(given))
        return
      case 'int':
        long(Number(given))
        return
      case 'long':
        long(of.type === 'date' ? Date.parse(String(given)) : epochOf(String(given)))
    }
  }
  const bitmap = (names: readonly string[]): void => texts(bitmapOf(fields, names))

  text(header.entityName)
  texts(header.recordIds)
  long(changeTypes.indexOf(header.changeType))
  text(header.changeOrigin)
  text(header.transactionKey)
  long(header.sequenceNumber)
  long(header.commitTimestamp)
  long(header.commitNumber)
  text(header.commitUser)
  bitmap(header.nulledFields)
  bitmap(header.diffFields)
  bitmap(header.changedFields)
  for (const one of fields) value(one, values[one.name] ?? null)
  return out.done()
}

/** `['0x…']` with the bit of each named field set, the header being bit 0; empty where none is named. */
function bitmapOf(fields: readonly Field[], names: readonly string[]): readonly string[] {
  if (names.length === 0) return []
  let bits = 0n
  for (const [at, { name }] of fields.entries()) {
    if (names.includes(name)) bits |= 1n << BigInt(at + 1)
  }
  const digits = bits.toString(16).toUpperCase()
  return [`0x${digits.padStart(digits.length + (digits.length % 2), '0')}`]
}
