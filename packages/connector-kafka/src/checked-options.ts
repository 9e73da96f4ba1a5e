import { AndonError } from '@andon/core/errors'
import type * as z from 'zod'

/**
 * Checks what a user wrote, before any I/O. Throws an AndonError OPTIONS_INVALID whose `details.option`
 * is the dotted name of the first option that is wrong. Never repeats the value: it may be a secret.
 */
export function checkedOptions<T>(schema: z.ZodType<T>, given: unknown): T {
  const result = schema.safeParse(given)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const unknownKey = issue?.code === 'unrecognized_keys' ? issue.keys[0] : undefined
  const path = [...(issue?.path ?? []), ...(unknownKey === undefined ? [] : [unknownKey])].map(String)
  throw new AndonError('OPTIONS_INVALID', {
    details: { option: path.join('.') || 'options', problem: issue?.message ?? 'not as expected' },
  })
}
