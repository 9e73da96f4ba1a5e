import type { Batch, Health, Plugin } from './plugin.js'

export interface Message {
  readonly id: string
  /** Messages of one key keep their order. */
  readonly key: string
  readonly body: Uint8Array
  readonly headers?: Readonly<Record<string, string>>
  /**
   * 1 (first) to 9, as of actions. A bus that has priorities may let it overtake others, those of its own key included;
   * one that has none carries the message and leaves this out.
   */
  readonly priority?: number
}

export interface ConsumeOptions {
  readonly topic: string
  /** Consumers of one group share the messages; each group gets them all. */
  readonly group: string
  readonly signal: AbortSignal
}

/** Carries messages between stages: durable when `publish` resolves, at least once, ordered by key. */
export interface Bus extends Plugin {
  publish(topic: string, messages: readonly Message[]): Promise<void>
  consume(options: ConsumeOptions): AsyncIterable<Batch<Message>>
  check?(): Promise<Health>
}
