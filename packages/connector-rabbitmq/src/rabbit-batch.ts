import type { Batch, Message } from '@andon/core/connector'

export interface RetryRequest {
  /** How long it is put off at least (ms); the next longer of `retryDelaysMs` is taken, or the longest. */
  readonly delayMs: number
  /** Stands in the message's header `andon-reason`. */
  readonly reason: string
}

/** A batch whose messages can be settled one by one. `commit` settles what is left. */
export interface RabbitBatch extends Batch<Message> {
  /**
   * Brings messages again later, with the header `andon-attempt` counted up from 2. They lose their place: later
   * messages of the same key overtake them. Durable when it resolves.
   */
  retryLater(messages: readonly Message[], request: RetryRequest): Promise<void>
  /** Gives messages up: they stay in the queue of dead letters with the reason. Durable when it resolves. */
  deadLetter(messages: readonly Message[], reason: string): Promise<void>
}
