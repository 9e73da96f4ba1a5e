import * as z from 'zod'

// How one value is made from a row. Every form is data, so that a mapping can be read, checked and shared safely.

const column = z.string().min(1).max(200)

const fromColumn = z.strictObject({
  column,
  /** How the cell is read; text when absent. */
  as: z.enum(['text', 'number', 'boolean']).optional(),
})

/** True when the number in the cell is above this one: `{"column": "injuries", "above": 0}`. */
const fromThreshold = z.strictObject({ column, above: z.number() })

const fromLookup = z.strictObject({
  /** The name of a table in `lookups`. */
  lookup: z.string().min(1),
  /** A template whose text is the key: `{model}/{model_year}`. */
  key: z.string().min(1),
  /** For keys that the table does not have; the value is left out when absent. */
  default: z.union([z.string(), z.number(), z.boolean()]).optional(),
})

/**
 * A text is a template (`{odi_number}/{component}`; `{{` is a brace), a number or truth value is itself,
 * an object reads a column or looks a value up in a table.
 */
export const valueSchema = z.union([
  z.string().max(10_000),
  z.number(),
  z.boolean(),
  fromColumn,
  fromThreshold,
  fromLookup,
])
export type ValueSpec = z.infer<typeof valueSchema>

/** A cell that holds a list. */
export const splitSchema = z.strictObject({
  column,
  separator: z.string().min(1).max(10),
  /** A separator before this text does not separate: names such as `FUEL SYSTEM, GASOLINE` stay whole. */
  unlessBefore: z.string().min(1).max(10).optional(),
  /** The name under which values refer to one element, as if it were a column. */
  as: column,
})
export type SplitSpec = z.infer<typeof splitSchema>

/** A list field: one object for each element of the cell. */
export const listOf = <M extends z.ZodRawShape>(members: M) =>
  z.strictObject({ split: splitSchema, each: z.strictObject(members) })
