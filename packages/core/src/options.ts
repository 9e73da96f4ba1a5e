import type * as z from 'zod'
import { AndonError } from './errors/index.js'

/**
 * Checks what a user wrote, strictly, before any I/O. Never repeats a value: it may be a secret.
 *
 * @param owner what the options are of, e.g. `sqliteStore`
 * @throws AndonError OPTIONS_INVALID naming the option, e.g. `sqliteStore.path`
 */
export function parseOptions<S extends z.ZodType>(schema: S, options: unknown, owner: string): z.output<S> {
  const result = schema.safeParse(options)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const unknown = issue?.code === 'unrecognized_keys' ? issue.keys.slice(0, 1) : []
  const option = [owner, ...(issue?.path ?? []), ...unknown].map(String).join('.')
  throw new AndonError('OPTIONS_INVALID', { details: { option, problem: issue?.message ?? 'invalid' } })
}
