import type { JsonValue } from '@andon/core/connector'
import * as z from 'zod'

// OData V2 as SAP Gateway speaks it. Edm.Decimal and Edm.Int64 are texts in JSON and stay texts: see decimal.ts.

/** `'it''s'` */
export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`

/** `datetime'2026-11-26T00:00:00'`, for filters and function parameters. @param at epoch ms, taken as UTC */
export const dateTime = (at: number): string => `datetime'${new Date(at).toISOString().slice(0, 19)}'`

/** `datetimeoffset'2026-11-26T00:00:00.000Z'`, for filters. @param at epoch ms */
export const dateTimeOffset = (at: number): string => `datetimeoffset'${new Date(at).toISOString()}'`

/** `/Date(1764115200000)/`, as bodies have it. @param at epoch ms */
export const dateValue = (at: number): string => `/Date(${at})/`

/** Midnight UTC of the day (epoch ms): a date in SAP has no zone, and its Edm.DateTime is that midnight. */
export const dayOf = (at: number): number => Math.floor(at / 86_400_000) * 86_400_000

const dateForm = /^\/Date\((-?\d+)(?:[+-]\d{4})?\)\/$/

/** Epoch ms of `/Date(ms)/` or `/Date(ms+0000)/`: the offset only says how to show it. Undefined for anything else. */
export function dateOf(value: JsonValue | undefined): number | undefined {
  const ms = typeof value === 'string' ? dateForm.exec(value)?.[1] : undefined
  return ms === undefined ? undefined : Number(ms)
}

/** `PT06H00M00S` of seconds since midnight, 0 to 86,399. */
export function timeValue(seconds: number): string {
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0')
  return `PT${two(seconds / 3600)}H${two((seconds % 3600) / 60)}M${two(seconds % 60)}S`
}

const timeForm = /^PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)S)?$/

/** Seconds since midnight of an Edm.Time; undefined for anything else. */
export function timeOf(value: string): number | undefined {
  const parts = timeForm.exec(value)
  if (parts === null || value === 'PT') return undefined
  const [, hours = '0', minutes = '0', seconds = '0'] = parts
  return Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
}

/** `/Batch(Material='M-1',BatchIdentifyingPlant='',Batch='C-0042')`; a single key stands without its name. */
export function entityPath(set: string, key: Readonly<Record<string, string>> | string): string {
  const encoded = (value: string): string => encodeURIComponent(text(value)).replaceAll('%27', "'")
  if (typeof key === 'string') return `/${set}(${encoded(key)})`
  const parts = Object.entries(key).map(([name, value]) => `${name}=${encoded(value)}`)
  return `/${set}(${parts.join(',')})`
}

/** `{ d: entity }` */
export const single = z.object({ d: z.unknown() }).transform(({ d }) => d)

/** `{ d: { results, __next } }`; services older than V2 leave `results` out. */
export const collection = z
  .object({
    d: z.union([
      z.object({ results: z.array(z.unknown()), __next: z.string().optional() }),
      z.array(z.unknown()).transform((results) => ({ results, __next: undefined })),
    ]),
  })
  .transform(({ d }) => ({ items: d.results, next: d.__next }))

/** The ETag that stands in an entity. */
export const withMetadata = z.object({ __metadata: z.object({ etag: z.string().optional() }).optional() })
