import { AndonError } from '@andon/core/errors'
import type * as z from 'zod'

/**
 * Checks what a user wrote, strictly, before any I/O. Never repeats a value: it may be a secret.
 *
 * @throws AndonError OPTIONS_INVALID naming the option, e.g. `s4hana.url`
 */
export function checkedOptions<S extends z.ZodType>(schema: S, options: unknown, owner: string): z.output<S> {
  const result = schema.safeParse(options)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  const option = [owner, ...(issue?.path ?? []), ...unknown].map(String).join('.')
  throw new AndonError('OPTIONS_INVALID', { details: { option, problem: issue?.message ?? 'not valid' } })
}
