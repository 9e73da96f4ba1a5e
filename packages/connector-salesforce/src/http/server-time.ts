import type { Clock } from '@andon/core/connector'

/** Something happened then, as far as one knows (epoch ms, Salesforce's clock). */
export interface Moment {
  /** Not before. */
  readonly from: number
  /** Not after. */
  readonly by: number
}

/** `Date` is of whole seconds. */
const secondMs = 1_000
/** How far the clocks of Salesforce's own servers may be apart (ms). */
const apartMs = 1_000

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

  /** Does work there, and says when it was done. */
  async timed<T>(clock: Clock, work: () => Promise<T>): Promise<{ readonly done: T; readonly at: Moment }> {
    const from = this.now(clock) - apartMs
    const done = await work()
    return { done, at: { from, by: this.now(clock) + secondMs + apartMs } }
  }
}
