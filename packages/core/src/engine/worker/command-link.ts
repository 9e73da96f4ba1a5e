import * as z from 'zod'
import type { Action } from '../../action/action.js'
import type { Bus, Message } from '../../connector/bus.js'
import type { Clock } from '../../connector/clock.js'
import type { Store } from '../../connector/store.js'
import type { AndonError } from '../../errors/index.js'
import { busFailure, persist } from './persist.js'
import { topicPart } from './topic-part.js'

export interface CommandLinkOptions {
  readonly bus: Bus
  readonly store: Store
  readonly clock: Clock
  /** Actions that another worker has proposed or moved on, as they stand now. */
  readonly received: (actions: readonly Action[]) => void
  readonly failed: (error: AndonError) => void
}

/** The queue of a target's actions. */
export const commandTopic = (target: string): string => `actions.${topicPart(target)}`

const commandSchema = z.object({ id: z.string() })
const consumers = 'andon.actuation'

/**
 * Tells the worker that speaks to a target which actions there are for it. The outbox in the store has them anyway: a
 * command that is lost costs seconds, one that comes twice nothing.
 */
export class CommandLink {
  readonly #options: CommandLinkOptions
  readonly #stops = new Map<string, AbortController>()
  readonly #listening = new Set<Promise<void>>()

  constructor(options: CommandLinkOptions) {
    this.#options = options
  }

  send(actions: readonly Action[]): void {
    for (const [target, ofTarget] of Map.groupBy(actions, (action) => action.target)) {
      void this.#publish(target, ofTarget)
    }
  }

  listen(target: string): void {
    if (this.#stops.has(target)) return
    const stop = new AbortController()
    this.#stops.set(target, stop)
    const listening = this.#receive(target, stop.signal).finally(() => this.#listening.delete(listening))
    this.#listening.add(listening)
  }

  leave(target: string): void {
    this.#stops.get(target)?.abort()
    this.#stops.delete(target)
  }

  async close(): Promise<void> {
    for (const target of [...this.#stops.keys()]) this.leave(target)
    await Promise.all(this.#listening)
  }

  /** Nobody waits for it: what does not arrive is found in the outbox. */
  async #publish(target: string, actions: readonly Action[]): Promise<void> {
    const { bus, failed } = this.#options
    try {
      await bus.publish(commandTopic(target), actions.map(commandOf))
    } catch (cause) {
      failed(busFailure(bus.name, cause))
    }
  }

  #receive(target: string, signal: AbortSignal): Promise<void> {
    const { bus, store, clock, received, failed } = this.#options
    return persist({ clock, bus: bus.name, signal, failed }, async (went) => {
      for await (const batch of bus.consume({ topic: commandTopic(target), group: consumers, signal })) {
        const ids = new Set(batch.items.flatMap(idOf))
        const found = await Promise.all([...ids].map((id) => store.actions.get(id)))
        received(found.filter((action) => action !== undefined))
        await batch.commit()
        went()
      }
    })
  }
}

function commandOf({ id, target, priority, updatedAt }: Action): Message {
  return {
    // One message for each change of an action.
    id: `${id}@${updatedAt}`,
    key: id,
    body: Buffer.from(JSON.stringify({ id, target, priority })),
    headers: { 'content-type': 'application/json' },
    priority,
  }
}

/** What is no command tells nothing, and stands in nobody's way: the outbox has the actions. */
function idOf({ body }: Message): readonly string[] {
  try {
    const text = Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('utf8')
    const command = commandSchema.safeParse(JSON.parse(text))
    return command.success ? [command.data.id] : []
  } catch {
    return []
  }
}
