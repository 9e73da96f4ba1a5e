/** Bytes that grow. */
export interface ByteWriter {
  byte(value: number): void
  bytes(value: Uint8Array): void
  varint(value: bigint | number): void
  double(value: number): void
  done(): Buffer
}

export function byteWriter(): ByteWriter {
  let buffer = Buffer.allocUnsafe(256)
  let size = 0

  const room = (more: number): void => {
    if (size + more <= buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(buffer.length * 2, size + more))
    buffer.copy(larger, 0, 0, size)
    buffer = larger
  }

  return {
    byte(value) {
      room(1)
      buffer[size++] = value
    },
    bytes(value) {
      room(value.length)
      buffer.set(value, size)
      size += value.length
    },
    varint(value) {
      room(10)
      let left = BigInt.asUintN(64, BigInt(value))
      while (left > 0x7fn) {
        buffer[size++] = Number(left & 0x7fn) | 0x80
        left >>= 7n
      }
      buffer[size++] = Number(left)
    },
    double(value) {
      room(8)
      size = buffer.writeDoubleLE(value, size)
    },
    done: () => buffer.subarray(0, size),
  }
}
