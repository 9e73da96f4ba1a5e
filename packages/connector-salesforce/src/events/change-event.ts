import avsc, { type Schema, type types } from 'avsc'
import * as z from 'zod'
import type { Row, RowValue } from '../rest/rows.js'
import { exactLong } from './avro-long.js'
import { fieldsOf } from './bitmap.js'

const texts = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? [])

const headerSchema = z.object({
  entityName: z.string(),
  recordIds: texts,
  changeType: z.string(),
  changeOrigin: z.string().nullish(),
  transactionKey: z.string().nullish(),
  sequenceNumber: z.number().nullish(),
  commitTimestamp: z.bigint(),
  commitNumber: z.bigint(),
  commitUser: z.string().nullish(),
  nulledFields: texts,
  diffFields: texts,
  changedFields: texts,
})

/** One change event, read. */
export interface ChangeEvent {
  readonly entity: string
  /** Several where one transaction did the same to many; may be a wildcard such as `500*`. */
  readonly recordIds: readonly string[]
  /** CREATE, UPDATE, DELETE, UNDELETE, and each with GAP_ before it; GAP_OVERFLOW. */
  readonly type: string
  readonly origin: string
  readonly transaction: string
  readonly sequence: number
  /** Epoch ms. */
  readonly committedAt: number
  /** Above 2^53, so it is a text. */
  readonly commitNumber: string
  readonly user: string | undefined
  /** What the event says of the record's fields; only these changed. */
  readonly changed: Row
  /** Changed, but the event has only the difference. */
  readonly unsaid: readonly string[]
  /** The fields that an event of this schema can tell of. */
  readonly known: ReadonlySet<string>
}

/** Whether an event says only of which records something changed. */
export const isGap = ({ type }: ChangeEvent): boolean => type.startsWith('GAP_')

/** Whether an event tells of more than it can name. */
export const isOverflow = ({ type, recordIds }: ChangeEvent): boolean =>
  type === 'GAP_OVERFLOW' || recordIds.length === 0 || recordIds.some((id) => id.includes('*'))

const headerField = 'ChangeEventHeader'

const schemaSchema = z.custom<Schema & object>(
  (value) => typeof value === 'object' && value !== null && Reflect.get(value, 'type') === 'record',
  'not a record',
)

/** avsc makes a class of each record, so it is no plain object. */
const recordSchema = z.custom<Readonly<Record<string, unknown>>>(
  (value) => typeof value === 'object' && value !== null,
  'no record',
)

/** Reads the events of one schema. */
export type EventReader = (payload: Uint8Array) => ChangeEvent

/**
 * @param schemaJson Avro, as `GetSchema` gives it
 * @throws Error when it is no schema of change events
 */
export function eventReader(schemaJson: string): EventReader {
  const schema = schemaSchema.parse(JSON.parse(schemaJson))
  // Whether avsc can use it, avsc says.
  const type = avsc.Type.forSchema(schema, { registry: { long: exactLong } })
  if (!(type instanceof avsc.types.RecordType)) throw new Error('the schema is no record')
  const known = new Set(type.fields.map(({ name }) => name))
  return (payload) => {
    const bytes = Buffer.from(payload.buffer, payload.byteOffset, payload.byteLength)
    const value: unknown = type.fromBuffer(bytes)
    const event = recordSchema.parse(value)
    const header = headerSchema.parse(event[headerField])
    return {
      entity: header.entityName,
      recordIds: header.recordIds,
      type: header.changeType,
      origin: header.changeOrigin ?? '',
      transaction: header.transactionKey ?? '',
      sequence: header.sequenceNumber ?? 0,
      committedAt: Number(header.commitTimestamp),
      commitNumber: String(header.commitNumber),
      user: header.commitUser ?? undefined,
      changed: changedIn(event, header, type),
      unsaid: fieldsOf(header.diffFields, type),
      known,
    }
  }
}

/** Of a record that is new or back everything that is not empty; of another what the bitmaps name, also what became empty. */
function changedIn(
  event: Readonly<Record<string, unknown>>,
  { changeType, changedFields, nulledFields, diffFields }: z.output<typeof headerSchema>,
  type: types.RecordType,
): Row {
  const changed: { [field: string]: RowValue } = {}
  // These have a difference where the value would stand: it is read with the record.
  const unsaid = new Set(fieldsOf(diffFields, type))
  const take = (path: string): void => {
    // A part of a compound field changes the whole of it.
    const name = path.split('.')[0] ?? path
    if (name !== headerField && !unsaid.has(name)) changed[name] = plain(event[name])
  }
  if (changeType === 'CREATE' || changeType === 'UNDELETE') {
    for (const { name } of type.fields) if (event[name] !== null) take(name)
  } else {
    for (const path of fieldsOf([...changedFields, ...nulledFields], type)) take(path)
  }
  return changed
}

/** 64-bit numbers as numbers where they are exact, else as text; instants stay epoch ms. */
function plain(value: unknown): RowValue {
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : String(value)
  }
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null
  return Object.fromEntries(Object.entries(value).map(([field, inner]) => [field, plain(inner)]))
}
