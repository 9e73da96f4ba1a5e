import * as z from 'zod'

/** The customer's words as the plant keeps them: whatever else came with the text stays with it. */
export interface PlantQuote {
  readonly text: string
  readonly [name: string]: unknown
}

const isQuote = (value: unknown): value is PlantQuote =>
  typeof value === 'object' && value !== null && 'text' in value && typeof value.text === 'string'

const areQuotes = (value: unknown): value is PlantQuote[] => Array.isArray(value) && value.every(isQuote)

/** Kept as they came: a schema of objects would copy each of them, twice for a request. */
export const quotesSchema = z.custom<PlantQuote[]>(areQuotes, 'not quotes').default([])

export function quotesIn(body: unknown): readonly PlantQuote[] {
  return typeof body === 'object' && body !== null && 'quotes' in body && areQuotes(body.quotes)
    ? body.quotes
    : []
}
