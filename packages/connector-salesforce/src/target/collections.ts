import * as z from 'zod'
import { problemsIn, type SalesforceProblem } from '../http/salesforce-error.js'
import type { CallMeans } from '../http/salesforce-http.js'
import type { Rest } from '../rest/rest.js'

/** A collection takes so many rows. */
export const mostRows = 200

/** Rows of one object that are written in one sub-request. */
export interface Collection {
  readonly method: 'POST' | 'PATCH'
  /** Below `/composite/sobjects`: empty, or `/Object/External_Id__c` of an upsert. */
  readonly below: string
  readonly rows: readonly CollectionRow[]
}

export interface CollectionRow {
  readonly object: string
  readonly fields: Readonly<Record<string, string | boolean>>
}

export type RowResult =
  | { readonly ok: true; readonly id: string; readonly created: boolean }
  | { readonly ok: false; readonly problem: SalesforceProblem }

const rowSchema = z.object({
  id: z.string().nullish(),
  success: z.boolean(),
  created: z.boolean().optional(),
  errors: z.unknown(),
})
const compositeSchema = z.object({
  compositeResponse: z.array(
    z.object({ httpStatusCode: z.number(), referenceId: z.string(), body: z.unknown() }),
  ),
})

/**
 * Writes collections in one request, each row for itself: a row that fails leaves the others.
 *
 * @returns by collection and row, in order
 * @throws AndonError where the request as a whole failed; whether anything was written is then unknown unless it was refused
 */
export async function writeCollections(
  rest: Rest,
  collections: readonly Collection[],
  means: CallMeans,
): Promise<readonly (readonly RowResult[])[]> {
  const compositeRequest = collections.map(({ method, below, rows }, index) => ({
    method,
    url: `${rest.root}/composite/sobjects${below}`,
    referenceId: `rows${index}`,
    body: {
      allOrNone: false,
      records: rows.map(({ object, fields }) => ({ attributes: { type: object }, ...fields })),
    },
  }))
  const body = { allOrNone: false, compositeRequest }
  const reply = await rest.call({ method: 'POST', path: '/composite', body }, means)
  const answers = rest.read(compositeSchema, reply).compositeResponse
  return collections.map(({ rows }, index) => {
    const answer = answers.find(({ referenceId }) => referenceId === `rows${index}`)
    const results = z.array(rowSchema).safeParse(answer?.body).data
    if (results?.length === rows.length) return results.map(resultOf)
    const [problem = nothingSaid] = problemsIn(answer?.body)
    return rows.map(() => ({ ok: false, problem }))
  })
}

const nothingSaid: SalesforceProblem = {
  code: 'UNKNOWN_EXCEPTION',
  text: 'no answer for the row',
  fields: [],
}

function resultOf({ id, success, created, errors }: z.output<typeof rowSchema>): RowResult {
  if (success) return { ok: true, id: id ?? '', created: created ?? false }
  const [problem = nothingSaid] = problemsIn(errors)
  return { ok: false, problem }
}
