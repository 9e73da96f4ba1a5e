import * as z from 'zod'

// OData V4 as the RAP services speak it. Dates are ISO texts.

/** With it Edm.Decimal and Edm.Int64 are texts in JSON, so they never become floats: OData JSON 4.01, 3.2. */
export const mediaType = 'application/json;IEEE754Compatible=true'

/** `'it''s'` */
export const text = (value: string): string => `'${value.replaceAll("'", "''")}'`

/** `{ value: [], '@odata.nextLink' }` */
export const collection = z
  .object({ value: z.array(z.unknown()), '@odata.nextLink': z.string().optional() })
  .transform(({ value, '@odata.nextLink': next }) => ({ items: value, next }))
