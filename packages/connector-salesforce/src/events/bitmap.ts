import avsc, { type types } from 'avsc'

/** A record of an Avro schema, whatever union it stands in. */
function recordIn(type: unknown): types.RecordType | undefined {
  if (type instanceof avsc.types.RecordType) return type
  if (type instanceof avsc.types.UnwrappedUnionType || type instanceof avsc.types.WrappedUnionType) {
    return type.types.map(recordIn).find((record) => record !== undefined)
  }
  return undefined
}

/** The set bits of a hex number, the lowest bit first: bit n is field n of the schema. */
function bitsOf(hex: string): readonly number[] {
  if (!/^0x[0-9a-f]+$/i.test(hex)) return []
  let number = BigInt(hex)
  const bits: number[] = []
  for (let bit = 0; number > 0n; bit += 1, number >>= 1n) if ((number & 1n) === 1n) bits.push(bit)
  return bits
}

/**
 * The fields that the bitmaps of a change event name: `0x…` over the fields of the event, `5-0x…` over those of the
 * compound field at position 5 (`Name.FirstName`). Bits beyond the schema are left out.
 */
export function fieldsOf(bitmaps: readonly string[], schema: types.RecordType): readonly string[] {
  const fields: string[] = []
  for (const bitmap of bitmaps) {
    const dash = bitmap.indexOf('-')
    const parent = dash < 0 ? undefined : schema.fields[Number(bitmap.slice(0, dash))]
    const record = dash < 0 ? schema : recordIn(parent?.type)
    if (record === undefined) continue
    for (const bit of bitsOf(bitmap.slice(dash + 1))) {
      const field = record.fields[bit]
      if (field !== undefined) fields.push(parent === undefined ? field.name : `${parent.name}.${field.name}`)
    }
  }
  return fields
}
