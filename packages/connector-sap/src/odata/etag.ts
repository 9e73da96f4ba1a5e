import type { AndonError } from '@andon/core/errors'
import { unavailable } from '../http/failures.js'
import type { Changed, Tagged } from './v2-service.js'

/** So often somebody else may be quicker before it is given up, to be tried again later. */
const mostRounds = 4

interface Change<T> {
  /** Of the target: errors name it. */
  readonly name: string
  readonly first: Tagged<T>
  /** Decided anew for each state that is found: false when there is nothing left to write. May throw a refusal. */
  readonly decide: (state: T) => boolean | Promise<boolean>
  readonly write: (etag: string) => Promise<Changed<T>>
  /** How it stands, where a write that others were quicker than does not tell. */
  readonly read: () => Promise<Tagged<T>>
}

/**
 * Changes an entity that others change, too: decide, write with If-Match, and where somebody was quicker decide again
 * on what stands there now. The answer is how it stands at the end.
 *
 * @throws AndonError TARGET_UNAVAILABLE when others were quicker every time
 */
export async function changeByEtag<T>({ name, first, decide, write, read }: Change<T>): Promise<T> {
  let current = first
  for (let round = 1; round <= mostRounds; round += 1) {
    if (!(await decide(current.entity))) return current.entity
    const { etag } = current
    if (etag === undefined) throw withoutEtag(name)
    const changed = await write(etag)
    if (changed.outcome === 'done') return changed.now.entity
    current = changed.now ?? (await read())
  }
  throw unavailable(
    name,
    {
      en: `it was changed by others ${mostRounds} times in between`,
      zh: `期间被其他人更改了 ${mostRounds} 次`,
    },
    new Error('HTTP 412'),
  )
}

const withoutEtag = (name: string): AndonError =>
  unavailable(
    name,
    {
      en: 'the entity came without an ETag, so it cannot be changed safely',
      zh: '实体没有 ETag，无法安全更改',
    },
    new TypeError('no etag'),
  )
