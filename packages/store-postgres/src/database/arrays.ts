/**
 * Arrays as PostgreSQL's binary format has them (src/backend/utils/adt/arrayfuncs.c, array_recv): a header, then each
 * element with its length before it. Made once here, they are neither escaped on this side nor parsed on the other.
 */
const oids = { bytea: 17, int8: 20, text: 25, float8: 701, int4: 23, uuid: 2950 } as const

const headerBytes = 20
const lengthBytes = 4
const absent = -1

function header(oid: number, count: number, size: number, hasNull: boolean): Buffer<ArrayBuffer> {
  const buffer = Buffer.allocUnsafe(size)
  buffer.writeInt32BE(count === 0 ? 0 : 1, 0)
  buffer.writeInt32BE(hasNull ? 1 : 0, 4)
  buffer.writeInt32BE(oid, 8)
  // Without a dimension the array is empty, and the header ends here.
  if (count > 0) {
    buffer.writeInt32BE(count, 12)
    buffer.writeInt32BE(1, 16)
  }
  return buffer
}

const emptyBytes = 12

function fixed<T>(
  oid: number,
  width: number,
  values: readonly (T | undefined)[],
  write: (buffer: Buffer, value: T, at: number) => void,
): Buffer {
  if (values.length === 0) return header(oid, 0, emptyBytes, false)
  let missing = 0
  for (const value of values) if (value === undefined) missing++
  const size = headerBytes + values.length * (lengthBytes + width) - missing * width
  const buffer = header(oid, values.length, size, missing > 0)
  let at = headerBytes
  for (const value of values) {
    buffer.writeInt32BE(value === undefined ? absent : width, at)
    at += lengthBytes
    if (value === undefined) continue
    write(buffer, value, at)
    at += width
  }
  return buffer
}

export const int4Array = (values: readonly (number | undefined)[]): Buffer =>
  fixed(oids.int4, 4, values, (buffer, value, at) => buffer.writeInt32BE(value, at))

/** Of numbers up to 2^53; what a clock says beyond the millisecond is left out. */
export const int8Array = (values: readonly (number | undefined)[]): Buffer =>
  fixed(oids.int8, 8, values, (buffer, value, at) => buffer.writeBigInt64BE(BigInt(Math.floor(value)), at))

export const float8Array = (values: readonly (number | undefined)[]): Buffer =>
  fixed(oids.float8, 8, values, (buffer, value, at) => buffer.writeDoubleBE(value, at))

/** Of 16 bytes each. */
export const uuidArray = (values: readonly Uint8Array[]): Buffer =>
  fixed(oids.uuid, 16, values, (buffer, value, at) => buffer.set(value, at))

function varied(oid: number, values: readonly (Uint8Array | undefined)[]): Buffer {
  if (values.length === 0) return header(oid, 0, emptyBytes, false)
  let size = headerBytes
  let hasNull = false
  for (const value of values) {
    size += lengthBytes + (value?.length ?? 0)
    hasNull ||= value === undefined
  }
  const buffer = header(oid, values.length, size, hasNull)
  let at = headerBytes
  for (const value of values) {
    buffer.writeInt32BE(value?.length ?? absent, at)
    at += lengthBytes
    if (value === undefined) continue
    buffer.set(value, at)
    at += value.length
  }
  return buffer
}

export const byteaArray = (values: readonly (Uint8Array | undefined)[]): Buffer => varied(oids.bytea, values)

export const textArray = (values: readonly (string | undefined)[]): Buffer =>
  varied(
    oids.text,
    values.map((value) => (value === undefined ? undefined : Buffer.from(storable(value)))),
  )

/**
 * PostgreSQL's text holds every character but U+0000, and UTF-8 no half of one: in their place stands what says that
 * something cannot be shown.
 */
export const storable = (text: string): string =>
  (text.includes('\0') ? text.replaceAll('\0', '\uFFFD') : text).toWellFormed()
