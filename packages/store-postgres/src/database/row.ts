import type { JsonObject } from '@andon/core/connector'

/** A row as the driver gives it: int8 comes as text. */
export type Row = Readonly<Record<string, unknown>>

/** The column holds what the store wrote: JSON of a typed value. */
export function bodyOf<T>(row: Row | undefined): T | undefined {
  return row === undefined ? undefined : (JSON.parse(String(row.body)) as T)
}

/** A value column holds the JSON of an object. */
export function jsonValueOf(row: Row | undefined): JsonObject | undefined {
  return row === undefined ? undefined : (JSON.parse(String(row.value)) as JsonObject)
}

/** A column that may be NULL. */
export const optionalNumber = (value: unknown): number | undefined =>
  value === null || value === undefined ? undefined : Number(value)
