import { setTimeout as sleep } from 'node:timers/promises'
import type { Health } from '@andon/core/connector'
import { problemOf } from '@andon/core/errors'
import { lookAt, withChannel } from './channels.js'
import type { RabbitLink } from './link.js'

/**
 * Asks the broker over each connection, connecting if need be.
 *
 * @param dead a queue of dead letters whose number is told; they are for a person to look at, and no illness
 */
export async function healthOf(
  links: readonly RabbitLink[],
  timeoutMs: number,
  dead?: string,
): Promise<Health> {
  const problems = await Promise.all(links.map((link) => problemWith(link, timeoutMs)))
  const problem = problems.find((one) => one !== undefined)
  if (problem !== undefined) return { ok: false, detail: problem }
  const [first] = links
  const letters =
    dead === undefined
      ? 0
      : await first
          ?.connection()
          .then((model) => countOf(model, dead))
          .catch(() => 0)
  return letters === undefined || letters === 0
    ? { ok: true }
    : { ok: true, detail: `${letters} dead letters wait in ${dead}` }
}

async function problemWith(link: RabbitLink, timeoutMs: number): Promise<string | undefined> {
  if (link.closed) return 'it is closed'
  // A connection whose other side has died may look well: opening a channel takes an answer.
  const asked = link
    .connection()
    .then((model) => withChannel(model, async () => undefined))
    .catch((error: unknown) => link.problem?.en ?? problemOf(error))
  const late = sleep(timeoutMs, undefined, { ref: false }).then(
    () => link.problem?.en ?? 'the broker does not answer',
  )
  return (await Promise.race([asked, late])) ?? link.problem?.en
}

const countOf = async (model: Parameters<typeof lookAt>[0], queue: string): Promise<number> =>
  (await lookAt(model, queue))?.messages ?? 0
