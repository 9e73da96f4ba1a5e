import * as z from 'zod'

/**
 * B2MML-JSON writes a value plainly, or as an object with the value under `$` and its attributes under `@…`. (The Business To
 * Manufacturing Markup Language-JSON, B2MML-JSON, is used courtesy of MESA International.)
 */
const plain = z.union([z.string(), z.number(), z.boolean()])
const attributed = z.looseObject({ $: plain })

/** Any of the two, read as text. */
export const valueText = z
  .union([plain, attributed])
  .transform((value) => String(typeof value === 'object' ? value.$ : value))

/** A number, however it is written. */
export const valueNumber = valueText.transform((text, context) => {
  const value = Number(text)
  if (text.trim() !== '' && Number.isFinite(value)) return value
  context.addIssue('is not a number')
  return z.NEVER
})

/** Texts in several languages: the one of `language`, and otherwise the first. */
const description = z.union([
  plain.transform((value) => ({ text: String(value), language: undefined })),
  z
    .looseObject({ $: plain, '@languageID': z.string().optional() })
    .transform(({ $, '@languageID': language }) => ({ text: String($), language })),
])

export const descriptions = z.union([z.array(description), description.transform((one) => [one])])

export function inLanguage(
  texts: z.output<typeof descriptions>,
  language: string | undefined,
): string | undefined {
  const fits = texts.find((one) => language !== undefined && one.language?.startsWith(language) === true)
  return (fits ?? texts[0])?.text
}

/** What a document could not be read for. */
export class B2mmlError extends Error {
  override readonly name = 'B2mmlError'

  /** @param path where it stands, e.g. `MaterialLot.0.Disposition` */
  constructor(
    readonly path: string,
    problem: string,
  ) {
    super(`${path}: ${problem}`)
  }
}

export function read<T>(schema: z.ZodType<T>, document: unknown): T {
  const result = schema.safeParse(document)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  throw new B2mmlError(issue?.path.map(String).join('.') || 'document', issue?.message ?? 'not as expected')
}

/** The head that every B2MML transaction has. */
export interface TransactionHead {
  /** When it is sent, RFC 3339. */
  readonly at: string
  /** Of the message; the action id is a good one: who gets it twice knows it. */
  readonly id: string
  /** Who sends; default `andon`. */
  readonly sender?: string
}

/** V0701 of the schemas; attributes are written with `@`. */
export const envelope = ({ at, id, sender = 'andon' }: TransactionHead): object => ({
  '@releaseID': 'V0701',
  ApplicationArea: { Sender: { LogicalID: sender }, CreationDateTime: at, BODID: id },
})
