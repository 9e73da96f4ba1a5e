import type { CloudEvent } from './cloud-event.js'
import type { Health, Plugin } from './plugin.js'

/**
 * Takes what happened out of Andon: signals and actions as CloudEvents, to a topic, a queue, a webhook.
 *
 * At least once: what was not confirmed is published again, with the same `source` and `id`.
 */
export interface Sink extends Plugin {
  /**
   * Durable at the other side when it resolves. Events of one `partitionkey` keep their order, within a call and from
   * call to call; Andon waits for one call before it makes the next. When it rejects, some may have arrived: all of them
   * come again.
   */
  publish(events: readonly CloudEvent[]): Promise<void>
  check?(): Promise<Health>
}
