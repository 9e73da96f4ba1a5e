import { type JsonValue, parseOptions } from '@andon/core/connector'
import type { Type } from 'avsc'
import * as z from 'zod'
import type { SchemaRegistry } from './schema-registry.js'
import type { DecodedValue, ValueCodec } from './value-codec.js'

export interface AvroCodecOptions {
  readonly registry: SchemaRegistry
  /** What is written: the schema and the subject it is kept under. Needed to encode only. */
  readonly write?: { readonly subject: string; readonly schema: string }
}

const optionsSchema = z.strictObject({
  registry: z.custom<SchemaRegistry>((value) => typeof value === 'object' && value !== null, 'a registry'),
  write: z.strictObject({ subject: z.string().min(1), schema: z.string().min(1) }).optional(),
})

/** A zero, the schema's number in four bytes, and then the value. */
const headLength = 5

/**
 * Values are Avro, each after the number of its schema in a registry, as Confluent's serializers write them. A schema
 * is asked for once. A value whose schema nobody knows is never a crash: it is quarantined.
 *
 * @throws AndonError OPTIONS_INVALID naming the option
 */
export function avroCodec(options: AvroCodecOptions): ValueCodec {
  const { registry, write } = parseOptions(optionsSchema, options, 'avroCodec')
  const types = new Map<number, Type>()
  const asked = new Map<number, Promise<Type>>()
  let writing: Promise<{ readonly id: number; readonly type: Type }> | undefined

  const load = async (id: number): Promise<Type> => {
    const schema = await registry.schema(id)
    if (schema === undefined) throw new Error(`the registry has no schema ${id}`)
    const type = await typeOf(schema)
    types.set(id, type)
    return type
  }
  const typeFor = (id: number): Promise<Type> => {
    const loading = asked.get(id) ?? load(id)
    asked.set(id, loading)
    // Asked again for the next value: a schema may be registered later, and a registry be back.
    loading.finally(() => asked.delete(id)).catch(() => undefined)
    return loading
  }
  const open = async (): Promise<{ readonly id: number; readonly type: Type }> => {
    if (write === undefined) throw new Error('avroCodec.write is not set, so nothing can be written')
    return { id: await registry.register(write.subject, write.schema), type: await typeOf(write.schema) }
  }

  return {
    contentType: 'application/avro',
    decode(value) {
      const bytes = Buffer.from(value.buffer, value.byteOffset, value.byteLength)
      if (bytes.length < headLength || bytes[0] !== 0)
        throw new Error('no Avro value with the number of its schema')
      const id = bytes.readUInt32BE(1)
      const type = types.get(id)
      return type === undefined
        ? typeFor(id).then((loaded) => read(loaded, id, bytes))
        : read(type, id, bytes)
    },
    async encode(value) {
      writing ??= open()
      writing.catch(() => {
        writing = undefined
      })
      const { id, type } = await writing
      const head = Buffer.alloc(headLength)
      head.writeUInt32BE(id, 1)
      return Buffer.concat([head, type.toBuffer(value)])
    },
  }
}

function read(type: Type, id: number, bytes: Buffer): DecodedValue {
  const value: JsonValue = type.fromBuffer(bytes.subarray(headLength))
  return { text: JSON.stringify(value), schema: String(id) }
}

/** The library is loaded with the first schema: whoever has none needs none. */
async function typeOf(schema: string): Promise<Type> {
  const { default: avro } = await import('avsc')
  return avro.Type.forSchema(JSON.parse(schema))
}
