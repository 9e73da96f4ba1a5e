import type * as z from 'zod'
import { AndonError } from './errors/index.js'

/**
 * Checks what a user wrote, strictly, before any I/O.
 *
 * @throws AndonError OPTIONS_INVALID naming the option, e.g. `sqliteStore.path`.
 */
export function parseOptions<S extends z.ZodType>(schema: S, options: unknown, owner: string): z.output<S> {
  const result = schema.safeParse(options)
  if (result.success) return result.data
  const issue = result.error.issues[0]
  const path =
    issue?.code === 'unrecognized_keys' ? [...issue.path, ...issue.keys.slice(0, 1)] : (issue?.path ?? [])
  const option = [owner, ...path].join('.')
  throw new AndonError('OPTIONS_INVALID', { details: { option, problem: issue?.message ?? 'invalid' } })
}
