import { setTimeout as sleep } from 'node:timers/promises'
import type { Health } from '@andon/core/connector'
import { problemOf } from '@andon/core/errors'
import { lookAt } from './channels.js'
import type { RabbitLink } from './link.js'

/**
 * Connects if need be, and says what stands in the way.
 *
 * @param dead a queue of dead letters whose number is told; they are for a person to look at, and no illness
 */
export async function healthOf(
  links: readonly RabbitLink[],
  timeoutMs: number,
  dead?: string,
): Promise<Health> {
  for (const link of links) {
    if (link.closed) return { ok: false, detail: 'it is closed' }
    const problem = await problemWith(link, timeoutMs)
    if (problem !== undefined) return { ok: false, detail: problem }
  }
  const [first] = links
  const letters =
    dead === undefined
      ? undefined
      : await first
          ?.connection()
          .then((model) => lookAt(model, dead))
          .catch(() => undefined)
  return letters === undefined || letters.messages === 0
    ? { ok: true }
    : { ok: true, detail: `${letters.messages} dead letters wait in ${dead}` }
}

async function problemWith(link: RabbitLink, timeoutMs: number): Promise<string | undefined> {
  const tried = link.connection().then(
    () => undefined,
    (error: unknown) => problemOf(error),
  )
  const late = sleep(timeoutMs, undefined, { ref: false }).then(
    () => link.problem ?? 'the broker does not answer',
  )
  return (await Promise.race([tried, late])) ?? link.problem
}
