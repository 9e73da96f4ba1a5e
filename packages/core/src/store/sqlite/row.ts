import type { JsonObject } from '../../json.js'

type Row = Record<string, unknown>

/** A body column holds what the store wrote: JSON of a typed value. */
export function bodyOf<T>(row: Row | undefined): T | undefined {
  return row === undefined ? undefined : (JSON.parse(String(row.body)) as T)
}

/** A value column holds the JSON of an object. */
export function jsonValueOf(row: Row | undefined): JsonObject | undefined {
  return row === undefined ? undefined : (JSON.parse(String(row.value)) as JsonObject)
}
