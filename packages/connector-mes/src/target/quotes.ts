import type { Quote } from '@andon/core/connector'
import type { MesSchemas } from '../contract/operations.js'

type Told = MesSchemas['Quote']

/** The customers' words as the contract has them: everything that came with them, and nothing shortened. */
export function quotesOf(quotes: readonly Quote[]): readonly Told[] {
  return quotes.map(({ conditions, evidence, productModel, serialNumber, ...quote }) => ({
    ...{ feedbackId: quote.feedbackId, channel: quote.channel, at: quote.at },
    ...{ language: quote.language, text: quote.text },
    conditions: conditions.map(({ quantity, text, unit, min, max }) => ({
      ...{ quantity, text, ...(unit !== undefined && { unit }) },
      ...(min !== undefined && { min }),
      ...(max !== undefined && { max }),
    })),
    ...(evidence !== undefined && { evidence: evidence.map(evidenceOf) }),
    ...(productModel !== undefined && { productModel }),
    ...(serialNumber !== undefined && { serialNumber }),
  }))
}

type Evidence = NonNullable<Quote['evidence']>[number]

const evidenceOf = ({ uri, mime, sha256, derivedText }: Evidence): MesSchemas['Evidence'] => ({
  ...{ uri, mime, ...(sha256 !== undefined && { sha256 }) },
  ...(derivedText !== undefined && { derivedText }),
})
