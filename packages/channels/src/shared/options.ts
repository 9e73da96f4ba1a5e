import { AndonError } from '@andon/core/errors'
import * as z from 'zod'

/** Local times of platforms that name no zone; China Standard Time unless told. */
export const zoneSchema = z
  .string()
  .regex(/^(?:Z|[+-]\d{2}:?\d{2})$/, 'not an offset such as +08:00')
  .default('+08:00')

/**
 * Checks what a user wrote, strictly.
 * @throws AndonError OPTIONS_INVALID naming the option
 */
export function checkOptions<S extends z.ZodType>(schema: S, options: unknown, name: string): z.output<S> {
  const result = schema.safeParse(options ?? {})
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const option = [name, ...(issue?.path ?? [])].map(String).join('.')
  throw new AndonError('OPTIONS_INVALID', { details: { option, problem: issue?.message ?? 'unreadable' } })
}
