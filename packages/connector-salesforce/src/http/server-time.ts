import type { Clock } from '@andon/core/connector'

/**
 * What time it is at Salesforce. Change events and records are stamped by its clock, so what is compared with them must
 * not hang on ours, which may be wrong by minutes. Every answer says in `Date` which second it was.
 */
export class ServerTime {
  /** How far its clock is ahead of ours at least (ms); undefined before the first answer. */
  #ahead: number | undefined

  /** @param header `Date` of an answer that came just now */
  read(header: string | undefined, clock: Clock): void {
    const at = Date.parse(header ?? '')
    if (!Number.isNaN(at)) this.#ahead = at - clock.now()
  }

  /** Epoch ms: it is at least so late there, and at most a second later. Before the first answer our own clock's. */
  now(clock: Clock): number {
    return clock.now() + (this.#ahead ?? 0)
  }
}
