import * as z from 'zod'
import type { Action } from '../../action/action.js'
import type { Bus, Message } from '../../connector/bus.js'
import type { Clock } from '../../connector/clock.js'
import type { Store } from '../../connector/store.js'
import { AndonError, problemOf } from '../../errors/index.js'
import { pause } from '../pause.js'

export interface CommandLinkOptions {
  readonly bus: Bus
  readonly store: Store
  readonly clock: Clock
  /** Actions that another worker has proposed or moved on, as they stand now. */
  readonly received: (actions: readonly Action[]) => void
  readonly failed: (error: AndonError) => void
}

/** The queue of a target's actions. */
export const commandTopic = (target: string): string => `actions.${target}`

const commandSchema = z.object({ id: z.string() })
const longestPause = 30_000
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
    const { bus, failed } = this.#options
    for (const [target, ofTarget] of Map.groupBy(actions, (action) => action.target)) {
      bus.publish(commandTopic(target), ofTarget.map(commandOf)).catch((cause: unknown) => {
        failed(new AndonError('BUS_FAILED', { details: { bus: bus.name, problem: problemOf(cause) }, cause }))
      })
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

  async #receive(target: string, signal: AbortSignal): Promise<void> {
    const { bus, store, clock, received, failed } = this.#options
    for (let failures = 0; !signal.aborted; ) {
      try {
        for await (const batch of bus.consume({ topic: commandTopic(target), group: consumers, signal })) {
          const ids = new Set(batch.items.flatMap(idOf))
          const found = await Promise.all([...ids].map((id) => store.actions.get(id)))
          received(found.filter((action) => action !== undefined))
          await batch.commit()
          failures = 0
        }
      } catch (cause) {
        if (signal.aborted) return
        failed(new AndonError('BUS_FAILED', { details: { bus: bus.name, problem: problemOf(cause) }, cause }))
        await pause(clock, Math.min(longestPause, 500 * 2 ** failures++), signal)
      }
    }
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
